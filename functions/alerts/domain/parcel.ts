import * as z from 'zod';
import { alertKindSchema, type Severity, severities, severitySchema } from './alert.ts';
import { channelSchema } from './subscription.ts';

/**
 * What of one route goes out together at one instant: at the end of quiet hours, with the next digest, or soon after a minute
 * brought too many alerts (`floodWindowMs`). One alert in it goes out as its own message, several as one summary.
 *
 * `open` while entries come, `sealed` once it is settled which of them are in this portion, `sent` when the portion is out and
 * its deliveries are being marked, `closed` when nothing is left. What comes later opens it again as its next portion.
 */
export const parcelSchema = z.object({
  route: z.string(),
  channel: channelSchema,
  subscriptionIds: z.array(z.string()),
  /** Whether it goes out in quiet hours too. */
  anyTime: z.boolean(),
  state: z.enum(['open', 'sealed', 'sent', 'closed']),
  /** From 1. With route and instant it makes the id of the summary. */
  portion: z.number().int(),
  /** How many entries the portion has, once it is sealed. */
  size: z.number().int(),
  /** How often the portion was tried. */
  attempts: z.number().int(),
  /** How many deliveries of the portion are surely marked, from the first that its seal names. */
  marked: z.number().int(),
  /** What became of it, once it is sent. */
  outcome: z.enum(['published', 'summarised', 'failed']).optional(),
  lastError: z.string().optional(),
  dueAt: z.string().optional(),
  dueAttempts: z.number().int().default(0),
});
export type Parcel = z.infer<typeof parcelSchema>;

/**
 * Which alerts are in one portion, all in one item: an entry is in a portion when a seal names it, and is never written again.
 * Ten thousand entries lie under one key, which has a thousand writes a second.
 */
export const parcelSealSchema = z.object({
  portion: z.number().int(),
  /** See `packIds`; the most severe in front, of those the oldest. Ten thousand are 160 KB of the 400 that an item may have. */
  alertIds: z.instanceof(Uint8Array),
});

/** One alert in a parcel: all that a line of a summary says, so that ten thousand are read in a few pages. */
export const parcelEntrySchema = z.object({
  alertId: z.string(),
  kind: alertKindSchema,
  severity: severitySchema,
  ticketId: z.string(),
  ticketNumber: z.string(),
  subject: z.string(),
  customer: z.string().nullable(),
  metric: z.string(),
  level: z.number().int(),
  repetition: z.number().int().optional(),
  at: z.string(),
  claimedAt: z.string(),
});
export type ParcelEntry = z.infer<typeof parcelEntrySchema>;

/** More alerts than so many in one minute become one summary: SNS suspends an e-mail address at ten a second. */
export const floodLimit = 20;

/** A portion holds no more: what is beyond goes out with the next one. */
export const portionLimit = 10_000;

/** How many alerts each route got in the minute that it got the last one. */
export const paceSchema = z.object({ minute: z.number().int(), alerts: z.number().int() });

/** Many alerts in one message. */
export interface Summary {
  /** The same at every attempt. */
  readonly id: string;
  readonly total: number;
  readonly counts: readonly { readonly severity: Severity; readonly count: number }[];
  /** The first ones: the most severe in front, of those the oldest. */
  readonly first: readonly ParcelEntry[];
  readonly since: string;
  readonly until: string;
}

/** How many alerts a summary names. */
export const namedAtMost = 20;

/** The most severe in front, of those the oldest. A total order, so that every attempt says the same. */
export const inOrder = (one: ParcelEntry, other: ParcelEntry): number =>
  severities.indexOf(one.severity) - severities.indexOf(other.severity) ||
  (one.at < other.at ? -1 : one.at > other.at ? 1 : 0) ||
  (one.alertId < other.alertId ? -1 : 1);

export const summaryOf = (id: string, entries: readonly ParcelEntry[]): Summary => {
  const instants = entries.map(({ at }) => at);
  return {
    id,
    total: entries.length,
    counts: severities
      .map((severity) => ({ severity, count: entries.filter((entry) => entry.severity === severity).length }))
      .filter(({ count }) => count > 0),
    first: [...entries].sort(inOrder).slice(0, namedAtMost),
    since: instants.reduce((one, other) => (other < one ? other : one), instants[0] ?? ''),
    until: instants.reduce((one, other) => (other > one ? other : one), ''),
  };
};
