import * as z from 'zod';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, instant, line, pageOf, pageQuery, storedInstant } from '../platform/http/fields.ts';
import {
  agentsAtMost,
  handoverSchema,
  localDate,
  overrideSchema,
  overridesAtMost,
  scheduleDays,
  scheduleDaysAtMost,
  zone,
} from './domain/rota.ts';

const readers = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'] as const;
const writers = ['admin', 'manager', 'lead'] as const;

/** An instant that a calendar may hold: turns are counted from the start, and not for ever. */
const moment = instant.refine((at) => at >= '2000' && at < '2101', 'must lie in the years 2000 to 2100');

const agentIds = z
  .array(id('agt'))
  .min(1)
  .max(agentsAtMost)
  .describe('Turns go round this list; somebody may stand in it more than once.');
const startsOn = localDate.describe(
  'Local day on which the first of the list takes over. It may lie in the past: turns are counted from it.',
);
const params = z.strictObject({ rotaId: id('rot') });

const patternAnswer = z.object({
  effectiveFrom: storedInstant,
  timezone: z.string(),
  agentIds: z.array(z.string()),
  startsOn: z.string(),
  handover: handoverSchema,
});

export const rotaAnswer = z
  .object({
    id: z.string(),
    teamId: z.string(),
    name: z.string(),
    ...patternAnswer.shape,
    effectiveFrom: storedInstant.describe('Since when, or from when on, turns go as it says here.'),
    planned: z.array(patternAnswer).describe('Changes that will hold later, in their order.'),
    archivedAt: storedInstant.nullable(),
    version: z.number().int(),
    createdAt: storedInstant,
    updatedAt: storedInstant,
  })
  .meta({ id: 'OnCallRota' });

export const shiftAnswer = z
  .object({
    agentId: z.string(),
    name: z.string(),
    from: storedInstant.describe('Since when; belongs to the shift.'),
    to: storedInstant.describe('Until when; no longer belongs to it.'),
    source: z.enum(['rotation', 'override']),
    overrideId: z.string().nullable(),
  })
  .meta({ id: 'OnCallShift' });

export const onCallAnswer = z
  .object({
    agentId: z.string().nullable().describe('Null before the rota begins and after it was archived.'),
    name: z.string().nullable(),
    from: storedInstant.nullable(),
    to: storedInstant.nullable(),
    source: z.enum(['rotation', 'override']).nullable(),
    overrideId: z.string().nullable(),
    next: z.object({ agentId: z.string(), name: z.string(), from: storedInstant }).nullable(),
  })
  .meta({ id: 'OnCall' });

export const createRota = defineRoute({
  method: 'POST',
  path: '/v1/on-call-rotas',
  summary: 'Give a team an on-call rota',
  description: [
    'Turns go round the list of agents and are handed over at a local time of the zone, whatever its clocks do: a week is seven local days. A time that the clocks leave out moves forward with them, of one that they show twice it is the first.',
    'A team has one rota (409 for a second); an archived one makes room.',
  ].join('\n\n'),
  requirements: ['S-46'],
  roles: writers,
  customerScope: 'none',
  get body() {
    return z.strictObject({
      teamId: id('tem'),
      name: line(200),
      timezone: zone,
      agentIds,
      startsOn,
      handover: handoverSchema,
    });
  },
  success: { status: 201, answer: rotaAnswer, etag: true },
  problems: [404, 409],
  example: {
    teamId: 'tem_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    name: 'Night watch',
    timezone: 'Europe/Berlin',
    agentIds: ['agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN'],
    startsOn: '2026-03-02',
    handover: { at: '09:00', every: 'week' },
  },
});

export const listRotas = defineRoute({
  method: 'GET',
  path: '/v1/on-call-rotas',
  summary: 'On-call rotas by name; archived ones are left out',
  requirements: ['S-46'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({ teamId: id('tem').optional().describe('The rota of this team, at once.'), ...pageQuery });
  },
  success: aPageOf(rotaAnswer),
});

export const getRota = defineRoute({
  method: 'GET',
  path: '/v1/on-call-rotas/{rotaId}',
  summary: 'One on-call rota, also an archived one',
  requirements: ['S-46'],
  roles: readers,
  customerScope: 'none',
  params,
  success: { status: 200, answer: rotaAnswer, etag: true },
  problems: [404],
});

