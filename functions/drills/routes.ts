import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, line, pageQuery } from '../platform/http/fields.ts';
import { drillAnswerSchema } from './domain/answer.ts';
import { drillStates, methodSchema, verdictSchema } from './domain/drill.ts';
import { planSchema } from './domain/plan.ts';

const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin'];
const performers: readonly Role[] = ['engineer', 'manager', 'admin'];

export const drillAnswer = drillAnswerSchema.meta({ id: 'Drill' });
export const planAnswer = planSchema.omit({ told: true, lookAt: true, since: true }).meta({ id: 'DrillPlan' });

const seconds = () => z.number().int().positive().max(31_536_000);
const objectives = () => z.strictObject({ rpoSeconds: seconds(), rtoSeconds: seconds() });
const costCeiling = () => z.number().nonnegative().max(1_000_000).nullable().describe('Dollars; null: no ceiling.');
const table = () => line(255).describe('`operations`, or another table of the account that may be drilled.');
const recoveryPoint = () =>
  z
    .enum(['newest', 'fresh'])
    .describe('`fresh` takes a backup of its own first, and declares the disaster when that is complete.');
const drillParams = () => z.strictObject({ drillId: id('drl') });
const planParams = () => z.strictObject({ planId: id('dpl') });

export const startDrill = defineRoute({
  method: 'POST',
  path: '/v1/drills',
  summary: 'Declare a disaster and restore from the backups, to see what would be lost and how long it would take',
  description: [
    'The restored copy is a table of its own, which is checked item by item, served from and removed again; the table that is drilled is only read. One drill at a time for a table: 409 names the one that runs.',
    'Objectives that are left out are those of the plan, else those of the service with this table. What a plan says need not be said again.',
  ].join('\n\n'),
  requirements: ['S-03', 'S-04', 'S-05', 'S-06'],
  roles: performers,
  customerScope: 'none',
  get body() {
    return z.strictObject({
      planId: id('dpl').nullable().default(null),
      table: table().optional(),
      method: methodSchema.optional(),
      recoveryPoint: recoveryPoint().optional(),
      atRest: z
        .boolean()
        .default(false)
        .describe(
          'Your word that nobody writes to the table from the recovery point on until the drill has read it: what differs is then a fault of the copy. Without it a difference of another table than `operations` proves nothing. Not for `operations`, which tells by itself what was changed since.',
        ),
      objectives: objectives().optional(),
      costCeiling: costCeiling().optional(),
    });
  },
  success: { status: 202, answer: drillAnswer },
  problems: [404, 409],
  example: { table: 'operations', method: 'backup', objectives: { rpoSeconds: 3600, rtoSeconds: 14400 } },
});

export const listDrills = defineRoute({
  method: 'GET',
  path: '/v1/drills',
  summary: 'Drills, newest first',
  requirements: ['S-05'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({
      table: table().optional(),
      verdict: verdictSchema.optional(),
      state: z.enum(drillStates).optional(),
      planId: id('dpl').optional(),
      ...pageQuery,
    });
  },
  success: aPageOf(drillAnswer),
});

export const getDrill = defineRoute({
  method: 'GET',
  path: '/v1/drills/{drillId}',
  summary: 'One drill: its legs, what it measured, what was checked, and the verdict',
  description:
    'A figure that was not measured is null. `passed` means that everything was checked and both objectives were met.',
  requirements: ['S-03', 'S-04', 'S-05', 'S-06'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return drillParams();
  },
  success: { status: 200, answer: drillAnswer, etag: true },
  problems: [404],
});

export const cancelDrill = defineRoute({
  method: 'POST',
  path: '/v1/drills/{drillId}/cancel',
  summary: 'End a drill early',
  description:
    'What was restored is removed first; then the drill is `cancelled`. One that has its verdict is not cancelled any more: 409.',
  requirements: ['S-05'],
  roles: performers,
  customerScope: 'none',
  get params() {
    return drillParams();
  },
  success: { status: 202, answer: drillAnswer },
  problems: [404, 409],
});

