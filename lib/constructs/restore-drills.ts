import { Duration, Stack } from 'aws-cdk-lib';
import { type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { BackupGrants } from './backups.ts';
import { DataKeyGrants } from './data-key.ts';
import type { DueTimers } from './due-timers.ts';
import { DrillEnvironment } from './drill-environment.ts';
import { EvidenceGrants } from './evidence-bucket.ts';
import { every, FunctionSchedule } from './function-schedule.ts';
import type { HintQueue } from './hint-queue.ts';
import { ScratchTables } from './scratch-tables.ts';
import type { ServiceFunction } from './service-function.ts';
import { SourceTables } from './source-tables.ts';

/** Jobs that are over. Backup jobs say `state`, restore jobs `status`. */
const over = ['ABORTED', 'COMPLETED', 'EXPIRED', 'FAILED'];

/**
 * Drills of the backups: a disaster is declared, a copy restored into a scratch table, checked against its source, served from,
 * and removed. A drill is an item of the due index, so it is looked after again whatever fails here; the events of AWS Backup
 * only make it sooner, and may come late or not at all (https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html).
 */
export class RestoreDrills extends Construct {
  readonly backups: BackupGrants;
  readonly environment: DrillEnvironment;
  private readonly context: StageContext;
  private readonly work: Bucket;
  private readonly key: DataKeyGrants;
  private readonly scratch: ScratchTables;
  private readonly sources: SourceTables;
  private readonly evidence: EvidenceGrants;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    this.context = context;
    this.backups = new BackupGrants(this, context);
    this.environment = new DrillEnvironment(this, context);
    this.key = new DataKeyGrants(this, context);
    this.scratch = new ScratchTables(this, context);
    this.sources = new SourceTables(this, context);
    this.evidence = new EvidenceGrants(this, context);
    // Keys and hashes of what was scanned: they name people's tickets, and nobody needs them once the drill is over.
    this.work = new Bucket(this, 'Work', {
      encryption: BucketEncryption.KMS,
      encryptionKey: Key.fromKeyArn(this, 'DataKey', this.key.keyArn),
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      lifecycleRules: [{ expiration: Duration.days(7), abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: context.removalPolicy,
    });
  }

  /** What `queue-drills` finds in its environment, beside the queues and tables of every writer. */
  get drillEnvironment() {
    return {
      ...this.environment.tables,
      BACKUP_VAULT: this.backups.vaultName,
      BACKUP_ROLE_ARN: this.backups.backupRoleArn,
      RESTORE_ROLE_ARN: this.backups.restoreRoleArn,
      DATA_KEY_ARN: this.key.keyArn,
      DRILL_WORK_BUCKET: this.work.bucketName,
      EVIDENCE_BUCKET: this.evidence.bucketName,
    };
  }

  /** What is due of drills, and what AWS Backup tells of its jobs. */
  performBy(target: ServiceFunction<'queue-drills'>, timers: DueTimers): void {
    timers.deliverDrillsTo(target);
    this.backups.grantDrill(target);
    this.scratch.grantDrill(target);
    this.sources.grantDrill(target);
    this.evidence.grantKeepDrills(target);
    // Without the list, an object that is not there is answered as forbidden.
    target.allow({ actions: ['s3:ListBucket'], resources: [this.work.bucketArn] });
    target.allow({ actions: ['s3:GetObject', 's3:PutObject'], resources: [this.work.arnForObjects('*')] });
    this.key.grantUseThrough(target, 's3');
    this.tell('BackupJobs', timers.drills, {
      detailType: ['Backup Job State Change'],
      detail: { backupVaultName: [this.backups.vaultName], state: over },
    });
    // A restore is not said to be of a vault; ours are those by our role.
    this.tell('RestoreJobs', timers.drills, {
      detailType: ['Restore Job State Change'],
      detail: { iamRoleArn: [this.backups.restoreRoleArn], status: over },
    });
  }

  /** Sets the minute's canaries, looks at what AWS Backup has done, and clears away what drills have left. */
  watchEveryMinuteBy(target: ServiceFunction<'job-backups'>): void {
    this.backups.grantWatch(target);
    this.scratch.grantClearAway(target);
    this.sources.grantDescribe(target);
    const runs = { Schedule: every('minute', 'Sets canaries, and looks at backups and their age') };
    new FunctionSchedule(this, 'Watch', { target, runs });
  }

  private tell(id: string, { queue }: HintQueue, pattern: EventPattern): void {
    const rule = new Rule(this, id, {
      description: `Tells ${this.context.config.stage}'s drills what AWS Backup has done`,
      eventPattern: { source: ['aws.backup'], account: [Stack.of(this).account], ...pattern },
      targets: [{ bind: () => ({ arn: queue.queueArn }) }],
    });
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('events.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': rule.ruleArn } },
      }),
    );
  }
}