export const changeRota = defineRoute({
  method: 'PATCH',
  path: '/v1/on-call-rotas/{rotaId}',
  summary: 'Rename a rota, or let its turns go otherwise from an instant on',
  description: [
    'Holds from `effectiveFrom`, now when left out; who was on call before is never changed. Changes that were planned for later than `effectiveFrom` hold no longer. At most 20 are planned.',
    'Without `startsOn` the first of a new list is on call from `effectiveFrom` until the next hand-over, and under the old list whoever is on call stays so; days of hand-over stay, unless turns get another length.',
  ].join('\n\n'),
  requirements: ['S-46'],
  roles: writers,
  customerScope: 'none',
  params,
  get body() {
    const pattern = {
      timezone: zone.optional(),
      agentIds: agentIds.optional(),
      startsOn: startsOn.optional(),
      handover: handoverSchema.optional(),
    };
    const names = Object.keys(pattern);
    return z
      .strictObject({ name: line(200).optional(), effectiveFrom: moment.optional(), ...pattern })
      .refine((body) => Object.keys(body).some((name) => name !== 'effectiveFrom'), 'must change something')
      .refine((body) => body.effectiveFrom === undefined || names.some((name) => name in body), {
        path: ['effectiveFrom'],
        message: `is for changes of ${names.join(', ')}; a name holds at once`,
      });
  },
  success: { status: 200, answer: rotaAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { agentIds: ['agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN'], effectiveFrom: '2026-04-06T07:00:00Z' },
});

export const archiveRota = defineRoute({
  method: 'DELETE',
  path: '/v1/on-call-rotas/{rotaId}',
  summary: 'Archive a rota: nobody is on call by it any more',
  description: 'It can still be read, and who was on call by it is still told. Its team may get another rota.',
  requirements: ['S-46'],
  roles: writers,
  customerScope: 'none',
  params,
  success: { status: 204, answer: null },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
});

export const addOverride = defineRoute({
  method: 'POST',
  path: '/v1/on-call-rotas/{rotaId}/overrides',
  summary: 'Put somebody on call, whosever turn it is',
  description: `For holidays and illness. The newest wins where several overlap. What of it lies in the past is left out: it begins now at the earliest. At most ${overridesAtMost} that are not over. The ETag is the rota’s.`,
  requirements: ['S-46'],
  roles: writers,
  customerScope: 'none',
  params,
  get body() {
    return z
      .strictObject({
        agentId: id('agt'),
        from: moment,
        to: moment,
        note: z.union([z.literal(''), line(500)]).default(''),
      })
      .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after `from`' });
  },
  success: { status: 201, answer: overrideSchema, etag: true },
  problems: [404, 409],
  example: {
    agentId: 'agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    from: '2026-12-24T08:00:00Z',
    to: '2026-12-27T08:00:00Z',
    note: 'Christmas',
  },
});

export const listOverrides = defineRoute({
  method: 'GET',
  path: '/v1/on-call-rotas/{rotaId}/overrides',
  summary: 'Overrides that are not over, the newest last; all on one page',
  description: `At most ${overridesAtMost}. The ETag is the rota’s, which ending one asks for.`,
  requirements: ['S-46'],
  roles: readers,
  customerScope: 'none',
  params,
  success: {
    status: 200,
    get answer() {
      return pageOf(overrideSchema);
    },
    etag: true,
  },
  problems: [404],
});

export const endOverride = defineRoute({
  method: 'DELETE',
  path: '/v1/on-call-rotas/{rotaId}/overrides/{overrideId}',
  summary: 'Take an override back',
  description:
    'One that has not begun never will; one that holds ends now, and what it was until then stays; one that is over is left as it is (409, and 404 once the next shift has begun). If-Match is the ETag of the rota.',
  requirements: ['S-46'],
  roles: writers,
  customerScope: 'none',
  get params() {
    return z.strictObject({ rotaId: id('rot'), overrideId: id('ovr') });
  },
  success: { status: 204, answer: null },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
});

export const getOnCall = defineRoute({
  method: 'GET',
  path: '/v1/on-call-rotas/{rotaId}/on-call',
  summary: 'Who is on call, or was or will be at an instant, and who takes over',
  requirements: ['S-46'],
  roles: readers,
  customerScope: 'none',
  params,
  get query() {
    return z.strictObject({ at: moment.optional().describe('Now when left out.') });
  },
  success: { status: 200, answer: onCallAnswer },
  problems: [404],
});

export const getSchedule = defineRoute({
  method: 'GET',
  path: '/v1/on-call-rotas/{rotaId}/schedule',
  summary: 'All shifts that touch a time, in order, with overrides cut in',
  description: `From \`from\` up to \`to\`, at most ${scheduleDaysAtMost} days, past or to come. Shifts are whole: the first may have begun before and the last may end after. Each hand-over is a shift of its own, also from somebody to themselves. All on one page.`,
  requirements: ['S-46'],
  roles: readers,
  customerScope: 'none',
  params,
  get query() {
    return z.strictObject({
      from: moment.optional().describe('Now when left out.'),
      to: moment.optional().describe(`${scheduleDays} days after \`from\` when left out.`),
    });
  },
  success: aPageOf(shiftAnswer),
  problems: [404],
});

export const onCallContract: readonly RouteContract[] = [
  createRota,
  listRotas,
  getRota,
  changeRota,
  archiveRota,
  addOverride,
  listOverrides,
  endOverride,
  getOnCall,
  getSchedule,
];