export const getReport = defineRoute({
  method: 'GET',
  path: '/v1/drills/{drillId}/report',
  summary: 'The report of a drill, for an auditor',
  description:
    'HTML (one page that loads nothing) or Markdown, as it is kept in the evidence bucket since the end of the drill; `report.sha256` of the drill is the hash of the HTML. While the drill is not over: 409.',
  requirements: ['S-05'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return drillParams();
  },
  get query() {
    return z.strictObject({ format: z.enum(['html', 'markdown']).default('html') });
  },
  success: { status: 200, answer: z.string(), media: ['text/html', 'text/markdown'] },
  problems: [404, 409],
});

const planFields = () => ({
  name: line(200),
  table: table(),
  method: methodSchema,
  recoveryPoint: recoveryPoint(),
  schedule: z
    .strictObject({ cron: line(100), timezone: line(64) })
    .nullable()
    .describe('Five fields of cron, read in the time zone: `0 3 * * SUN`. Null: started by hand only.'),
  objectives: objectives().nullable(),
  costCeiling: costCeiling(),
  enabled: z.boolean(),
});

export const createPlan = defineRoute({
  method: 'POST',
  path: '/v1/drill-plans',
  summary: 'Plan drills',
  description:
    'At each instant of its schedule a drill is started; one that does not begin or end in time raises an alert.',
  requirements: ['S-05'],
  roles: performers,
  customerScope: 'none',
  get body() {
    const { recoveryPoint: which, schedule, objectives: own, costCeiling: ceiling, enabled, ...needed } = planFields();
    return z.strictObject({
      ...needed,
      recoveryPoint: which.default('newest'),
      schedule: schedule.default(null),
      objectives: own.default(null),
      costCeiling: ceiling.default(null),
      enabled: enabled.default(true),
    });
  },
  success: { status: 201, answer: planAnswer, etag: true },
  example: {
    name: 'Each Sunday',
    table: 'operations',
    method: 'backup',
    schedule: { cron: '0 3 * * SUN', timezone: 'Europe/Berlin' },
    objectives: { rpoSeconds: 86_400, rtoSeconds: 14_400 },
    costCeiling: 5,
  },
});

export const listPlans = defineRoute({
  method: 'GET',
  path: '/v1/drill-plans',
  summary: 'Drill plans by name',
  requirements: ['S-05'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({ archived: z.enum(['true', 'false']).default('false'), ...pageQuery });
  },
  success: aPageOf(planAnswer),
});

export const getPlan = defineRoute({
  method: 'GET',
  path: '/v1/drill-plans/{planId}',
  summary: 'One drill plan',
  requirements: ['S-05'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return planParams();
  },
  success: { status: 200, answer: planAnswer, etag: true },
  problems: [404],
});

export const patchPlan = defineRoute({
  method: 'PATCH',
  path: '/v1/drill-plans/{planId}',
  summary: 'Change a drill plan',
  description: 'Another schedule holds from now on. One that is archived does not change any more: 409.',
  requirements: ['S-05'],
  roles: performers,
  customerScope: 'none',
  get params() {
    return planParams();
  },
  get body() {
    return z.strictObject(planFields()).partial();
  },
  success: { status: 200, answer: planAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { enabled: false },
});

export const archivePlan = defineRoute({
  method: 'DELETE',
  path: '/v1/drill-plans/{planId}',
  summary: 'Take a drill plan out of use',
  description: 'It is archived and starts no drill any more; its drills stay.',
  requirements: ['S-05'],
  roles: performers,
  customerScope: 'none',
  get params() {
    return planParams();
  },
  success: { status: 204, answer: null },
  problems: [404, 412, 428],
  ifMatch: 'required',
});

export const drillsContract: readonly RouteContract[] = [
  startDrill,
  listDrills,
  getDrill,
  cancelDrill,
  getReport,
  createPlan,
  listPlans,
  getPlan,
  patchPlan,
  archivePlan,
];
