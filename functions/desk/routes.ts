import * as z from 'zod';
import { actorSchema, roles } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import {
  aPageOf,
  email,
  id,
  instant,
  line,
  pageOf,
  pageQuery,
  phone,
  storedInstant,
  text,
} from '../platform/http/fields.ts';
import { metrics, priorities, prioritySchema, statuses, statusSchema } from '../sla/index.ts';
import { channels, ticketRowSchema, ticketSchema, ticketTypes } from './domain/ticket.ts';
import { importTicketSchema } from './import-schema.ts';

const ticketId = z.strictObject({ ticketId: id('tkt') });
const workers = ['agent', 'lead', 'engineer', 'manager', 'admin', 'integration'] as const;
const writers = ['requester', ...workers] as const;

/** `open,resolved` -> ['open', 'resolved'] */
const listOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z
    .string()
    .transform((given) => given.split(','))
    .pipe(z.array(z.enum(values, `must be one or more of ${values.join(', ')}, separated by commas`)))
    .optional()
    .describe(`One or more of ${values.join(', ')}, separated by commas.`);

const idOrNone = (prefix: 'tem' | 'agt') =>
  z.union([z.literal('none').transform(() => null), id(prefix)], `must be an id like ${prefix}_… or none`).optional();

export const createTicket = defineRoute({
  method: 'POST',
  path: '/v1/tickets',
  summary: 'Open a ticket',
  description:
    'Its clocks start at once, by the first SLA policy that matches it (GET /v1/sla-policies). The requester is found by mail address within the customer, or registered. With an Idempotency-Key a repetition within 24 h answers the same ticket.',
  requirements: ['S-20', 'S-41', 'P-17'],
  roles: writers,
  customerScope: 'own',
  get body() {
    return z.strictObject({
      customerId: id('cus'),
      requester: z
        .strictObject({ name: line(200), email, phone: phone.nullable().default(null) })
        .nullable()
        .default(null)
        .describe('Who asks. A requester may leave it out and is it then.'),
      subject: line(300),
      description: text(64 * 1024).default(''),
      type: z.enum(ticketTypes).default('incident'),
      priority: prioritySchema.default('normal'),
      channel: z.enum(channels).default('api'),
      serviceId: z.null().default(null),
      teamId: id('tem').nullable().default(null),
      tags: z.array(line(60)).max(20).default([]),
    });
  },
  success: { status: 201, answer: ticketSchema, etag: true },
  problems: [404, 422],
  example: {
    customerId: 'cus_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    requester: { name: 'Ada', email: 'ada@acme.example' },
    subject: 'Checkout answers 502',
    description: 'Since 09:10 UTC, about every third request.',
    type: 'incident',
    priority: 'high',
    channel: 'email',
  },
});

export const listTickets = defineRoute({
  method: 'GET',
  path: '/v1/tickets',
  summary: 'Tickets by next deadline, last update or creation',
  description:
    '`sort=deadline` (default): what is owed longest first, missed deadlines included, then tickets that owe nothing now, then solved ones. `updated`: last change first, about a second behind. `created`: newest first, with customerId only; the default there and for requesters. A page that the filters make short still has a nextCursor; the list ends when it is null.',
  requirements: ['S-20'],
  roles,
  customerScope: 'own',
  get query() {
    return z.strictObject({
      queue: z
        .enum(['open', 'unassigned', 'mine'])
        .optional()
        .describe('open: unsolved; unassigned: unsolved without assignee; mine: unsolved and assigned to the caller.'),
      status: listOf(statuses),
      teamId: idOrNone('tem').describe('A team, or none.'),
      assigneeId: idOrNone('agt').describe('An agent, or none.'),
      customerId: id('cus').optional(),
      priority: listOf(priorities),
      sort: z.enum(['deadline', 'updated', 'created']).optional(),
      ...pageQuery,
    });
  },
  success: aPageOf(ticketRowSchema),
  problems: [404],
});

export const getTicket = defineRoute({
  method: 'GET',
  path: '/v1/tickets/{ticketId}',
  summary: 'One ticket',
  requirements: ['S-20'],
  roles,
  customerScope: 'own',
  params: ticketId,
  success: { status: 200, answer: ticketSchema, etag: true },
  problems: [404],
});

export const patchTicket = defineRoute({
  method: 'PATCH',
  path: '/v1/tickets/{ticketId}',
  summary: 'Change priority, subject, team, assignee or tags',
  description:
    'A new priority sets new targets from the original start and keeps the pauses. An assignee without a teamId in the same change brings the ticket to their team.',
  requirements: ['S-20', 'S-24'],
  roles: workers,
  customerScope: 'none',
  params: ticketId,
  get body() {
    return z
      .strictObject({
        priority: prioritySchema.optional(),
        subject: line(300).optional(),
        teamId: id('tem').nullable().optional(),
        assigneeId: id('agt').nullable().optional(),
        tags: z.array(line(60)).max(20).optional(),
      })
      .refine((changes) => Object.keys(changes).length > 0, 'must change at least one field');
  },
  success: { status: 200, answer: ticketSchema, etag: true },
  problems: [404, 412, 428],
  ifMatch: 'required',
  example: { priority: 'critical' },
});

