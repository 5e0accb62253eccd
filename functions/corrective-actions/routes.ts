import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, line, pageQuery, text } from '../platform/http/fields.ts';
import { correctiveActionSchema, mostViolations, states } from './domain/corrective-action.ts';

const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'];
const writers: readonly Role[] = ['lead', 'manager', 'admin'];

/** An action as it is answered: with what follows from today. */
export const answeredActionSchema = correctiveActionSchema
  .extend({ overdue: z.boolean() })
  .meta({ id: 'CorrectiveAction' });

const params = () => z.strictObject({ actionId: id('cac') });
const day = () => z.iso.date('must be a local day like 2026-12-31');

const fields = () => ({
  title: line(200),
  description: text(8_192),
  ownerId: id('agt'),
  teamId: id('tem').nullable(),
  dueOn: day(),
  violationIds: z
    .array(id('vio'))
    .max(mostViolations)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name one twice'),
  effectiveness: z.strictObject({ check: line(500), checkOn: day() }).nullable(),
});

export const createAction = defineRoute({
  method: 'POST',
  path: '/v1/corrective-actions',
  summary: 'Open a corrective action, for violations that it shall prevent',
  requirements: ['S-51'],
  roles: writers,
  customerScope: 'none',
  get body() {
    const { description, teamId, violationIds, effectiveness, ...needed } = fields();
    return z.strictObject({
      ...needed,
      description: description.default(''),
      teamId: teamId.default(null),
      violationIds: violationIds.default([]),
      effectiveness: effectiveness.default(null),
    });
  },
  success: { status: 201, answer: answeredActionSchema, etag: true },
  example: {
    title: 'Second person on the night shift',
    ownerId: 'agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    dueOn: '2026-12-31',
    violationIds: ['vio_01J8Z0K3V5W7Y9ABCDEFGHJKMN'],
    effectiveness: { check: 'No first response of the night is late in January', checkOn: '2027-02-01' },
  },
});

export const listCorrectiveActions = defineRoute({
  method: 'GET',
  path: '/v1/corrective-actions',
  summary: 'Corrective actions by due day',
  requirements: ['S-51'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({
      state: z.enum(states).optional(),
      ownerId: id('agt').optional(),
      overdue: z
        .enum(['true', 'false'])
        .optional()
        .describe('Whether their due day has passed while they are not done.'),
      ...pageQuery,
    });
  },
  success: aPageOf(answeredActionSchema),
});

export const getAction = defineRoute({
  method: 'GET',
  path: '/v1/corrective-actions/{actionId}',
  summary: 'One corrective action',
  requirements: ['S-51'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return params();
  },
  success: { status: 200, answer: answeredActionSchema, etag: true },
  problems: [404],
});

export const patchAction = defineRoute({
  method: 'PATCH',
  path: '/v1/corrective-actions/{actionId}',
  summary: 'Change a corrective action',
  description: 'One that is verified or cancelled does not change any more: 409.',
  requirements: ['S-51'],
  roles: writers,
  customerScope: 'none',
  get params() {
    return params();
  },
  get body() {
    return z.strictObject(fields()).partial();
  },
  success: { status: 200, answer: answeredActionSchema, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { dueOn: '2027-01-31' },
});

export const setActionStatus = defineRoute({
  method: 'POST',
  path: '/v1/corrective-actions/{actionId}/status',
  summary: 'Say how far a corrective action is',
  description: [
    'open ⇄ in_progress → done → verified or ineffective; what was not effective goes back to in_progress. What is not done may be cancelled. Other ways are 409.',
    '`done` needs a note. Agents and engineers do it for actions that they own, leads, managers and admins for all.',
  ].join('\n\n'),
  requirements: ['S-51'],
  roles: ['agent', 'engineer', ...writers],
  customerScope: 'none',
  get params() {
    return params();
  },
  get body() {
    return z.strictObject({ status: z.enum(states), note: line(2_000).nullable().default(null) });
  },
  success: { status: 200, answer: answeredActionSchema, etag: true },
  problems: [404, 409],
  example: { status: 'done', note: 'The night shift has two people since Monday' },
});

export const correctiveActionsContract: readonly RouteContract[] = [
  createAction,
  listCorrectiveActions,
  getAction,
  patchAction,
  setActionStatus,
];
