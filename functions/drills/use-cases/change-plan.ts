import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, StaleVersion, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { type DrillPlan, type NewPlan, nextRunOf } from '../domain/plan.ts';
import type { PlanStore, ReadPlan } from '../plan-store.ts';

export interface PlanPorts {
  readonly plans: Pick<PlanStore, 'find' | 'list' | 'commit'>;
  readonly tables: readonly string[];
  readonly clock: Clock;
}

/** Fields to change; what is undefined stays. */
export type PlanChanges = { readonly [Field in keyof NewPlan]?: NewPlan[Field] | undefined };

export type RememberPlan = (plan: DrillPlan) => TransactItem | undefined;

/** What reads schedules lies beside the function (lib/constructs/bundles.ts); it is the same wherever it comes from. */
const schedules = () => import('#schedule-file');

const check = async ({ tables, clock }: PlanPorts, { table, schedule }: PlanChanges): Promise<void> => {
  if (table !== undefined && !tables.includes(table))
    throw new ValidationFailed([
      { path: 'table', message: `is no table that can be drilled; there are: ${tables.join(', ')}` },
    ]);
  const problem = schedule == null ? null : (await schedules()).scheduleProblem(schedule, clock.now());
  if (problem !== null) throw new ValidationFailed([{ path: 'schedule', message: `cannot be kept: ${problem}` }]);
};

/** Makes a plan (S-05). @throws ValidationFailed */
export const makePlan = async (
  ports: PlanPorts,
  fields: NewPlan,
  actor: Actor,
  remember: RememberPlan,
): Promise<DrillPlan> => {
  await check(ports, fields);
  const now = ports.clock.now();
  const at = isoInstant(now);
  const unscheduled: DrillPlan = {
    id: newId('dpl', now),
    ...fields,
    archivedAt: null,
    since: at,
    nextRunAt: null,
    lastRunAt: null,
    lastDrillId: null,
    lookAt: null,
    told: null,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const plan = { ...unscheduled, nextRunAt: nextRunOf(unscheduled, now, (await schedules()).nextRun) };
  const event = { type: 'drillPlan.created', at, actor, data: { ...fields } } as const;
  await ports.plans.commit(null, plan, { event, once: remember(plan) });
  return plan;
};

const readFor = async ({ plans }: PlanPorts, id: string, ifMatch: number | null): Promise<ReadPlan> => {
  const read = await plans.find(id);
  if (read === null) throw new NotFound('drill plan', id);
  if (ifMatch !== null && ifMatch !== read.plan.version) throw new StaleVersion(read.plan.version);
  if (read.plan.archivedAt !== null) throw new IllegalTransition('The plan is archived; make a new one.');
  return read;
};

const commit = async (
  { plans }: PlanPorts,
  read: ReadPlan,
  next: DrillPlan,
  event: Parameters<PlanStore['commit']>[2]['event'],
): Promise<DrillPlan> => {
  try {
    return (await plans.commit(read, next, { event })).plan;
  } catch (error) {
    if (error instanceof LostRace) throw new StaleVersion(read.plan.version + 1);
    throw error;
  }
};

/**
 * Changes fields of a plan, under If-Match; what is the same already is no change. Another schedule, and a plan that is switched
 * on again, hold from now on: what was missed before is owed no more. @throws NotFound, StaleVersion, IllegalTransition, ValidationFailed
 */
export const changePlan = async (
  ports: PlanPorts,
  command: { readonly id: string; readonly ifMatch: number | null; readonly changes: PlanChanges },
  actor: Actor,
): Promise<DrillPlan> => {
  const read = await readFor(ports, command.id, command.ifMatch);
  await check(ports, command.changes);
  const { plan } = read;
  const before: Readonly<Record<string, unknown>> = { ...plan };
  const changed = Object.fromEntries(
    Object.entries(command.changes).filter(
      ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[field]),
    ),
  );
  if (Object.keys(changed).length === 0) return plan;
  const now = ports.clock.now();
  const at = isoInstant(now);
  const fields: DrillPlan = { ...plan, ...changed, version: plan.version + 1, updatedAt: at };
  const rescheduled = 'schedule' in changed || 'enabled' in changed;
  const next = rescheduled
    ? { ...fields, since: at, nextRunAt: nextRunOf(fields, now, (await schedules()).nextRun) }
    : fields;
  return commit(ports, read, next, { type: 'drillPlan.changed', at, actor, data: { changed } });
};

/** Takes a plan out of use; its drills stay. @throws NotFound, StaleVersion; one that is archived already is answered as it is */
export const archivePlan = async (
  ports: PlanPorts,
  id: string,
  ifMatch: number | null,
  actor: Actor,
): Promise<DrillPlan> => {
  const known = await ports.plans.find(id);
  if (known !== null && known.plan.archivedAt !== null) return known.plan;
  const read = await readFor(ports, id, ifMatch);
  const at = isoInstant(ports.clock.now());
  const { version } = read.plan;
  const next: DrillPlan = { ...read.plan, archivedAt: at, nextRunAt: null, version: version + 1, updatedAt: at };
  return commit(ports, read, next, { type: 'drillPlan.archived', at, actor, data: {} });
};
