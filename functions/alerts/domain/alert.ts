import * as z from 'zod';

export const severities = ['critical', 'high', 'normal', 'low'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** What alerts can be about. So far only breaches are raised. */
export const alertKinds = ['sla.breach', 'sla.warning', 'sla.escalation'] as const;
export const alertKindSchema = z.enum(alertKinds);

/**
 * The life of an alert: raised in the transaction of the event that it tells, then delivered to everybody who subscribed;
 * `failed` when a delivery was given up. Due (in the due index) exactly as long as it is raised.
 */
export const alertStates = ['raised', 'delivered', 'failed'] as const;

export const alertSchema = z.object({
  id: z.string(),
  kind: alertKindSchema,
  severity: severitySchema,
  ticketId: z.string(),
  ticketNumber: z.string(),
  subject: z.string(),
  teamId: z.string().nullable().default(null),
  /** Left out of the item when nobody's: it is also a key of an index, and those cannot be null. */
  customerId: z.string().nullable().default(null),
  metric: z.string(),
  cycle: z.number().int(),
  level: z.number().int(),
  /** The instant that was missed. */
  at: z.string(),
  /** When the desk noticed and claimed the alert. */
  claimedAt: z.string(),
  /** The invocation that raised it, as log lines name it. */
  correlationId: z.string().optional(),
  state: z.enum(alertStates),
  version: z.number().int(),
  /** When the due index looks after it again; absent once it is no longer raised. */
  dueAt: z.string().optional(),
  /** How often the due index has looked after it. */
  dueAttempts: z.number().int().default(0),
});
export type Alert = z.infer<typeof alertSchema>;

/** How long the stream has for an alert before the due index looks after it. */
export const streamHeadStartMs = 60_000;
