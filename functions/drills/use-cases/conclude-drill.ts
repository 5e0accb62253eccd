import { isoInstant } from '../../platform/clock.ts';
import type { Contribution } from '../../platform/store/contribution.ts';
import { answerOf } from '../domain/answer.ts';
import { factsOf, troubleOf } from '../domain/conclusion.ts';
import type { Drill } from '../domain/drill.ts';
import type { AttendPorts, RaisedTrouble } from './ports.ts';

export interface Conclusion {
  readonly facts: readonly Contribution[];
  readonly alert: RaisedTrouble | null;
}

/**
 * What goes out with a verdict, for the transaction that writes it down: the facts of the KPIs, and unless it passed the alert
 * about a ticket, which is opened before. A crash in between leaves the ticket, which the repetition finds.
 */
export const concludeDrill = async (
  { serviceOf, report, clock }: Pick<AttendPorts, 'serviceOf' | 'report' | 'clock'>,
  drill: Drill,
): Promise<Conclusion> => {
  const service = await serviceOf(drill.table);
  const measured = answerOf(drill);
  const at = isoInstant(clock.now());
  const team = service?.ownerTeamId ?? null;
  const facts = factsOf(drill, measured, { at, team });
  const trouble = troubleOf(drill, measured);
  if (trouble === null) return { facts, alert: null };
  const alert = await report({
    ...trouble,
    about: `drill:${drill.id}`,
    at,
    details: [`Drill ${drill.id}: GET /v1/drills/${drill.id}/report?format=html`, ...drill.reasons],
    tag: 'restore-drill',
    serviceId: drill.serviceId,
    teamId: team,
  });
  return { facts, alert };
};
