import type { Drill, LegName } from './drill.ts';

/** What a change of a drill says in its history. */
export interface DrillEvent {
  readonly type: `drill.${string}`;
  readonly data: Readonly<Record<string, unknown>>;
}

const ended = (drill: Drill, name: LegName): boolean =>
  drill.legs.some((leg) => leg.name === name && leg.endedAt !== null);

type Told = (before: Drill, after: Drill) => DrillEvent | null;

/** In the order of their weight: a change that is several of these is told by the first. */
const told: readonly Told[] = [
  (before, after) =>
    before.verdict === null && after.verdict !== null
      ? {
          type: 'drill.concluded',
          data: {
            verdict: after.verdict,
            reasons: after.reasons,
            declaredAt: after.declaredAt,
            recoveryPoint: after.recoveryPointUsed,
            served: after.served,
            lostRecords: after.integrity?.lostRecords ?? null,
          },
        }
      : null,
  (before, after) =>
    before.state !== 'cancelled' && after.state === 'cancelled'
      ? { type: 'drill.cancelled', data: { reasons: after.reasons } }
      : null,
  (before, after) =>
    before.cancelRequested === null && after.cancelRequested !== null
      ? { type: 'drill.cancelRequested', data: { by: after.cancelRequested.by, was: before.state } }
      : null,
  (before, after) =>
    before.report === null && after.report !== null ? { type: 'drill.reported', data: { ...after.report } } : null,
  ({ served }, { served: after }) =>
    served.writeAt === null && after.writeAt !== null ? { type: 'drill.served', data: { ...after } } : null,
  (before, { integrity }) =>
    before.integrity === null && integrity !== null
      ? {
          type: 'drill.verified',
          data: {
            items: integrity.items,
            compared: integrity.compared,
            missing: integrity.missing,
            altered: integrity.altered,
            torn: integrity.torn,
            lostRecords: integrity.lostRecords,
            checks: Object.fromEntries(integrity.checks.map(({ name, result }) => [name, result])),
          },
        }
      : null,
  (before, after) =>
    !ended(before, 'restore-completed') && ended(after, 'restore-completed')
      ? { type: 'drill.restored', data: { scratchTable: after.scratchTable.name, jobId: after.restoreJobId } }
      : null,
  (before, { recoveryPointUsed: chosen }) =>
    chosen !== null && before.recoveryPointUsed?.createdAt !== chosen.createdAt
      ? { type: 'drill.recoveryPointChosen', data: { ...chosen } }
      : null,
  (before, { declaredAt }) =>
    before.declaredAt === null && declaredAt !== null ? { type: 'drill.declared', data: { declaredAt } } : null,
  ({ scratchTable }, after) =>
    scratchTable.removedAt === null && after.scratchTable.removedAt !== null
      ? { type: 'drill.tableRemoved', data: { ...after.scratchTable } }
      : null,
];

/** The one event of a change. What is none of the milestones is told too: each look, each part of a scan. */
export const eventOf = (before: Drill | null, after: Drill): DrillEvent => {
  if (before === null) {
    const { planId, serviceId, table, method, recoveryPoint, atRest, objectives, costCeiling, declaredAt } = after;
    const asked = { planId, serviceId, table, method, recoveryPoint, atRest, objectives, costCeiling, declaredAt };
    return { type: 'drill.requested', data: asked };
  }
  for (const tell of told) {
    const event = tell(before, after);
    if (event !== null) return event;
  }
  return { type: 'drill.advanced', data: { state: after.state, wants: after.wants, attempts: after.attempts } };
};
