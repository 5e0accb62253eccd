import * as z from 'zod';
import { prioritySchema, statusSchema } from '../../sla/domain/timeline.ts';

export const ticketTypes = ['question', 'incident', 'service_request'] as const;
export const channels = ['web', 'email', 'phone', 'chat', 'api', 'monitor'] as const;

/** A ticket (S-20, S-41) as the API answers it, without what it is kept with. */
export const ticketSchema = z
  .object({
    id: z.string(),
    number: z.string().describe('T-1, T-2, ...: for people; gaps are possible.'),
    externalId: z.string().nullable(),
    subject: z.string(),
    description: z.string(),
    requesterId: z
      .string()
      .nullable()
      .describe('The contact who asked; null only for imported tickets without a known caller.'),
    customerId: z.string().nullable().describe('Null only for imported tickets whose customer is unknown.'),
    serviceId: z.string().nullable(),
    type: z.enum(ticketTypes),
    priority: prioritySchema,
    channel: z.enum(channels),
    status: statusSchema,
    teamId: z.string().nullable(),
    assigneeId: z.string().nullable(),
    tags: z.array(z.string()),
    createdAt: z.string(),
    updatedAt: z.string(),
    resolvedAt: z.string().nullable(),
    nextDueAt: z.string().nullable().describe('The next SLA deadline that is still open; null when no clock runs.'),
    mergedInto: z.string().nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Ticket' });
export type Ticket = z.infer<typeof ticketSchema>;

/** A ticket as it stands in the indexes: everything but the description. */
export const ticketRowSchema = ticketSchema
  .omit({ description: true })
  .extend({ customerId: z.string().nullable().default(null) })
  .meta({ id: 'TicketRow' });
export type TicketRow = z.infer<typeof ticketRowSchema>;
