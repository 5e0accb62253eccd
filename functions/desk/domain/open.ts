import type { Actor } from '../../platform/actor.ts';
import { conclude, type Decision } from './decision.ts';
import { firstPolicy, type PolicyChoice } from './policy-choice.ts';
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

/** Opens a ticket (S-20): its clocks start at `at`, by the policy that is for it. The opening text is never a response, whoever writes it. */
export const openTicket = (fields: NewTicket, actor: Actor, at: number, choice: PolicyChoice): Decision => {
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
  const { termsOf } = choice.book;
  return conclude(
    { termsOf },
    {
      ticket,
      entries: [
        ...firstPolicy(choice, ticket, at),
        {
          at,
          kind: 'created',
          status: 'new',
          priority: fields.priority,
          ...(fields.teamId === null ? {} : { team: true as const }),
        },
      ],
      at,
      actor,
      type: 'ticket.created',
      data: { ...told, status: 'new', assigneeId: null },
    },
  );
};