export const setTicketStatus = defineRoute({
  method: 'POST',
  path: '/v1/tickets/{ticketId}/status',
  summary: 'Lead a ticket to another status',
  description:
    'What a status pauses is said by the ticket’s SLA policy; by default `waiting_customer` pauses the resolution clock. `resolved` stops the clocks and closes by itself after 7 days; back to an active status is a reopen, which does not count the time spent resolved. `closed` is final.',
  requirements: ['S-24', 'P-04'],
  roles: workers,
  customerScope: 'none',
  params: ticketId,
  get body() {
    return z.strictObject({
      status: statusSchema,
      reason: line(100).nullable().default(null),
      note: text(4096).nullable().default(null),
    });
  },
  success: { status: 200, answer: ticketSchema, etag: true },
  problems: [404, 409, 412, 422],
  example: { status: 'resolved', reason: 'fixed', note: 'Rolled back release 41.' },
});

export const replyToTicket = defineRoute({
  method: 'POST',
  path: '/v1/tickets/{ticketId}/replies',
  summary: 'Add a public reply or an internal note',
  description:
    'A public reply by a person of the staff, on whatever channel, answers what waits for a response; notes, machines and automatic replies do not. A reply of the customer opens a ticket that waits for the customer or is resolved, and waits for the next response. With onBehalfOf, staff writes down what that contact said; it counts as the customer’s word. Answers the ticket after the reply.',
  requirements: ['S-20', 'S-24', 'P-03'],
  roles: writers,
  customerScope: 'own',
  params: ticketId,
  get body() {
    return z.strictObject({
      body: text(64 * 1024).refine((value) => value.trim() !== '', 'must not be empty'),
      visibility: z.enum(['public', 'internal']).default('public'),
      channel: z.enum(channels).default('api'),
      onBehalfOf: id('ctc').nullable().default(null),
      automatic: z
        .boolean()
        .default(false)
        .describe('Written by nobody, like out of office: moves neither clocks nor status.'),
    });
  },
  success: { status: 201, answer: ticketSchema, etag: true },
  problems: [404, 409, 412, 422],
  example: { body: 'We are looking into it.', visibility: 'public', channel: 'email' },
});

export const noteCall = defineRoute({
  method: 'POST',
  path: '/v1/tickets/{ticketId}/calls',
  summary: 'Write down a telephone call',
  description:
    'A call to the customer is a response at the instant at which it began, also when it is written down later: a promise that it kept is kept. Who rings opens a ticket that waits for the customer or is resolved. Answers the ticket after the call.',
  requirements: ['S-20', 'P-03'],
  roles: workers,
  customerScope: 'none',
  params: ticketId,
  get body() {
    return z.strictObject({
      direction: z.enum(['inbound', 'outbound']),
      startedAt: instant,
      endedAt: instant,
      note: text(4096).nullable().default(null),
    });
  },
  success: { status: 201, answer: ticketSchema, etag: true },
  problems: [404, 409, 412, 422],
  example: {
    direction: 'outbound',
    startedAt: '2026-03-01T09:30:00Z',
    endedAt: '2026-03-01T09:42:00Z',
    note: 'Told her that we roll back.',
  },
});

export const mergeTicket = defineRoute({
  method: 'POST',
  path: '/v1/tickets/{ticketId}/merge',
  summary: 'Let a ticket go on in another one',
  description:
    'Closes this ticket for good and names the other in `mergedInto`: its clocks are cancelled and it never escalates again; what it missed before stays missed. The other ticket’s history tells where it came from. Both must belong to the same customer. Answers the closed ticket; a repetition answers it again.',
  requirements: ['S-20'],
  roles: workers,
  customerScope: 'none',
  params: ticketId,
  get body() {
    return z.strictObject({ intoTicketId: id('tkt') });
  },
  success: { status: 200, answer: ticketSchema, etag: true },
  problems: [404, 409, 412, 422],
  example: { intoTicketId: 'tkt_01J8Z0K3V5W7Y9ABCDEFGHJKMN' },
});

export const getTimeline = defineRoute({
  method: 'GET',
  path: '/v1/tickets/{ticketId}/timeline',
  summary: 'A ticket’s history, oldest first',
  description:
    'Events are never changed. A requester does not see internal notes, notes of status changes, nor the desk’s own clocks.',
  requirements: ['S-20', 'S-57'],
  roles,
  customerScope: 'own',
  params: ticketId,
  get query() {
    return z.strictObject({ ...pageQuery });
  },
  success: {
    status: 200,
    get answer() {
      return pageOf(
        z
          .object({
            eventId: z.string(),
            version: z.number().int(),
            type: z.string(),
            at: storedInstant.describe('When it happened.'),
            recordedAt: storedInstant.describe('When it was written.'),
            actor: actorSchema,
            data: z.record(z.string(), z.unknown()),
          })
          .meta({ id: 'TimelineEntry' }),
      );
    },
  },
  problems: [404],
});

