import type { HistoryEntry, TicketPayload } from '../ticket-payload.ts';
import type { LogRow } from './row.ts';

const contentOf = ({ line: _line, ...content }: LogRow): string => JSON.stringify(content);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By time, then by modification count; full ties by content, so that the order of rows in the file never matters. */
const inOrder = (a: LogRow, b: LogRow): number =>
  compare(a.updatedAt, b.updatedAt) || a.modCount - b.modCount || compare(contentOf(a), contentOf(b));

/** What changed from row to row. In one row the assignment comes first: whoever a row names has done what it says. */
const historyOf = (rows: readonly LogRow[]): readonly HistoryEntry[] => {
  const history: HistoryEntry[] = [];
  let before: Pick<LogRow, 'group' | 'assignee'> & { status: string | null } = {
    group: null,
    assignee: null,
    status: null,
  };
  for (const row of rows) {
    if (row.group !== before.group || row.assignee !== before.assignee) {
      history.push({ at: row.updatedAt, type: 'assigned', team: row.group, assignee: row.assignee });
    }
    if (row.status !== before.status) history.push({ at: row.updatedAt, type: 'status', status: row.status });
    before = row;
  }
  return history;
};

/**
 * One incident's rows (at least one, any order) as a ticket with its history. The mapping is described in docs/import.md.
 * Priority is the last row's, the one at resolution; customer, requester, channel and words are the first row's.
 */
export const toTicket = (unsorted: readonly [LogRow, ...LogRow[]]): TicketPayload => {
  const rows = [...unsorted].sort(inOrder);
  const first = rows[0] ?? unsorted[0];
  const last = rows.at(-1) ?? first;
  const words = [first.category, first.subcategory].filter((word) => word !== null).join(' / ');
  return {
    externalId: first.number,
    source: 'servicenow',
    subject: words === '' ? first.number : words,
    description: [
      `Symptom: ${first.symptom ?? 'unknown'}`,
      `Category: ${first.category ?? 'unknown'}`,
      `Subcategory: ${first.subcategory ?? 'unknown'}`,
    ].join('\n'),
    customer: first.location,
    requester: first.caller,
    type: 'incident',
    priority: last.priority,
    team: first.group,
    channel: first.channel,
    createdAt: compare(first.openedAt, first.updatedAt) < 0 ? first.openedAt : first.updatedAt,
    history: historyOf(rows),
  };
};

/** All incidents as tickets, oldest first, so that tickets are numbered in the order in which they were opened. */
export const toTickets = (incidents: ReadonlyMap<string, readonly LogRow[]>): readonly TicketPayload[] =>
  [...incidents.values()]
    .flatMap(([head, ...tail]) => (head === undefined ? [] : [toTicket([head, ...tail])]))
    .sort((a, b) => compare(a.createdAt, b.createdAt) || compare(a.externalId, b.externalId));
