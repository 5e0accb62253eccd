import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, id, line, pageQuery, storedInstant, text } from '../platform/http/fields.ts';
import { serviceSchema, tierSchema } from './domain/service.ts';

const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'];
const writers: readonly Role[] = ['engineer', 'manager', 'admin'];

export const serviceAnswer = serviceSchema.meta({ id: 'Service' });

const verdict = z.enum(['passed', 'failed', 'unknown']);
const measured = z.object({ seconds: z.number().nullable(), met: z.boolean().nullable() });

export const healthAnswer = z
  .object({
    serviceId: z.string(),
    objectives: serviceSchema.shape.objectives,
    recoverability: z
      .enum(['ok', 'at_risk', 'unknown'])
      .describe(
        'at_risk: the last drill did not pass, or the newest recovery point is older than the objective. unknown: nothing is promised, or nothing was measured yet.',
      ),
    lastDrill: z
      .object({ id: z.string(), verdict, concludedAt: storedInstant.nullable(), rpo: measured, rto: measured })
      .nullable(),
    recoveryPoint: z
      .object({
        newestRecoveryPointAt: storedInstant.nullable(),
        ageSeconds: z.number().nullable(),
        withinObjective: z.boolean().nullable(),
      })
      .nullable()
      .describe('Null: the service has no table, or nobody has looked yet.'),
  })
  .meta({ id: 'ServiceHealth' });

const seconds = () => z.number().int().positive().max(31_536_000);

const fields = () => ({
  name: line(200),
  description: text(8_192),
  tier: tierSchema,
  ownerTeamId: id('tem').nullable(),
  table: line(255).nullable().describe('`operations`, another table that can be drilled, or null.'),
  objectives: z.strictObject({ rpoSeconds: seconds(), rtoSeconds: seconds() }).nullable(),
});
const params = () => z.strictObject({ serviceId: id('svc') });

export const createService = defineRoute({
  method: 'POST',
  path: '/v1/services',
  summary: 'Put a service into the catalogue',
  description: 'A table is the data of one service: 409 when another has it.',
  requirements: ['S-01', 'S-03', 'S-04'],
  roles: writers,
  customerScope: 'none',
  get body() {
    const { name, description, tier, ownerTeamId, table, objectives } = fields();
    return z.strictObject({
      name,
      description: description.default(''),
      tier: tier.default('2'),
      ownerTeamId: ownerTeamId.default(null),
      table: table.default(null),
      objectives: objectives.default(null),
    });
  },
  success: { status: 201, answer: serviceAnswer, etag: true },
  problems: [409],
  example: {
    name: 'Service desk',
    tier: '1',
    table: 'operations',
    objectives: { rpoSeconds: 3600, rtoSeconds: 14400 },
  },
});

export const listServices = defineRoute({
  method: 'GET',
  path: '/v1/services',
  summary: 'Services by name',
  requirements: ['S-01'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject(pageQuery);
  },
  success: aPageOf(serviceAnswer),
});

export const getService = defineRoute({
  method: 'GET',
  path: '/v1/services/{serviceId}',
  summary: 'One service',
  requirements: ['S-01'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return params();
  },
  success: { status: 200, answer: serviceAnswer, etag: true },
  problems: [404],
});

export const patchService = defineRoute({
  method: 'PATCH',
  path: '/v1/services/{serviceId}',
  summary: 'Change a service',
  requirements: ['S-01', 'S-03', 'S-04'],
  roles: writers,
  customerScope: 'none',
  get params() {
    return params();
  },
  get body() {
    return z.strictObject(fields()).partial();
  },
  success: { status: 200, answer: serviceAnswer, etag: true },
  problems: [404, 409, 412, 428],
  ifMatch: 'required',
  example: { objectives: { rpoSeconds: 900, rtoSeconds: 7200 } },
});

export const getHealth = defineRoute({
  method: 'GET',
  path: '/v1/services/{serviceId}/health',
  summary: 'Whether the data of a service can be got back as promised',
  description: 'The last drill that was concluded, and the age of the newest recovery point, against the objectives.',
  requirements: ['S-01', 'S-03', 'S-04'],
  roles: readers,
  customerScope: 'none',
  get params() {
    return params();
  },
  success: { status: 200, answer: healthAnswer },
  problems: [404],
});

export const servicesContract: readonly RouteContract[] = [
  createService,
  listServices,
  getService,
  patchService,
  getHealth,
];
