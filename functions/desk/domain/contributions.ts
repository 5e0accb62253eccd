import type { Contribution } from '../../platform/store/contribution.ts';
import type { Clock } from '../../sla/domain/clock.ts';
import type { TicketState } from './state.ts';
import { clocksAt } from './state.ts';
import { violationsOf } from './violations.ts';

const clockOf = (state: TicketState | null, metric: Clock['metric'], at: number): Clock | null =>
  state === null ? null : (clocksAt(state.timeline, at).find((clock) => clock.metric === metric) ?? null);

const seconds = (clock: Clock): number => Math.floor(clock.elapsedMs / 1000);

/**
 * What a change contributes to the KPIs, from the state before and after it:
 * - ticket-volume (P-17): once, at creation; said again when the team or priority that it is counted under changes;
 * - first-response-time (P-03): when the first public reply stops the clock; a solve without reply counts as excluded `noReply`;
 * - resolution-time (P-04): at the resolve that stands, with the priority of that moment; a reopen takes it back;
 * - sla-violations (S-50): see `violationsOf`.
 */
export const contributionsOf = (
  before: TicketState | null,
  after: TicketState,
  at: number,
): readonly Contribution[] => {
  const { ticket } = after;
  const groups = {
    ticketId: ticket.id,
    subject: `${ticket.id}#1`,
    team: ticket.teamId,
    customer: ticket.customerId,
    priority: ticket.priority,
  };
  const contributions: Contribution[] = [];
  const regrouped =
    before !== null && (before.ticket.teamId !== ticket.teamId || before.ticket.priority !== ticket.priority);
  if (before === null || regrouped) {
    contributions.push({ kpi: 'ticket-volume', ...groups, at: ticket.createdAt, value: 1, excluded: null });
  }

  const answeredBefore = clockOf(before, 'firstResponse', at)?.stoppedAt ?? null;
  const first = clockOf(after, 'firstResponse', at);
  if (first !== null && first.stoppedAt !== null && answeredBefore === null) {
    const answered = after.timeline.some((entry) => entry.kind === 'response' && entry.at === first.stoppedAt);
    contributions.push({
      kpi: 'first-response-time',
      ...groups,
      at: new Date(first.stoppedAt).toISOString(),
      value: answered ? seconds(first) : null,
      excluded: answered ? null : 'noReply',
    });
  }

  const solvedBefore = before?.ticket.resolvedAt ?? null;
  if (solvedBefore !== null && ticket.resolvedAt === null) {
    contributions.push({
      kpi: 'resolution-time',
      ...groups,
      at: solvedBefore,
      value: null,
      excluded: null,
      retracted: true,
    });
  }
  const resolution = clockOf(after, 'resolution', at);
  if (solvedBefore === null && ticket.resolvedAt !== null && resolution !== null) {
    contributions.push({
      kpi: 'resolution-time',
      ...groups,
      at: ticket.resolvedAt,
      value: seconds(resolution),
      excluded: null,
    });
  }
  return [...contributions, ...violationsOf(before, after, at)];
};
