import * as z from 'zod';
import type { Alert } from './alert.ts';
import { channelSchema, matches, type Recipient } from './subscription.ts';

/**
 * The delivery of one alert to one endpoint: `waiting` until somebody claims it, `publishing` while they do, then `published`;
 * back to `waiting` after a failure and `failed` when it was given up. One that lies in a parcel is `waiting` until the parcel has
 * gone out: then `summarised` with others in one text, or `published` when it was alone.
 */
export const deliverySchema = z.object({
  route: z.string(),
  channel: channelSchema,
  /** The subscriptions that it serves: those of one address are told once, however many of them match. */
  subscriptionIds: z.array(z.string()).min(1),
  state: z.enum(['waiting', 'publishing', 'published', 'summarised', 'failed']),
  attempts: z.number().int(),
  owner: z.string().optional(),
  /** Milliseconds since the epoch; until then no other owner may claim it. */
  claimedUntil: z.number().optional(),
  publishedAt: z.string().optional(),
  /** The key of the parcel in which it waits, see parcel.ts; nobody claims it then. */
  parcel: z.string().optional(),
  /** When that parcel goes out. */
  notBefore: z.string().optional(),
  /** The summary in which it went out. */
  summaryId: z.string().optional(),
  /** Class name of the last failure. */
  lastError: z.string().optional(),
});
export type Delivery = z.infer<typeof deliverySchema>;

/** Who delivers: the stream is fast, the due index is certain. */
export type Owner = 'stream' | 'due';

/**
 * How long a claim keeps the other owner away: longer than a publish with all its repetitions takes, since whoever claims
 * publishes at once.
 */
export const claimMs = 20_000;

/** After so many attempts a delivery is given up: about an hour and a quarter after the alert. */
export const attemptLimit = 10;

/**
 * Attempts of the stream; what still fails then is left to the due index. The stream repeats at once, so it would use up all
 * attempts in one short outage, and the alerts behind would wait for it.
 */
export const streamAttemptLimit = 3;

const open = (delivery: Delivery): boolean => delivery.state === 'waiting' || delivery.state === 'publishing';

/** Nothing is left to do for it. */
export const settled = (delivery: Delivery): boolean => !open(delivery);

/**
 * Whether `owner` may take a delivery now. The same owner may at once, because it only comes again when its earlier attempt
 * is dead; the other one waits until the claim has run out.
 */
export const mayClaim = (delivery: Delivery, owner: Owner, now: number): boolean =>
  delivery.parcel === undefined &&
  (owner === 'due' || delivery.attempts < streamAttemptLimit) &&
  (delivery.state === 'waiting' ||
    (delivery.state === 'publishing' && (delivery.owner === owner || (delivery.claimedUntil ?? 0) < now)));

/**
 * For whom an alert is: those of its audience who have a subscription that lets it through; everybody whose subscription
 * does when it has no audience, or when nobody of it can be told, so that an alert for people without an address is not lost.
 */
const recipientsOf = (alert: Alert, recipients: readonly Recipient[]): readonly Recipient[] => {
  const matching = recipients.filter((recipient) => matches(recipient, alert));
  const { audience } = alert;
  if (audience === null) return matching;
  const addressed = matching.filter(({ agentId }) => agentId != null && audience.agentIds.includes(agentId));
  return addressed.length === 0 ? matching : addressed;
};

/** The deliveries of an alert, one for each endpoint that a matching subscription has. */
export const plannedDeliveries = (alert: Alert, recipients: readonly Recipient[]): readonly Delivery[] =>
  [...Map.groupBy(recipientsOf(alert, recipients), ({ route }) => route)].flatMap(([route, [first, ...others]]) =>
    first === undefined
      ? []
      : [
          {
            route,
            channel: first.channel,
            subscriptionIds: [first, ...others].map(({ id }) => id),
            state: 'waiting' as const,
            attempts: 0,
          },
        ],
  );
