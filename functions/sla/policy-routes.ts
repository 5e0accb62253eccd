import * as z from 'zod';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, instant, line, pageQuery, storedInstant } from '../platform/http/fields.ts';
import { keepers, listQuery, staff, versionParam } from './calendar-routes.ts';
import { conditionsSchema, escalationTargetSchema, type Level, levelSchema, offsetsOf } from './domain/policy.ts';
import { usualTerms } from './domain/policy.ts';
import {
  repeatAtLeastSeconds,
  repeatAtMostSeconds,
  repeatsAtMost,
  targetAtLeastSeconds,
  targetAtMostSeconds,
  type TermTargets,
} from './domain/policy-terms.ts';
import { metricSchema, prioritySchema, statusSchema } from './domain/timeline.ts';

const clockState = z.enum(['running', 'paused', 'met', 'breached', 'cancelled']);

const params = z.strictObject({ policyId: id('slp') });

const unique = (values: readonly unknown[]): boolean => new Set(values).size === values.length;

const atMost = (count: number) =>
  [
    (values: readonly unknown[]) => values.length <= count && unique(values),
    `must be at most ${count}, each once`,
  ] as const;

const conditions = () => {
  const { priority } = conditionsSchema.shape;
  const someOf = (value: z.ZodType<string>) =>
    z
      .array(value)
      .refine(...atMost(100))
      .default([]);
  return z
    .strictObject({
      customerId: someOf(id('cus')),
      tier: someOf(line(60)),
      type: someOf(line(60)),
      priority: priority.refine(...atMost(4)).default([]),
      serviceId: someOf(line(100)),
      teamId: someOf(id('tem')),
      channel: someOf(line(60)),
    })
    .describe('All must hold; an empty list lets everything through.');
};

const target = () =>
  z.strictObject({
    seconds: z
      .number()
      .int()
      .min(targetAtLeastSeconds, `must be at least ${targetAtLeastSeconds} seconds`)
      .max(targetAtMostSeconds, `must be at most ${targetAtMostSeconds} seconds: 365 days`),
    calendarId: id('cal').optional().describe('By which it is counted; the policy’s when left out.'),
  });

const hasTarget = (targets: TermTargets): boolean =>
  Object.values(targets).some((byPriority) => Object.keys(byPriority ?? {}).length > 0);

const everySays = `must be ${repeatAtLeastSeconds} to ${repeatAtMostSeconds} whole seconds: 5 minutes to 7 days`;
const timesSays = `must be a whole number from 1 to ${repeatsAtMost}`;

/** Aborts when it is out of bounds, so that nothing is made of a million repetitions. */
const wholeNumber = (least: number, most: number, error: string) =>
  z.int({ error, abort: true }).min(least, { error, abort: true }).max(most, { error, abort: true });

const repeat = () =>
  z
    .strictObject({
      everySeconds: wholeNumber(repeatAtLeastSeconds, repeatAtMostSeconds, everySays),
      times: wholeNumber(1, repeatsAtMost, timesSays).describe('How often it is told again after the first time.'),
    })
    .nullable()
    .default(null)
    .describe(
      'Told again, each time `everySeconds` later as the clock counts, until somebody acknowledges or the clock stops; of those that are past when the desk looks only the last. Null: told once.',
    );

type Told = Pick<Level, 'offsetSeconds' | 'repeat'>;
const missesDeadline = (level: Told): boolean => level.offsetSeconds === 0 || !offsetsOf(level).includes(0);
const endsInTime = (level: Told): boolean => (offsetsOf(level).at(-1) ?? 0) <= targetAtMostSeconds;

const level = () =>
  z
    .strictObject({
      metrics: z
        .array(metricSchema)
        .min(1)
        .refine(...atMost(5)),
      offsetSeconds: z
        .number()
        .int()
        .min(-targetAtMostSeconds)
        .max(targetAtMostSeconds)
        .refine((seconds) => seconds !== 0, 'must not be 0: the deadline itself is alerted anyway')
        .describe('From the deadline, counted by the clock; negative before it.'),
      targets: z
        .array(escalationTargetSchema)
        .min(1)
        .refine(...atMost(5)),
      repeat: repeat(),
    })
    .refine(missesDeadline, {
      path: ['repeat'],
      error: 'must not repeat at the deadline itself, which is alerted anyway: another `everySeconds` steps over it',
    })
    .refine(endsInTime, {
      path: ['repeat'],
      error: `must not repeat later than ${targetAtMostSeconds} seconds after the deadline: 365 days`,
    });

/** What levels tell of one metric, repetitions too, is told apart by its distance from the deadline. */
const apart = (levels: readonly (Told & Pick<Level, 'metrics'>)[]): boolean =>
  unique(
    levels.flatMap((one) => offsetsOf(one).flatMap((offset) => one.metrics.map((metric) => `${metric} ${offset}`))),
  );

