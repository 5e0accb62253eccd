import * as z from 'zod';

/** The roles of people and machines (DESIGN: authorization). `system` acts by itself and never calls the API. */
export const roles = ['requester', 'agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

export const actorSchema = z.object({ id: z.string(), role: z.enum([...roles, 'system']) });
/** Who did something, as it stands in events. */
export type Actor = z.infer<typeof actorSchema>;

/** The desk itself: timers, automatic closing. */
export const systemActor: Actor = { id: 'system', role: 'system' };

/** Machines answer nobody: their replies are no responses, their resolves no solutions that a person stands for (P-03). */
export const isMachine = ({ role }: Actor): boolean => role === 'integration' || role === 'system';

/** Who is calling, after authorization. */
export interface Principal extends Actor {
  readonly role: Role;
  /** The requester's own customer; null for staff, who see all customers. */
  readonly customerId: string | null;
  readonly teamId: string | null;
}
