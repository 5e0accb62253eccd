import * as z from 'zod';
import { instant, line, text } from '../platform/http/fields.ts';
import { prioritySchema, statusSchema } from '../sla/index.ts';
import { channels, ticketTypes } from './domain/ticket.ts';

/** Entries of one ticket; with its breaches they fit one transaction of 100 items. */
export const historyAtMost = 80;

/** A name, or null when it is unknown; an empty text is unknown too. */
const name = z
  .union([z.literal('').transform(() => null), line(200)])
  .nullable()
  .default(null);

const historyEntry = z.discriminatedUnion('type', [
  z.strictObject({ at: instant, type: z.literal('status'), status: statusSchema.exclude(['new']) }),
  z.strictObject({ at: instant, type: z.literal('assigned'), team: name, assignee: name }),
  z.strictObject({
    at: instant,
    type: z.literal('reply'),
    visibility: z.enum(['public', 'internal']).default('public'),
    author: z.enum(['agent', 'requester']),
    body: text(64 * 1024),
  }),
]);

/** A ticket with its history from elsewhere. Names stand for records that are found or registered per source. */
export const importTicketSchema = z
  .strictObject({
    externalId: line(128),
    source: line(40),
    subject: line(300),
    description: text(64 * 1024).default(''),
    customer: name,
    requester: name,
    type: z.enum(ticketTypes).default('incident'),
    priority: prioritySchema,
    team: name,
    channel: z.enum(channels),
    createdAt: instant,
    history: z.array(historyEntry).max(historyAtMost, `must have at most ${historyAtMost} entries`).default([]),
  })
  .meta({ id: 'ImportTicket' });
export type ImportTicket = z.output<typeof importTicketSchema>;