const fields = () => ({
  name: line(200),
  enabled: z.boolean(),
  conditions: conditions(),
  calendarId: id('cal').describe('By which targets are counted that name none of their own.'),
  effectiveFrom: instant.nullable(),
  effectiveUntil: instant.nullable(),
  targets: z
    .partialRecord(metricSchema, z.partialRecord(prioritySchema, target()))
    .refine(hasTarget, 'must have at least one target'),
  pausedBy: z
    .partialRecord(metricSchema, z.array(statusSchema).refine(...atMost(7)))
    .describe('The statuses in which a clock does not count.'),
  warnings: z
    .array(z.number().int().min(1, 'must be 1 to 99 percent').max(99, 'must be 1 to 99 percent'))
    .refine(...atMost(5))
    .describe('Percent of the target.'),
  levels: z
    .array(level())
    .max(10, 'must be at most 10 levels')
    .refine(apart, 'must not have two levels of a metric at one offset, repetitions included'),
});

const position = z
  .number()
  .int()
  .min(1)
  .optional()
  .describe('The how manieth policy it is, from 1: the first one that matches is taken.');

/** What a change of a policy may ask for. */
const policyChange = () =>
  z
    .strictObject({ ...z.strictObject(fields()).partial().shape, position })
    .refine((body) => Object.keys(body).length > 0, 'must change something');

const termsAnswer = z.object({
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
  enabled: z.boolean(),
  conditions: conditionsSchema,
  effectiveFrom: storedInstant.nullable(),
  effectiveUntil: storedInstant.nullable(),
  calendarId: z.string(),
  targets: z.partialRecord(
    metricSchema,
    z.partialRecord(
      prioritySchema,
      z.object({ seconds: z.number().int(), calendarId: z.string(), calendarVersion: z.number().int() }),
    ),
  ),
  pausedBy: z.partialRecord(metricSchema, z.array(statusSchema)),
  warnings: z.array(z.number().int()),
  levels: z.array(levelSchema),
  version: z.number().int(),
});
export const policyVersionAnswer = termsAnswer.meta({ id: 'SlaPolicyVersion' });
export const policyAnswer = termsAnswer
  .extend({
    position: z.number().int().nullable().describe('Null when it was archived.'),
    archivedAt: storedInstant.nullable(),
    createdAt: storedInstant,
    updatedAt: storedInstant,
  })
  .meta({ id: 'SlaPolicy' });

const example = {
  name: 'Gold, critical',
  conditions: { tier: ['gold'], priority: ['critical'] },
  calendarId: 'cal_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
  targets: { firstResponse: { critical: { seconds: 900 } }, resolution: { critical: { seconds: 14_400 } } },
  levels: [
    { metrics: ['resolution'], offsetSeconds: -1800, targets: ['assignee', 'onCall'] },
    { metrics: ['resolution'], offsetSeconds: 900, targets: ['manager'], repeat: { everySeconds: 1800, times: 3 } },
  ],
};

export const createPolicy = defineRoute({
  method: 'POST',
  path: '/v1/sla-policies',
  summary: 'Add an SLA policy: what is promised to which tickets',
  description: [
    'Policies stand in an order, and the first one that matches a ticket is taken for it. A new one stands before the default policy unless `position` says otherwise, and holds for tickets that are opened from now on; running ones come to it when it is applied.',
    'Targets are 60 seconds to 365 days and count by the calendar as it is now. Levels are sorted by their offset; the first is level 1. A level is told once, or again by its `repeat`, always as level of the same number; no two of a metric may meet at one offset. At most 100 policies.',
  ].join('\n\n'),
  requirements: ['S-49', 'S-46'],
  roles: keepers,
  customerScope: 'none',
  get body() {
    const { name, calendarId, targets, ...others } = fields();
    return z.strictObject({
      name,
      calendarId,
      targets,
      enabled: others.enabled.default(usualTerms.enabled),
      conditions: others.conditions.default(usualTerms.conditions),
      effectiveFrom: others.effectiveFrom.default(null),
      effectiveUntil: others.effectiveUntil.default(null),
      pausedBy: others.pausedBy.default(usualTerms.pausedBy),
      warnings: others.warnings.default(usualTerms.warnings),
      levels: others.levels.default(usualTerms.levels),
      position,
    });
  },
  success: { status: 201, answer: policyAnswer, etag: true },
  example,
});

export const listPolicies = defineRoute({
  method: 'GET',
  path: '/v1/sla-policies',
  summary: 'SLA policies in their order; with archived ones, by name',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  get query() {
    return z.strictObject(listQuery);
  },
  success: aPageOf(policyAnswer),
});

export const getPolicy = defineRoute({
  method: 'GET',
  path: '/v1/sla-policies/{policyId}',
  summary: 'One SLA policy, also an archived one',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  params,
  success: { status: 200, answer: policyAnswer, etag: true },
  problems: [404],
});

export const getPolicyVersion = defineRoute({
  method: 'GET',
  path: '/v1/sla-policies/{policyId}/versions/{version}',
  summary: 'What an SLA policy was in one of its versions',
  description: 'Clocks are explained by the version that they run by, for ever.',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  get params() {
    return z.strictObject({ policyId: id('slp'), version: versionParam });
  },
  success: { status: 200, answer: policyVersionAnswer },
  problems: [404],
});

