import { Duration } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import { OperationsStream } from './operations-table.ts';
import type { ServiceFunction } from './service-function.ts';

/** New event items: they carry the KPI contributions, and the ids of the alerts they raise. */
const newEvent = { eventName: ['INSERT'], dynamodb: { Keys: { SK: { S: [{ prefix: 'EV#' }] } } } };
/** Ticket heads, new and changed: the rows of the lists. */
const ticketHead = { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { SK: { S: ['T'] } } } };
const newEventWithAlert = {
  ...newEvent,
  dynamodb: { ...newEvent.dynamodb, NewImage: { alertId: { S: [{ exists: true }] } } },
};
/** Comes each minute and does nothing but come through, so that silence means that a reader is not called. */
const heartbeat = { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { PK: { S: ['SYS#heartbeat'] } } } };

/**
 * The two readers of the operations stream. In order, from the oldest record on; a failing batch is halved until the bad record
 * stands alone, and a record given up lies with its payload in a bucket, to be looked at and replayed.
 */
export class StreamSources extends Construct {
  private readonly stream: OperationsStream;
  readonly failedRecords: Bucket;
  private readonly key: DataKeyGrants;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.stream = new OperationsStream(this, context);
    this.key = new DataKeyGrants(this, context);
    this.failedRecords = new Bucket(this, 'FailedRecords', {
      encryption: BucketEncryption.KMS,
      encryptionKey: Key.fromKeyArn(this, 'DataKey', this.key.keyArn),
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(90) }],
      removalPolicy: context.removalPolicy,
    });
  }

  /**
   * KPI facts and lists can wait: half a day of retries outlasts an outage, and the stream keeps a day. They gather for a second,
   * so that a busy desk pays for an invocation a second and not for one a change.
   */
  feedKpis(target: ServiceFunction<'stream-kpis'>): void {
    this.feed('Kpis', target, {
      patterns: [newEvent, ticketHead, heartbeat],
      batchSize: 100,
      retryAttempts: 100,
      maxRecordAge: Duration.hours(12),
      gather: Duration.seconds(1),
    });
  }

  /**
   * Alerts cannot wait: after an hour the due index has long taken over, and the next alert must not queue behind.
   *
   * A reader takes the alerts of its batch one after the other. Each takes four calls of some 5 ms and 3.5 ms of a processor, of
   * which 512 MB have 0.29: 33 ms (`npm run bench -- --only burst`). A new on-demand table has four shards, so 10,000 deadlines
   * in one minute take 80 s by one reader a shard, and 20 s by four, for which the stage prod reserves concurrency. Events of
   * one ticket stay in order: the readers of a shard share it by partition key
   * (https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-eventsourcemapping.html).
   */
  feedAlerts(target: ServiceFunction<'stream-alerts'>): void {
    this.feed('Alerts', target, {
      patterns: [newEventWithAlert, heartbeat],
      batchSize: 10,
      retryAttempts: 10,
      maxRecordAge: Duration.hours(1),
      parallelizationFactor: 4,
    });
  }

  private feed(
    id: string,
    target: ServiceFunction,
    source: {
      patterns: readonly object[];
      batchSize: number;
      retryAttempts: number;
      maxRecordAge: Duration;
      /** Readers a shard; left out: one. */
      parallelizationFactor?: number;
      /** Left out: records are handed over at once. */
      gather?: Duration;
    },
  ): void {
    const { patterns, gather, ...limits } = source;
    this.stream.grantRead(target);
    this.grantKeepFailed(target);
    new EventSourceMapping(this, id, {
      target: target.live,
      eventSourceArn: this.stream.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: patterns.map((pattern) => ({ pattern: JSON.stringify(pattern) })),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      onFailure: { bind: () => ({ destination: this.failedRecords.bucketArn }) },
      supportS3OnFailureDestination: true,
      ...(gather === undefined ? {} : { maxBatchingWindow: gather }),
      ...limits,
    });
  }

  /** https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html */
  private grantKeepFailed(target: ServiceFunction): void {
    target.allow({ actions: ['s3:ListBucket'], resources: [this.failedRecords.bucketArn] });
    target.allow({ actions: ['s3:PutObject'], resources: [this.failedRecords.arnForObjects('*')] });
    this.key.grantUseThrough(target, 's3');
  }
}
