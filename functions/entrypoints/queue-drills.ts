import { BackupStore, manifestDueHandler } from '../backups/index.ts';
import {
  awsActions,
  backupClient,
  doingBy,
  drillDueHandler,
  DrillStore,
  jobEventSchema,
  planDueHandler,
  PlanStore,
  serveRestored,
  tablesClient,
  Verifier,
  wakeDrills,
  WorkStore,
} from '../drills/index.ts';
import { attend } from '../platform/due/attend.ts';
import { hintSchema } from '../platform/due/hints.ts';
import { pushBack } from '../platform/due/push-back.ts';
import { readEnvironment } from '../platform/environment.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { Archive } from '../platform/objects/archive.ts';
import { objectClient } from '../platform/objects/client.ts';
import { queueHandler } from '../platform/queue/pipeline.ts';
import { drillTables, restoredDesk, troubleReports } from './drills.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['queue-drills']);
const base = operations(environment);
const metrics = new DeskMetrics(environment.STAGE);
const { REPORTING_ZONE: zone, SCRATCH_TABLE_PREFIX: scratchPrefix } = environment;

const s3 = objectClient();
const evidence = new Archive({ client: s3, bucket: environment.EVIDENCE_BUCKET });
const verifier = new Verifier({
  ...base,
  work: new WorkStore({ client: s3, bucket: environment.DRILL_WORK_BUCKET }),
  archive: evidence,
});
const { drilled: tables } = drillTables(environment);
const drills = new DrillStore(base);
const reports = troubleReports(base, zone);
const deskOn = restoredDesk(base, zone);
const doing = doingBy({
  aws: awsActions({
    backup: backupClient(),
    dynamodb: tablesClient(),
    vault: environment.BACKUP_VAULT,
    backupRoleArn: environment.BACKUP_ROLE_ARN,
    restoreRoleArn: environment.RESTORE_ROLE_ARN,
    dataKeyArn: environment.DATA_KEY_ARN,
    scratchPrefix,
    tableNames: { operations: base.table },
  }),
  verifier,
  serve: (action) => serveRestored({ deskOn, clock: base.clock }, action),
});
const ports = { ...base, ...reports, drills, doing, evidence, tables, scratchPrefix };

/** Each kind of due item has one handler. */
const handlers = {
  DRL: drillDueHandler(ports),
  DPL: planDueHandler({ ...ports, plans: new PlanStore(base) }),
  MNF: manifestDueHandler({
    backups: new BackupStore(base),
    slice: (progress, until) =>
      verifier.writeManifest({ do: 'write-manifest', tableName: base.table, progress }, until),
    zone,
    clock: base.clock,
  }),
};

/**
 * Performs drills, starts those that are planned, and writes the nightly manifest. Trigger: hints of the lane `drills`, and what AWS
 * Backup tells of its jobs, which only makes a drill look sooner. Its failure leaves drills standing.
 */
export const handler = queueHandler(async (body) => {
  const event = jobEventSchema.safeParse(body);
  if (event.success) return wakeDrills(ports, event.data);
  return attend(handlers, hintSchema.parse(body), pushBack({ ...base, metrics }));
}, metrics);