export const changePolicy = defineRoute({
  method: 'PATCH',
  path: '/v1/sla-policies/{policyId}',
  summary: 'Change an SLA policy: a new version of it, or another place in the order',
  description:
    'Each field that is given replaces the old one whole. Targets count by their calendars as they are now. Tickets that are opened have the new version at once, running ones when it is applied: preview that first.',
  requirements: ['S-49', 'S-46'],
  roles: keepers,
  customerScope: 'none',
  params,
  get body() {
    return policyChange();
  },
  success: { status: 200, answer: policyAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { warnings: [50, 75] },
});

export const archivePolicy = defineRoute({
  method: 'POST',
  path: '/v1/sla-policies/{policyId}/archive',
  summary: 'Archive an SLA policy: no ticket comes to it any more',
  description: 'Tickets that run by it go on so. The default policy cannot be archived (409); it can be disabled.',
  requirements: ['S-49'],
  roles: keepers,
  customerScope: 'none',
  params,
  success: { status: 200, answer: policyAnswer, etag: true },
  problems: [404, 409, 412],
});

const clockMove = z.object({
  metric: metricSchema,
  cycle: z.number().int(),
  dueAt: storedInstant.nullable().describe('Null: nothing was promised.'),
  newDueAt: storedInstant.nullable().describe('Null: nothing is promised any more.'),
  state: clockState.nullable(),
  newState: clockState.nullable(),
});

export const previewPolicy = defineRoute({
  method: 'POST',
  path: '/v1/sla-policies/{policyId}/preview',
  summary: 'Which running tickets applying a policy would move, and how',
  description:
    'Nothing is written. Without `change` as the policy stands now; with it, as if it had been changed so. Looks at up to `limit` running tickets a call and lists those that would move: go on with `cursor` until `nextCursor` is null, also after a page without items.',
  requirements: ['S-49'],
  roles: ['lead', ...keepers],
  customerScope: 'none',
  params,
  get query() {
    return z.strictObject({
      ...pageQuery,
      limit: pageQuery.limit.unwrap().default(100).describe('Tickets that are looked at, 1 to 100.'),
    });
  },
  get body() {
    return z.strictObject({ change: policyChange().optional() });
  },
  success: {
    status: 200,
    get answer() {
      const ref = z.object({ id: z.string(), version: z.number().int() }).nullable();
      return z.object({
        items: z.array(
          z.object({
            ticketId: z.string(),
            number: z.string(),
            policy: z.object({ from: ref, to: ref }),
            clocks: z.array(clockMove),
          }),
        ),
        examined: z.number().int(),
        nextCursor: z.string().nullable(),
      });
    },
  },
  problems: [404, 409],
  example: { change: { warnings: [50] } },
});

export const applicationAnswer = z
  .object({
    id: z.string(),
    policyId: z.string(),
    state: z.enum(['waiting', 'running', 'done', 'failed']),
    examined: z.number().int(),
    moved: z.number().int(),
    unchanged: z.number().int(),
    failed: z.number().int(),
    startedAt: storedInstant,
    endedAt: storedInstant.nullable(),
    by: z.string().describe('Who asked for it.'),
  })
  .meta({ id: 'SlaApplication' });

export const applyPolicy = defineRoute({
  method: 'POST',
  path: '/v1/sla-policies/{policyId}/apply',
  summary: 'Apply a policy to the tickets that are running',
  description:
    'Each gets the policy that is for it now, in the version of now: targets hold from the original start, pauses and recorded breaches stay, finished clocks never change. Runs by itself after the answer. One at a time for a policy (409 names it).',
  requirements: ['S-49'],
  roles: keepers,
  customerScope: 'none',
  params,
  success: { status: 202, answer: applicationAnswer },
  problems: [404, 409],
});

export const listApplications = defineRoute({
  method: 'GET',
  path: '/v1/sla-policies/{policyId}/applications',
  summary: 'When a policy was applied, the newest first',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  params,
  get query() {
    return z.strictObject(pageQuery);
  },
  success: aPageOf(applicationAnswer),
  problems: [404],
});

export const getApplication = defineRoute({
  method: 'GET',
  path: '/v1/sla-policies/{policyId}/applications/{applicationId}',
  summary: 'How far a policy is applied',
  requirements: ['S-49'],
  roles: staff,
  customerScope: 'none',
  get params() {
    return z.strictObject({ policyId: id('slp'), applicationId: id('sla') });
  },
  success: { status: 200, answer: applicationAnswer },
  problems: [404],
});

export const policiesContract: readonly RouteContract[] = [
  createPolicy,
  listPolicies,
  getPolicy,
  getPolicyVersion,
  changePolicy,
  archivePolicy,
  previewPolicy,
  applyPolicy,
  listApplications,
  getApplication,
];
