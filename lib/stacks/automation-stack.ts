import type { Construct } from 'constructs';
import { AlertTopics } from '../constructs/alert-topics.ts';
import { CutoverOperator } from '../constructs/cutover-operator.ts';
import { DueTimers } from '../constructs/due-timers.ts';
import { EvidenceGrants } from '../constructs/evidence-bucket.ts';
import { every, FunctionSchedule } from '../constructs/function-schedule.ts';
import { HistoryAuditor } from '../constructs/history-auditor.ts';
import { KpiRecounts } from '../constructs/kpi-recounts.ts';
import { ItemUpgrader } from '../constructs/item-upgrader.ts';
import { KpiRollups } from '../constructs/kpi-rollups.ts';
import { KpisGrants } from '../constructs/kpis-table.ts';
import { ListsGrants } from '../constructs/lists-table.ts';
import { OperationsGrants } from '../constructs/operations-table.ts';
import { RedriveOperator } from '../constructs/redrive-operator.ts';
import { RestoreDrills } from '../constructs/restore-drills.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { StreamSources } from '../constructs/stream-sources.ts';
import type { StageContext } from '../stage-context.ts';
import { StageStack } from './stage-stack.ts';

/** What runs by itself: timers, stream projections, alert deliveries, KPI rollups, digests of history, drills of its backups. */
export class AutomationStack extends StageStack {
  private readonly context: StageContext;
  private readonly operations: OperationsGrants;
  private readonly kpis: KpisGrants;
  private readonly timers: DueTimers;
  private readonly alerts: AlertTopics;
  private readonly drills: RestoreDrills;

  constructor(scope: Construct, context: StageContext) {
    super(scope, 'Automation', context);
    this.context = context;
    this.operations = new OperationsGrants(this, context);
    this.kpis = new KpisGrants(this, context);
    this.timers = new DueTimers(this, 'DueTimers', context);
    this.alerts = new AlertTopics(this, 'AlertTopics', context);
    this.drills = new RestoreDrills(this, 'RestoreDrills', context);
    const rollups = new KpiRollups(this, 'KpiRollups', context);
    const sources = new StreamSources(this, 'StreamSources', context);

    const readers = { kpis: this.streamKpis(rollups), alerts: this.streamAlerts() };
    sources.feedKpis(readers.kpis);
    sources.feedAlerts(readers.alerts);
    this.timers.deliverTo(this.queueDue());
    this.timers.sweepEveryMinuteBy(this.jobSweep());
    rollups.rollUpBy(this.jobRollup());
    this.drills.performBy(this.queueDrills(), this.timers);
    this.drills.watchEveryMinuteBy(this.jobBackups());
    new RedriveOperator(this, 'RedriveOperator', {
      context,
      hints: {
        'due-critical': this.timers.critical,
        'due-rest': this.timers.rest,
        'due-drills': this.timers.drills,
        rollups: rollups.hints,
      },
      failedRecords: sources.failedRecords,
      readers: Object.values(readers),
    });
    new HistoryAuditor(this, 'HistoryAuditor', context);
    new ItemUpgrader(this, 'ItemUpgrader', context);
    new CutoverOperator(this, 'CutoverOperator', context);
    new FunctionSchedule(this, 'Digests', {
      target: this.jobDigests(),
      runs: { Schedule: every('hour', 'Writes the digest of the day, or what was left of it') },
    });
    new KpiRecounts(this, 'KpiRecounts', { ...context, target: this.jobRecount(rollups) });
  }

  private streamKpis(rollups: KpiRollups): ServiceFunction<'stream-kpis'> {
    const lists = new ListsGrants(this, this.context);
    const projection = new ServiceFunction(this, 'StreamKpis', {
      name: 'stream-kpis',
      context: this.context,
      environment: {
        KPIS_TABLE: this.kpis.tableName,
        LISTS_TABLE: lists.tableName,
        ROLLUP_QUEUE_URL: rollups.hints.queue.queueUrl,
        REPORTING_ZONE: this.context.config.reportingZone,
      },
    });
    this.kpis.grantProject(projection);
    lists.grantProject(projection);
    rollups.grantSend(projection);
    return projection;
  }