const version = z.object({ id: z.string(), version: z.number().int() });

export const getSla = defineRoute({
  method: 'GET',
  path: '/v1/tickets/{ticketId}/sla',
  summary: 'The clocks of a ticket, explained',
  description:
    'Each clock with the version of policy and calendar that it is measured by, its holds, when it warns and escalates, and an explanation to check by hand. With `at`, as they stood at that instant of the past, or would stand if nothing happened until then.',
  requirements: ['S-49', 'P-03', 'P-04'],
  roles,
  customerScope: 'own',
  params: ticketId,
  get query() {
    return z.strictObject({ at: z.iso.datetime({ offset: true, error: 'must be an ISO 8601 instant' }).optional() });
  },
  success: {
    status: 200,
    get answer() {
      return z
        .object({
          clocks: z.array(
            z.object({
              metric: z.enum(metrics),
              cycle: z.number().int(),
              state: z.enum(['running', 'paused', 'met', 'breached', 'cancelled']),
              targetSeconds: z.number().int(),
              startedAt: storedInstant,
              dueAt: storedInstant.describe('While paused: the due date if it resumed now.'),
              stoppedAt: storedInstant.nullable(),
              elapsedSeconds: z.number().int(),
              remainingSeconds: z.number().int().describe('Negative when overdue.'),
              pauses: z.array(z.object({ from: storedInstant, to: storedInstant.nullable(), reason: z.string() })),
              warnings: z
                .array(z.object({ share: z.number().int(), at: storedInstant.nullable(), raised: z.boolean() }))
                .describe('At this percentage of the target, in working hours; at is null while a hold puts it off.'),
              levels: z
                .array(
                  z.object({
                    level: z.number().int(),
                    repetition: z.number().int().describe('0: at the offset of the level; 1: told again once.'),
                    offsetSeconds: z
                      .number()
                      .int()
                      .describe('Counted by the clock, from the deadline; negative before it.'),
                    targets: z.array(z.string()),
                    at: storedInstant.nullable(),
                    raised: z.boolean(),
                  }),
                )
                .describe('Escalation levels and their repetitions, each at an instant of its own.'),
              acknowledged: z
                .boolean()
                .describe('Somebody takes care: no further level of this clock escalates, and none repeats.'),
              policy: version,
              calendar: version,
              explain: z.array(z.string()),
            }),
          ),
        })
        .meta({ id: 'SlaClocks' });
    },
  },
  problems: [404],
});

export const importTickets = defineRoute({
  method: 'POST',
  path: '/v1/tickets/import',
  summary: 'Import tickets with their history',
  description:
    'At most 25 tickets a call; each is one transaction, known by (source, externalId) for ever: repeating an import changes nothing (`unchanged`), a ticket that cannot be taken is `rejected` with its reasons and does not spoil the others. History is evaluated at its own instants, counts in the KPIs and never alerts.',
  requirements: ['S-20', 'K-11a'],
  roles: ['integration', 'admin'],
  customerScope: 'none',
  get body() {
    return z.strictObject({
      tickets: z
        .array(z.unknown().meta({ description: 'Each is validated by itself.', documented: importTicketSchema }))
        .min(1)
        .max(25, 'must have at most 25 tickets a call'),
    });
  },
  success: {
    status: 200,
    get answer() {
      return z
        .object({
          results: z.array(
            z.object({
              externalId: z.string().nullable(),
              outcome: z.enum(['created', 'unchanged', 'rejected']),
              ticketId: z.string().nullable(),
              errors: z.array(z.object({ path: z.string(), message: z.string() })),
            }),
          ),
        })
        .meta({ id: 'ImportResults' });
    },
  },
  problems: [422],
  example: {
    tickets: [
      {
        externalId: 'INC0000045',
        source: 'servicenow',
        subject: 'Checkout answers 502',
        customer: 'Location 143',
        requester: 'Caller 2403',
        priority: 'high',
        channel: 'phone',
        createdAt: '2025-02-28T01:16:00Z',
        history: [{ at: '2025-03-01T08:00:00Z', type: 'status', status: 'resolved' }],
      },
    ],
  },
});

export const deskContract: readonly RouteContract[] = [
  createTicket,
  listTickets,
  importTickets,
  getTicket,
  patchTicket,
  setTicketStatus,
  replyToTicket,
  noteCall,
  mergeTicket,
  getTimeline,
  getSla,
];
