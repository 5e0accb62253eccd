import * as z from 'zod';
import { roleSchema } from '../../platform/actor.ts';

/** The records behind people and machines: whom tickets are for, and who works on them. */

const kept = { version: z.number().int(), createdAt: z.string(), updatedAt: z.string() };

export const customerSchema = z
  .object({ id: z.string(), name: z.string(), tier: z.string(), ...kept })
  .meta({ id: 'Customer' });
export type Customer = z.infer<typeof customerSchema>;

export const contactSchema = z
  .object({
    id: z.string(),
    customerId: z.string().nullable().default(null),
    name: z.string(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    subject: z
      .string()
      .nullable()
      .describe('The `sub` of the login that acts as this contact; null for contacts without one.'),
    ...kept,
  })
  .meta({ id: 'Contact' });
export type Contact = z.infer<typeof contactSchema>;

export const teamSchema = z.object({ id: z.string(), name: z.string(), ...kept }).meta({ id: 'Team' });
export type Team = z.infer<typeof teamSchema>;

export const agentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    teamId: z.string().nullable(),
    role: roleSchema,
    subject: z
      .string()
      .nullable()
      .describe('The `sub` (people) or client id (machines) of the login; null for records without one.'),
    ...kept,
  })
  .meta({ id: 'Agent' });
export type Agent = z.infer<typeof agentSchema>;

/** What a login stands for: read on every request, cached for a minute. */
export const principalRecordSchema = z.object({
  id: z.string(),
  role: roleSchema,
  customerId: z.string().nullable().default(null),
  teamId: z.string().nullable(),
});
export type PrincipalRecord = z.infer<typeof principalRecordSchema>;
