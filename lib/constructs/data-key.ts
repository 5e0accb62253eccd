import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import type { ServiceFunction } from './service-function.ts';

/** The customer-managed key under which everything that names people lies: tables, stream, alert topic, failed records. */
export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: `cloud-service-desk ${context.config.stage}: tickets, alerts and what derives from them`,
      enableKeyRotation: true,
      removalPolicy: context.removalPolicy,
    });
    context.parameters.publish(this, 'data-key-arn', this.key.keyArn);
  }

  /** For roles of AWS Backup, which use the key for copies and for tables, and hand both on to DynamoDB by grants. */
  usedByBackup(actions: string[]): readonly PolicyStatement[] {
    const { region } = Stack.of(this);
    const resources = [this.key.keyArn];
    const services = ['backup', 'dynamodb'].map((service) => `${service}.${region}.amazonaws.com`);
    return [
      new PolicyStatement({ actions, resources, conditions: { StringEquals: { 'kms:ViaService': services } } }),
      new PolicyStatement({
        actions: ['kms:CreateGrant'],
        resources,
        conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      }),
    ];
  }
}

/**
 * Use of the data key by a function, always through one service and never directly: the key cannot be used to decrypt
 * anything that a function got hold of otherwise (https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service).
 */
export class DataKeyGrants {
  readonly keyArn: string;
  private readonly region: string;

  constructor(scope: Construct, context: StageContext) {
    this.keyArn = context.parameters.read(scope, 'data-key-arn');
    this.region = Stack.of(scope).region;
  }

  grantUseThrough(target: ServiceFunction, service: 'dynamodb' | 'sns' | 's3'): void {
    target.allow({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [this.keyArn],
      conditions: this.through(service),
    });
  }

  /**
   * For whoever has DynamoDB make a table under the key: it uses the key in the caller's name first, and by a grant from then on
   * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html).
   */
  grantEncryptTables(target: ServiceFunction): void {
    for (const permission of this.tableEncryption()) target.allow(permission);
  }

  /** The same for people. */
  tableEncryptionStatements(): readonly PolicyStatement[] {
    return this.tableEncryption().map((permission) => new PolicyStatement(permission));
  }

  private tableEncryption() {
    const actions = ['Decrypt', 'DescribeKey', 'Encrypt', 'GenerateDataKey', 'ReEncryptFrom', 'ReEncryptTo'];
    const { StringEquals } = this.through('dynamodb');
    const resources = [this.keyArn];
    return [
      { actions: actions.map((action) => `kms:${action}`), resources, conditions: { StringEquals } },
      {
        actions: ['kms:CreateGrant'],
        resources,
        conditions: { StringEquals, Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ];
  }

  /** For people, who read and write nothing new. */
  decryptionThrough(service: 's3' | 'dynamodb'): PolicyStatement {
    return new PolicyStatement({
      actions: ['kms:Decrypt'],
      resources: [this.keyArn],
      conditions: this.through(service),
    });
  }

  private through(service: string) {
    return { StringEquals: { 'kms:ViaService': `${service}.${this.region}.amazonaws.com` } };
  }
}
