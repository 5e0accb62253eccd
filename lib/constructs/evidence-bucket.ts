import { Arn, ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import type { StageContext } from '../stage-context.ts';
import type { ServiceFunction } from './service-function.ts';

const retentionOf = ({ mode, days }: StageConfig['evidenceRetention']): ObjectLockRetention =>
  mode === 'compliance'
    ? ObjectLockRetention.compliance(Duration.days(days))
    : ObjectLockRetention.governance(Duration.days(days));

/**
 * What an auditor is shown: digests of history, and what drills of its backups came to. Every object is locked from the moment it is written, for as long as the stage
 * says; in compliance mode not even the account's root can shorten that
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html). So it stays when its stack is removed, in every
 * stage: CloudFormation could not empty it. It names nobody, and must be readable when the data key has gone: S3's own key.
 */
export class EvidenceBucket extends Construct {
  constructor(scope: Construct, id: string, { config, parameters }: StageContext) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: retentionOf(config.evidenceRetention),
      removalPolicy: RemovalPolicy.RETAIN,
    });
    parameters.publish(this, 'evidence-bucket-name', bucket.bucketName);
  }
}

export class EvidenceGrants {
  readonly bucketName: string;
  private readonly scope: Construct;

  constructor(scope: Construct, { parameters }: StageContext) {
    this.scope = scope;
    this.bucketName = parameters.read(scope, 'evidence-bucket-name');
  }

  /** Keeps digests, and reads one again that an earlier run has kept. Never removes one, and cannot shorten a lock. */
  grantKeepDigests(target: ServiceFunction): void {
    this.allow(target, ['PutObject', 'GetObject'], ['digests']);
  }

  /** Keeps reports of drills, and the manifests that copies are measured by; the newest of these is found by the bucket's list. */
  grantKeepDrills(target: ServiceFunction): void {
    this.allow(target, ['PutObject', 'GetObject'], ['drills', 'manifests']);
    const bucket = { service: 's3', region: '', account: '', resource: this.bucketName } as const;
    target.allow({ actions: ['s3:ListBucket'], resources: [Arn.format(bucket, Stack.of(this.scope))] });
  }

  /** Shows reports of drills. */
  grantReadDrills(target: ServiceFunction): void {
    this.allow(target, ['GetObject'], ['drills']);
  }

  private allow(target: ServiceFunction, actions: readonly string[], folders: readonly string[]): void {
    const resource = this.bucketName;
    const arn = { service: 's3', region: '', account: '', arnFormat: ArnFormat.SLASH_RESOURCE_NAME } as const;
    target.allow({
      actions: actions.map((action) => `s3:${action}`),
      resources: folders.map((folder) =>
        Arn.format({ ...arn, resource, resourceName: `${folder}/*` }, Stack.of(this.scope)),
      ),
    });
  }
}
