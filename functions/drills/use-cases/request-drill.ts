import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { NotFound, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { type Drill, type Method, type Objectives, ownTable } from '../domain/drill.ts';
import { eventOf } from '../domain/drill-event.ts';
import type { DrillPlan } from '../domain/plan.ts';
import { begin } from '../domain/step.ts';
import { TableInDrill } from '../store.ts';
import { type DrillPorts, DrillRunning, type Remember } from './ports.ts';

/** What somebody wants of a drill; what is left out (undefined) is the plan's. */
export interface WantedDrill {
  readonly planId: string | null;
  readonly table?: string | undefined;
  readonly method?: Method | undefined;
  readonly recoveryPoint?: 'newest' | 'fresh' | undefined;
  /** See `Drill`; left out, nobody gives that word. */
  readonly atRest?: boolean;
  readonly objectives?: Objectives | undefined;
  readonly costCeiling?: number | null | undefined;
}

export interface RequestPorts extends DrillPorts {
  readonly plans: { find(id: string): Promise<{ readonly plan: DrillPlan } | null> };
}

const wrong = (path: string, message: string): ValidationFailed => new ValidationFailed([{ path, message }]);

const planOf = async ({ plans }: RequestPorts, planId: string | null): Promise<DrillPlan | null> => {
  if (planId === null) return null;
  const plan = (await plans.find(planId))?.plan ?? null;
  if (plan === null || plan.archivedAt !== null) throw new NotFound('drill plan', planId);
  return plan;
};

const tableOf = ({ tables }: RequestPorts, wanted: WantedDrill, plan: DrillPlan | null): string => {
  const table = wanted.table ?? plan?.table;
  if (table === undefined) throw wrong('table', 'is required without a plan');
  if (plan !== null && plan.table !== table) throw wrong('table', `is not that of the plan, ${plan.table}`);
  if (!tables.includes(table)) throw wrong('table', `is no table that can be drilled; there are: ${tables.join(', ')}`);
  return table;
};

/** DynamoDB's own rule for names, and the id in small letters, so that the drill is found by its table. */
export const scratchTableOf = (prefix: string, drillId: string): string => `${prefix}${drillId.toLowerCase()}`;

/**
 * Starts a drill (S-05). Its objectives are its own, else its plan's, else those of the service whose data it is. `id` is given
 * by whoever may come twice; a drill of that id which is there already is answered as it is.
 * @throws ValidationFailed, NotFound for a plan that is not there, DrillRunning
 */
export const requestDrill = async (
  ports: RequestPorts,
  wanted: WantedDrill,
  actor: Actor,
  remember: Remember,
  id: string = newId('drl', ports.clock.now()),
): Promise<Drill> => {
  const plan = await planOf(ports, wanted.planId);
  const table = tableOf(ports, wanted, plan);
  const atRest = wanted.atRest ?? false;
  if (atRest && table === ownTable)
    throw wrong('atRest', `is not for ${table}, which tells by itself what was changed`);
  const service = await ports.serviceOf(table);
  const objectives = wanted.objectives ?? plan?.objectives ?? service?.objectives ?? null;
  if (objectives === null)
    throw wrong('objectives', `is required: neither the plan nor a service with the table ${table} has any`);
  const costCeiling = wanted.costCeiling === undefined ? (plan?.costCeiling ?? null) : wanted.costCeiling;
  const now = ports.clock.now();
  const drill = begin(
    {
      id,
      planId: plan?.id ?? null,
      serviceId: service?.id ?? null,
      table,
      method: wanted.method ?? plan?.method ?? 'backup',
      recoveryPoint: wanted.recoveryPoint ?? plan?.recoveryPoint ?? 'newest',
      atRest,
      objectives,
      costCeiling,
      requestedBy: actor,
      scratchTable: scratchTableOf(ports.scratchPrefix, id),
    },
    now,
  );
  const at = isoInstant(now);
  try {
    const asCommitted = { ...drill, version: 1 };
    const { drill: begun } = await ports.drills.commit(null, drill, {
      event: { ...eventOf(null, drill), at, actor },
      dueAt: at,
      once: remember(asCommitted),
    });
    return begun;
  } catch (error) {
    if (error instanceof TableInDrill) throw new DrillRunning(table, await ports.drills.runningOf(table));
    throw error;
  }
};
