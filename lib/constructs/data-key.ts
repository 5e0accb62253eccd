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

  /** For people, who read and write nothing new. */
  decryptionThrough(service: 's3'): PolicyStatement {
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
