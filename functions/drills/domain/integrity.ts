import * as z from 'zod';

export const checkResults = ['passed', 'failed', 'unknown', 'not_applicable'] as const;
export const checkResultSchema = z.enum(checkResults);
export type CheckResult = z.infer<typeof checkResultSchema>;

/**
 * Everything that is checked of a copy.
 *
 * - `scan`: both tables were read to their end, and what was read was compared, all of it.
 * - `schema`: keys and indexes are those of the source.
 * - `canaries`: the copy has them, they are of this table, and of the instant that the recovery point says.
 * - `items`: nothing that must be there is missing, nothing foreign is there.
 * - `contents`: what is the same version has the same bytes; what the source has changed since fits its own sum and history.
 * - `chains`: each history is complete from its first event to its head, and each link fits.
 * - `snapshot`: the copy is of one instant: heads and events, and the canaries, agree.
 * - `indexes`: every index has exactly the rows that its items have.
 * - `manifest`: by shard, the events of before the manifest are those that it counted.
 */
export const checkNames = [
  'scan',
  'schema',
  'canaries',
  'items',
  'contents',
  'chains',
  'snapshot',
  'indexes',
  'manifest',
] as const;
export type CheckName = (typeof checkNames)[number];

export const integrityCheckSchema = z.object({
  name: z.string(),
  result: checkResultSchema,
  /** For people: counts, and the first keys that are concerned. */
  detail: z.string(),
});
export type IntegrityCheck = z.infer<typeof integrityCheckSchema>;

/** What the comparison of a copy with its source came to. */
export const integritySchema = z.object({
  /** In the copy. */
  items: z.number().int(),
  compared: z.number().int(),
  /** Items that must be in the copy and are not. */
  missing: z.number().int(),
  altered: z.number().int(),
  /** Entities of which the copy has parts of two instants. */
  torn: z.number().int(),
  checks: z.array(integrityCheckSchema),
  /** Events of before the declaration that the copy has not, all of them; null when that was not counted. */
  lostRecords: z.number().int().nullable(),
  oldestLostAt: z.string().nullable(),
  /** Null when the copy has no canary. */
  newestCanaryAt: z.string().nullable(),
  /** The tick after the newest canary of the copy, as the source has it; null when there was none before the declaration. */
  nextCanaryAt: z.string().nullable(),
});
export type Integrity = z.infer<typeof integritySchema>;
