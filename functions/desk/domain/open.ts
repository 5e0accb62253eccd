import type { Actor } from '../../platform/actor.ts';
import { conclude, type Decision } from './decision.ts';
import type { Ticket } from './ticket.ts';

/** What a new ticket is made of. */
export type NewTicket = Pick<
  Ticket,
  | 'id'
  | 'number'
  | 'externalId'
  | 'subject'
  | 'description'
  | 'requesterId'
  | 'customerId'
  | 'serviceId'
  | 'type'
  | 'priority'
  | 'channel'
  | 'teamId'
  | 'tags'
>;

/** Opens a ticket (S-20): its clocks start at `at`. The opening text is never a response, whoever writes it. */
export const openTicket = (fields: NewTicket, actor: Actor, at: number): Decision => {
  const instant = new Date(at).toISOString();
  const ticket: Ticket = {
    ...fields,
    status: 'new',
    assigneeId: null,
    createdAt: instant,
    updatedAt: instant,
    resolvedAt: null,
    nextDueAt: null,
    mergedInto: null,
    version: 0,
  };
  const { id: _id, description: _description, ...told } = fields;
  return conclude(null, {
    ticket,
    entries: [{ at, kind: 'created', status: 'new', priority: fields.priority }],
    at,
    actor,
    type: 'ticket.created',
    data: { ...told, status: 'new', assigneeId: null },
  });
};
