import { ageSecondsOf, backupsRoutes, BackupStore, newestOf } from '../backups/index.ts';
import { drillAnswerOf, drillsRoutes, DrillStore, plansRoutes, PlanStore } from '../drills/index.ts';
import { PeopleStore, principalSource, teams } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { servicesRoutes, ServiceStore } from '../services/index.ts';
import { drillTables } from './drills.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-drills']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const { drilled: tables, watched } = drillTables(environment);
const services = new ServiceStore(base);
const drills = new DrillStore(base);
const plans = new PlanStore(base);
const backups = new BackupStore(base);
const people = new PeopleStore(base);
const serviceOf = (table: string) => services.ofTable(table);
/** Few requests read a report, and the client that they need is large. */
const evidence = {
  read: async (name: string) => (await import('#evidence-file')).evidenceReader(environment.EVIDENCE_BUCKET).read(name),
};
const shared = { ...base, once, serviceOf };

const lastDrillOf = async (table: string) => {
  const drill = await drills.lastConcludedOf(table);
  if (drill === null || drill.verdict === null) return null;
  const { id, verdict, rpo, rto, endedAt } = drillAnswerOf(drill);
  const last = { id, concludedAt: endedAt, rpo: { seconds: rpo.seconds, met: rpo.met } };
  return { ...last, verdict: verdict ?? drill.verdict, rto: { seconds: rto.seconds, met: rto.met } };
};

const freshnessOf = async (table: string) => {
  const found = (await backups.freshness())?.tables.find((one) => one.table === table);
  if (found === undefined) return null;
  const newest = newestOf(found);
  return { newestRecoveryPointAt: newest?.at ?? null, ageSeconds: ageSecondsOf(found, base.clock.now()) };
};

/** Backups, drills of them, their plans, and services. Trigger: the HTTP API. While it fails, backups are taken all the same. */
export const handler = httpHandler({
  routes: [
    ...drillsRoutes({
      ...shared,
      drills,
      plans,
      tables,
      scratchPrefix: environment.SCRATCH_TABLE_PREFIX,
      evidence,
    }),
    ...plansRoutes({ ...shared, plans, tables }),
    ...servicesRoutes({
      ...shared,
      services,
      people: { teamExists: (id) => people.exists(teams, id) },
      tables: [...new Set([...tables, ...watched.map(({ table }) => table)])],
      lastDrillOf,
      freshnessOf,
    }),
    ...backupsRoutes({ ...shared, backups }),
  ],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
