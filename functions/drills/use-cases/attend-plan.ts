import { systemActor } from '../../platform/actor.ts';
import { isoInstant, milliseconds } from '../../platform/clock.ts';
import type { DueHandler } from '../../platform/due/attend.ts';
import { derivedId } from '../../platform/ids.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { type Drill, isOver } from '../domain/drill.ts';
import { type DrillPlan, isScheduled, lookMs, nextRunOf, retryMs } from '../domain/plan.ts';
import { nextRun, overdue, type Overdue } from '../domain/schedule.ts';
import type { PlanStore, ReadPlan } from '../plan-store.ts';
import { type AttendPorts, DrillRunning, type DrillPorts } from './ports.ts';
import { requestDrill, type RequestPorts } from './request-drill.ts';

export interface AttendPlanPorts extends DrillPorts, Pick<AttendPorts, 'report'> {
  readonly plans: Pick<PlanStore, 'find' | 'commit' | 'postpone'> & RequestPorts['plans'];
}

const iso = isoInstant;

const lateness = ({ schedule, since, ...plan }: DrillPlan, lastDrill: Drill | null, now: number): Overdue | null =>
  schedule === null ? null : overdue({ schedule, since, enabled: isScheduled({ schedule, ...plan }), lastDrill }, now);

const words = {
  'not-begun': 'has not begun',
  'not-ended': 'has not ended',
} as const;

/** Says that a planned drill is late: the ticket first, then the event with its alert. Once for each deadline. */
const tellOverdue = async (
  ports: AttendPlanPorts,
  read: ReadPlan,
  late: Overdue & { readonly mark: string },
  now: number,
): Promise<ReadPlan> => {
  const { plan } = read;
  const service = await ports.serviceOf(plan.table);
  const dueAt = iso(late.dueAt);
  const running = await ports.drills.runningOf(plan.table);
  const alert = await ports.report({
    kind: 'drill.overdue',
    about: `drill-plan:${plan.id}:${late.mark}`,
    severity: 'high',
    subject: `The planned restore drill of ${plan.table} ${words[late.what]} in time`,
    happened: `The drill of the plan "${plan.name}" ${words[late.what]}, though it should have by ${dueAt}.${running === null ? '' : ` The drill ${running} of the same table is running.`}`,
    at: dueAt,
    dueAt,
    tag: 'restore-drill',
    serviceId: service?.id ?? null,
    teamId: service?.ownerTeamId ?? null,
  });
  const data = { what: late.what, dueAt, drillId: plan.lastDrillId };
  return ports.plans.commit(
    read,
    { ...plan, told: late.mark, lookAt: late.what === 'not-ended' ? null : plan.lookAt, updatedAt: iso(now) },
    { event: { type: 'drillPlan.overdue', at: iso(now), actor: systemActor, data }, alert },
  );
};

/**
 * Starts the drill of an instant of the schedule: its id is made of plan and instant, so it is started once, however often this
 * comes. Null: another drill of the table runs, and it is tried again in some minutes.
 */
const started = async (
  ports: AttendPlanPorts,
  read: ReadPlan,
  plannedAt: string,
  now: number,
): Promise<ReadPlan | null> => {
  const { plan } = read;
  const id = derivedId('drl', plan.id, plannedAt);
  const known = (await ports.drills.find(id))?.drill ?? null;
  try {
    const drill = known ?? (await requestDrill(ports, { planId: plan.id }, systemActor, () => undefined, id));
    const next: DrillPlan = {
      ...plan,
      lastDrillId: id,
      lastRunAt: drill.requestedAt,
      nextRunAt: nextRunOf(plan, now, nextRun),
      lookAt: iso(now + lookMs),
      told: null,
      updatedAt: iso(now),
    };
    const event = {
      type: 'drillPlan.started',
      at: iso(now),
      actor: systemActor,
      data: { plannedAt, drillId: id },
    } as const;
    return await ports.plans.commit(read, next, { event });
  } catch (error) {
    if (error instanceof DrillRunning) return null;
    throw error;
  }
};

/** What is to be done of a plan at this moment, one thing after the other; answers when nothing more is. */
const worked = async (ports: AttendPlanPorts, id: string): Promise<void> => {
  for (let read = await ports.plans.find(id); read !== null; ) {
    const { plan } = read;
    const now = ports.clock.now();
    const lastDrill = plan.lastDrillId === null ? null : ((await ports.drills.find(plan.lastDrillId))?.drill ?? null);
    const late = lateness(plan, lastDrill, now);
    const mark = late === null ? null : `${late.what}#${iso(late.dueAt)}`;
    if (late !== null && mark !== null && mark !== plan.told) {
      read = await tellOverdue(ports, read, { ...late, mark }, now);
      continue;
    }
    const { nextRunAt, lookAt } = plan;
    if (nextRunAt !== null && milliseconds(nextRunAt) <= now) {
      const next = lastDrill !== null && !isOver(lastDrill) ? null : await started(ports, read, nextRunAt, now);
      if (next === null) return ports.plans.postpone(plan, iso(now + retryMs));
      read = next;
      continue;
    }
    if (lookAt === null || milliseconds(lookAt) > now) return;
    if (lastDrill !== null && !isOver(lastDrill)) return ports.plans.postpone(plan, iso(now + lookMs));
    const data = { drillId: plan.lastDrillId, verdict: lastDrill?.verdict ?? null };
    read = await ports.plans.commit(
      read,
      { ...plan, lookAt: null, updatedAt: iso(now) },
      { event: { type: 'drillPlan.settled', at: iso(now), actor: systemActor, data } },
    );
  }
};

/**
 * The due handler of plans: starts the drill of an instant that has come, and sees whether it begins and ends in time. Decides by
 * what is there, so it may come late, early or twice; a lost race is somebody else's work.
 */
export const planDueHandler =
  (ports: AttendPlanPorts): DueHandler =>
  async ({ pk }) => {
    try {
      await worked(ports, pk.slice('DPL#'.length));
    } catch (error) {
      if (!(error instanceof LostRace)) throw error;
    }
  };