  private streamAlerts(): ServiceFunction<'stream-alerts'> {
    const projection = new ServiceFunction(this, 'StreamAlerts', {
      name: 'stream-alerts',
      context: this.context,
      environment: { ...this.operationsAndHints(), ...this.alerts.grants.deliveryEnvironment },
    });
    this.operations.grantCommit(projection);
    this.timers.hints.grantSend(projection);
    this.alerts.grants.grantPublish(projection);
    return projection;
  }

  private queueDue(): ServiceFunction<'queue-due'> {
    const consumer = new ServiceFunction(this, 'QueueDue', {
      name: 'queue-due',
      context: this.context,
      environment: {
        ...this.operationsAndHints(),
        ...this.alerts.grants.deliveryEnvironment,
        REPORTING_ZONE: this.context.config.reportingZone,
      },
    });
    this.operations.grantCommit(consumer);
    this.operations.grantListRecords(consumer);
    this.timers.hints.grantSend(consumer);
    this.alerts.grants.grantPublish(consumer);
    return consumer;
  }

  private jobSweep(): ServiceFunction<'job-sweep'> {
    const sweep = new ServiceFunction(this, 'JobSweep', {
      name: 'job-sweep',
      context: this.context,
      environment: { OPERATIONS_TABLE: this.operations.tableName, ...this.timers.hints.allEnvironment },
    });
    this.operations.grantDueIndex(sweep);
    this.operations.grantSendHeartbeat(sweep);
    this.timers.hints.grantSendAll(sweep);
    return sweep;
  }

  private jobRollup(): ServiceFunction<'job-rollup'> {
    const rollup = new ServiceFunction(this, 'JobRollup', {
      name: 'job-rollup',
      context: this.context,
      environment: { KPIS_TABLE: this.kpis.tableName },
    });
    this.kpis.grantRollUp(rollup);
    return rollup;
  }

  private jobDigests(): ServiceFunction<'job-digests'> {
    const evidence = new EvidenceGrants(this, this.context);
    const digests = new ServiceFunction(this, 'JobDigests', {
      name: 'job-digests',
      context: this.context,
      environment: { OPERATIONS_TABLE: this.operations.tableName, EVIDENCE_BUCKET: evidence.bucketName },
    });
    this.operations.grantScan(digests);
    this.operations.grantKeep(digests, 'SYS#digests');
    evidence.grantKeepDigests(digests);
    return digests;
  }

  private jobRecount(rollups: KpiRollups): ServiceFunction<'job-recount'> {
    const lists = new ListsGrants(this, this.context);
    const recount = new ServiceFunction(this, 'JobRecount', {
      name: 'job-recount',
      context: this.context,
      environment: {
        OPERATIONS_TABLE: this.operations.tableName,
        KPIS_TABLE: this.kpis.tableName,
        LISTS_TABLE: lists.tableName,
        ROLLUP_QUEUE_URL: rollups.hints.queue.queueUrl,
        REPORTING_ZONE: this.context.config.reportingZone,
      },
    });
    this.operations.grantReadChanged(recount);
    this.kpis.grantRecount(recount);
    lists.grantRecount(recount);
    rollups.grantSend(recount);
    return recount;
  }

  private queueDrills(): ServiceFunction<'queue-drills'> {
    const performer = new ServiceFunction(this, 'QueueDrills', {
      name: 'queue-drills',
      context: this.context,
      environment: {
        ...this.drills.drillEnvironment,
        ...this.timers.hints.allEnvironment,
        OPERATIONS_TABLE: this.operations.tableName,
        REPORTING_ZONE: this.context.config.reportingZone,
      },
    });
    this.operations.grantCommit(performer);
    this.operations.grantListRecords(performer);
    this.timers.hints.grantSendAll(performer);
    return performer;
  }

  private jobBackups(): ServiceFunction<'job-backups'> {
    const watch = new ServiceFunction(this, 'JobBackups', {
      name: 'job-backups',
      context: this.context,
      environment: {
        ...this.drills.environment.tables,
        ...this.timers.hints.allEnvironment,
        OPERATIONS_TABLE: this.operations.tableName,
        BACKUP_VAULT: this.drills.backups.vaultName,
        REPORTING_ZONE: this.context.config.reportingZone,
      },
    });
    this.operations.grantWriteCanaries(watch);
    this.operations.grantCommit(watch);
    this.operations.grantListRecords(watch);
    this.timers.hints.grantSendAll(watch);
    return watch;
  }

  private operationsAndHints() {
    return { OPERATIONS_TABLE: this.operations.tableName, ...this.timers.hints.environment };
  }
}
