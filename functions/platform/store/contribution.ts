import * as z from 'zod';

/**
 * What one event contributes to one KPI (DESIGN section 7). The KPI stream turns it into a fact item by conditional put on
 * the event's version, so it may be delivered twice, late or out of order.
 */
export const contributionSchema = z.object({
  kpi: z.string(),
  /** What is counted once: `<ticket id>#<cycle>`. A later version of the same subject replaces the earlier one. */
  subject: z.string(),
  ticketId: z.string(),
  /** The instant that decides the period. */
  at: z.string(),
  /** Seconds for durations, 1 for counts; null when excluded. */
  value: z.number().nullable(),
  /** Why it does not count (`noReply`), or null. */
  excluded: z.string().nullable(),
  team: z.string().nullable(),
  customer: z.string().nullable(),
  priority: z.string(),
  /** The subject no longer belongs to the period of `at`. */
  retracted: z.literal(true).optional(),
  /** What else its KPI says of the subject, kept with the fact as it is and in no figure. */
  detail: z.record(z.string(), z.unknown()).optional(),
});
export type Contribution = z.infer<typeof contributionSchema>;
