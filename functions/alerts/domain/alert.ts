import * as z from 'zod';

export const severities = ['critical', 'high', 'normal', 'low'] as const;
export const severitySchema = z.enum(severities);
export type Severity = z.infer<typeof severitySchema>;

/** Promises to customers: one that is broken, one that soon will be, one that needs more people. */
const promiseKinds = ['sla.breach', 'sla.warning', 'sla.escalation'] as const;

/** What may stand between the desk and getting its data back: each is about a ticket that was opened for it. */
export const recoveryKinds = [
  'drill.failed',
  'drill.unknown',
  'drill.objective-missed',
  'drill.overdue',
  'drill.leftover',
  'backup.failed',
  'backup.missed',
  'backup.stale',
  'backup.settings',
] as const;
export type RecoveryKind = (typeof recoveryKinds)[number];

/** What alerts can be about. */
export const alertKinds = [...promiseKinds, ...recoveryKinds] as const;
export const alertKindSchema = z.enum(alertKinds);
export type AlertKind = z.infer<typeof alertKindSchema>;

export const isRecoveryKind = (kind: AlertKind): kind is RecoveryKind => recoveryKinds.some((one) => one === kind);

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
  /** Names as they were when it was raised, for people who read it at night; ids are shown without them. */
  teamName: z.string().optional(),
  customerName: z.string().optional(),
  assignee: z.string().optional(),
  metric: z.string(),
  cycle: z.number().int(),
  level: z.number().int(),
  /** Of a level that was told before: the how manieth time again; absent: the first time. */
  repetition: z.number().int().optional(),
  /** The instant that it is about: the deadline that was missed, or that of the warning or level. */
  at: z.string(),
  /** The deadline that a warning or an escalation is about. */
  deadline: z.string().optional(),
  /** What happened and how bad it is, in a sentence or two; of what is no promise to a customer. */
  happened: z.string().optional(),
  /** When the desk noticed and claimed the alert. */
  claimedAt: z.string(),
  /** Whose it is first; see `plannedDeliveries`. */
  audience: z
    .object({ agentIds: z.array(z.string()) })
    .nullable()
    .default(null),
  /** The invocation that raised it, as log lines name it. */
  correlationId: z.string().optional(),
  /** Its deliveries are all written, and it waits for parcels: whoever sends the last of them may close it. */
  planned: z.boolean().optional(),
  /** Who takes care of it; absent: nobody has said so. */
  acknowledgement: z.object({ at: z.string(), by: z.string(), note: z.string().nullable() }).optional(),
  state: z.enum(alertStates),
  version: z.number().int(),
  /** When the due index looks after it again; absent once it is no longer raised. */
  dueAt: z.string().optional(),
  /** How often the due index has looked after it. */
  dueAttempts: z.number().int().default(0),
});
export type Alert = z.infer<typeof alertSchema>;
export type Acknowledgement = NonNullable<Alert['acknowledgement']>;

/** How long the stream has for an alert before the due index looks after it. */
export const streamHeadStartMs = 60_000;
