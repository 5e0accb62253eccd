import type { Contribution } from '../../platform/store/contribution.ts';
import type { Clock } from '../../sla/domain/clock.ts';
import { clocksAt, type TicketState } from './state.ts';
import { violationsOf } from './violations.ts';

/** What is said of one subject of a KPI, without the groups that it is counted under. */
type Said = Pick<Contribution, 'kpi' | 'subject' | 'at' | 'value' | 'excluded'>;

const seconds = (clock: Clock): number => Math.floor(clock.elapsedMs / 1000);

/** A clock that came to an end which counts, or does not and says why; null: there is nothing to say (yet). */
const excludedBecause = ({ metric, stoppedBy }: Clock): string | null => {
  if (stoppedBy === 'merged') return 'merged';
  return stoppedBy === 'solved' && metric === 'firstResponse' ? 'noReply' : null;
};

const ended = (clock: Clock | undefined): clock is Clock & { readonly stoppedAt: number } =>
  clock !== undefined && clock.stoppedAt !== null && clock.stoppedBy !== 'released';

/** What the clocks of a ticket say to the time KPIs, as they stand; by the KPI and its subject. */
const standing = (state: TicketState | null, now: number): ReadonlyMap<string, Said> => {
  if (state === null) return new Map();
  const clocks = clocksAt(state, now);
  const first = clocks.findLast(({ metric }) => metric === 'firstResponse');
  const resolution = clocks.findLast(({ metric }) => metric === 'resolution');
  const said = (kpi: string, clock: Clock & { readonly stoppedAt: number }, value: number): Said => {
    const excluded = excludedBecause(clock);
    const at = new Date(clock.stoppedAt).toISOString();
    return { kpi, subject: `${state.ticket.id}#${clock.cycle}`, at, value: excluded === null ? value : null, excluded };
  };
  const all = [
    ...(ended(first) ? [said('first-response-time', first, seconds(first))] : []),
    ...(ended(resolution)
      ? [
          said('resolution-time', resolution, seconds(resolution)),
          said('resolution-rate', resolution, resolution.state === 'breached' ? 0 : 1),
        ]
      : []),
  ];
  return new Map(all.map((one) => [`${one.kpi} ${one.subject}`, one]));
};

const same = (a: Said | undefined, b: Said): boolean =>
  a !== undefined && a.at === b.at && a.value === b.value && a.excluded === b.excluded;

/**
 * What a change contributes to the KPIs, from the state before and after it:
 * - ticket-volume (P-17): once, at creation; said again when the team or priority that it is counted under changes;
 * - first-response-time (P-03): when the first public reply stops the clock; a solve without reply counts as excluded `noReply`,
 *   until a reopening restarts the clock;
 * - resolution-time (P-04) and resolution-rate (P-07): at the resolve that stands, with the priority of that moment and whether
 *   its target was met; a reopen takes both back;
 * - sla-violations (S-50): see `violationsOf`.
 * A call that is written down late may move a first response: it is taken back where it was and said where it happened.
 */
export const contributionsOf = (
  before: TicketState | null,
  after: TicketState,
  now: number,
): readonly Contribution[] => {
  const { ticket } = after;
  const groups = {
    ticketId: ticket.id,
    team: ticket.teamId,
    customer: ticket.customerId,
    priority: ticket.priority,
  };
  const regrouped =
    before !== null && (before.ticket.teamId !== ticket.teamId || before.ticket.priority !== ticket.priority);
  const volume: readonly Contribution[] =
    before === null || regrouped
      ? [{ kpi: 'ticket-volume', subject: `${ticket.id}#1`, ...groups, at: ticket.createdAt, value: 1, excluded: null }]
      : [];
  const told = standing(before, now);
  const stands = standing(after, now);
  const gone = [...told].flatMap(([key, one]) =>
    stands.get(key)?.at === one.at
      ? []
      : [{ ...groups, ...one, value: null, excluded: null, retracted: true as const }],
  );
  const news = [...stands].flatMap(([key, one]) => (same(told.get(key), one) ? [] : [{ ...groups, ...one }]));
  return [...volume, ...gone, ...news, ...violationsOf(before, after, now)];
};
