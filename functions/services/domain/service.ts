import * as z from 'zod';
import { objectivesSchema } from '../../drills/domain/drill.ts';

/** How much depends on a service: 1 is what customers notice at once. */
export const tiers = ['1', '2', '3'] as const;
export const tierSchema = z.enum(tiers);

/** A service of the catalogue (S-01): whose it is, how much depends on it, and what is promised of getting its data back. */
export const serviceSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  tier: tierSchema,
  ownerTeamId: z.string().nullable(),
  /** Where its data lies: `operations`, another table that may be drilled, or null when it has none. */
  table: z.string().nullable(),
  /** S-03 and S-04; null when nothing is promised. */
  objectives: objectivesSchema.nullable(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Service = z.infer<typeof serviceSchema>;

/** What a new service is made of. */
export type NewService = Pick<Service, 'name' | 'description' | 'tier' | 'ownerTeamId' | 'table' | 'objectives'>;

/** What the last drill of a service came to. */
export interface LastDrill {
  readonly id: string;
  readonly verdict: 'passed' | 'failed' | 'unknown';
  readonly concludedAt: string | null;
  readonly rpo: { readonly seconds: number | null; readonly met: boolean | null };
  readonly rto: { readonly seconds: number | null; readonly met: boolean | null };
}

/** How old the newest thing is that could be restored. */
export interface Freshness {
  readonly newestRecoveryPointAt: string | null;
  readonly ageSeconds: number | null;
}

/**
 * `at_risk`: a promise of getting the data back is not kept as far as anybody can tell: the last drill did not pass, or the
 * newest recovery point is too old. `unknown`: nothing was promised, or nothing was measured yet.
 */
export const recoverability = (
  { table, objectives }: Pick<Service, 'table' | 'objectives'>,
  lastDrill: LastDrill | null,
  freshness: Freshness | null,
): 'ok' | 'at_risk' | 'unknown' => {
  if (table === null || objectives === null) return 'unknown';
  const age = freshness?.ageSeconds ?? null;
  if (age !== null && age > objectives.rpoSeconds) return 'at_risk';
  if (lastDrill !== null && lastDrill.verdict !== 'passed') return 'at_risk';
  return lastDrill === null || age === null ? 'unknown' : 'ok';
};
