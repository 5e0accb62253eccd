import type { Principal } from '../../platform/actor.ts';
import { NotFound, ValidationFailed } from '../../platform/errors.ts';
import { mergeSorted } from '../../platform/store/merge.ts';
import type { Priority, Status } from '../../sla/index.ts';
import { isSolved } from '../../sla/index.ts';
import { type TicketRow, ticketRowSchema } from '../domain/ticket.ts';
import { type TicketLists, orders, type TicketOrder, ticketRowKind } from '../lists.ts';
import { type DeskPorts, maySee } from './ports.ts';

export interface TicketFilter {
  readonly queue?: 'open' | 'unassigned' | 'mine' | undefined;
  readonly status?: readonly Status[] | undefined;
  readonly teamId?: string | null | undefined;
  readonly assigneeId?: string | null | undefined;
  readonly customerId?: string | undefined;
  readonly priority?: readonly Priority[] | undefined;
}

/** Rows looked at for one page: bounded work, a page that finds too little ends early and says so by its cursor. */
const lookedAtMost = 1000;

const matches = (filter: TicketFilter, principal: Principal, row: TicketRow): boolean =>
  (filter.status === undefined || filter.status.includes(row.status)) &&
  (filter.priority === undefined || filter.priority.includes(row.priority)) &&
  (filter.teamId === undefined || filter.teamId === row.teamId) &&
  (filter.assigneeId === undefined || filter.assigneeId === row.assigneeId) &&
  (filter.customerId === undefined || filter.customerId === row.customerId) &&
  (filter.queue === undefined || !isSolved(row.status)) &&
  (filter.queue !== 'unassigned' || row.assigneeId === null) &&
  (filter.queue !== 'mine' || row.assigneeId === principal.id) &&
  maySee(principal, row.customerId);

/**
 * Lists tickets in one of three orders: `deadline` (owed longest first, missed ones included, then those that owe nothing, then solved ones), `updated`
 * (newest change first; from the lists table, about a second behind) and `created` (newest first; one customer's tickets).
 * A requester who names another customer learns nothing of it. Pages to the end; a ticket that moves while the list is read may be met twice or missed, as in any live list.
 * @throws NotFound for another customer's tickets, ValidationFailed for an order that needs a customer
 */
export const listTickets = async (
  ports: DeskPorts & { readonly lists: TicketLists },
  principal: Principal,
  request: {
    readonly filter: TicketFilter;
    readonly sort: TicketOrder | undefined;
    readonly limit: number;
    readonly after: string | null;
  },
): Promise<{ readonly rows: readonly TicketRow[]; readonly next: string | null }> => {
  const customerId = principal.role === 'requester' ? principal.customerId : (request.filter.customerId ?? null);
  if (
    principal.role === 'requester' &&
    request.filter.customerId !== undefined &&
    request.filter.customerId !== customerId
  ) {
    throw new NotFound('customer', request.filter.customerId);
  }
  const sort = request.sort ?? (customerId === null ? 'deadline' : 'created');
  if (sort === 'created' && customerId === null) {
    throw new ValidationFailed([{ path: 'sort', message: 'created needs a customerId; use deadline or updated' }]);
  }
  const order = orders[sort];
  const partitions =
    sort === 'created' && customerId !== null
      ? [customerId]
      : request.filter.teamId === undefined
        ? ['none', ...(await ports.people.store.teamIds())]
        : [request.filter.teamId ?? 'none'];
  const unsolvedOnly =
    request.filter.queue !== undefined || request.filter.status?.every((status) => !isSolved(status)) === true;
  const merged = mergeSorted(
    partitions.map((partition) =>
      ports.lists.partition(sort, partition, {
        after: request.after,
        chunk: Math.max(5, Math.ceil((request.limit + 1) / partitions.length)),
      }),
    ),
    order.sortKey,
    order.descending,
  );
  const rows: TicketRow[] = [];
  let last: string | null = null;
  let looked = 0;
  for await (const item of merged) {
    const position = String(item[order.sortKey]);
    if (rows.length === request.limit || looked === lookedAtMost) return { rows, next: last };
    if (unsolvedOnly && sort === 'deadline' && position.startsWith('2#')) break;
    const row = sort === 'updated' ? ticketRowKind.read(item) : ticketRowSchema.parse(item);
    if (matches({ ...request.filter, customerId: customerId ?? undefined }, principal, row)) rows.push(row);
    last = position;
    looked += 1;
  }
  return { rows, next: null };
};
