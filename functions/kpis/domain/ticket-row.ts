import * as z from 'zod';
import { ticketRowVersions, ticketVersions } from '../../desk/domain/ticket-versions.ts';
import type { Item } from '../../platform/store/item-kind.ts';

const copied = z.unknown().optional();

/**
 * A ticket's head, as much of it as lists show. What decides key and order is checked, the rest is copied as it is: the
 * ticket's own schema guards it.
 */
const ticketRowSchema = z.object({
  id: z.string(),
  version: z.number().int().positive(),
  updatedAt: z.string(),
  teamId: z.string().nullable().default(null),
  number: copied,
  subject: copied,
  status: copied,
  priority: copied,
  type: copied,
  channel: copied,
  requesterId: copied,
  customerId: copied,
  assigneeId: copied,
  createdAt: copied,
  resolvedAt: copied,
  nextDueAt: copied,
  externalId: copied,
  serviceId: copied,
  tags: copied,
  mergedInto: copied,
});
export type TicketRow = z.output<typeof ticketRowSchema>;

/** The row of a ticket's head, of whatever version the stream brings it: old records may wait there for a day. */
export const ticketRowOf = (head: Item): TicketRow => ticketRowSchema.parse(ticketVersions.bringCurrent(head));

/** A row as it lies in the lists table, of whatever version. */
export const ticketRowOfItem = (row: Item): TicketRow => ticketRowSchema.parse(ticketRowVersions.bringCurrent(row));

/** What the row says of its own version. */
export const ticketRowStamp = ticketRowVersions.stamp;
