import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import { correlated } from '../../platform/correlation.ts';
import { logger } from '../../platform/logger.ts';
import type { Measurements } from '../../platform/metrics.ts';
import type { Alert } from '../domain/alert.ts';
import {
  attemptLimit,
  type Delivery,
  mayClaim,
  type Owner,
  plannedDeliveries,
  settled,
  streamAttemptLimit,
} from '../domain/delivery.ts';
import { floodLimit } from '../domain/parcel.ts';
import { isTopicChannel, type Recipient } from '../domain/subscription.ts';
import { endOfFloodWindow, goesAnyTime, heldUntil, releaseAt } from '../domain/timing.ts';
import type { ParcelFilling } from './parcels.ts';
import { DeliveryRefused, type Publisher, reasonOf } from './publisher.ts';

/** An alert with the deliveries that are written so far. */
export interface FoundAlert {
  readonly alert: Alert;
  readonly deliveries: readonly Delivery[];
}

/** Every write is conditional on what was read, and says by null or false that somebody else was first. */
export interface AlertDeliveries {
  find(alertId: string): Promise<FoundAlert | null>;
  /** Writes a delivery unless it is there. */
  plan(alertId: string, delivery: Delivery): Promise<void>;
  claim(alertId: string, delivery: Delivery, owner: Owner): Promise<Delivery | null>;
  published(alertId: string, delivery: Delivery): Promise<void>;
  missed(alertId: string, delivery: Delivery, error: string, state: 'waiting' | 'failed'): Promise<void>;
  /** The alert needs no further attention. */
  close(alertId: string, state: 'delivered' | 'failed'): Promise<void>;
  /** All its deliveries are written, and nothing is to be done about it until `dueAt`; only if nobody has moved its next look meanwhile. */
  wait(alert: Alert, dueAt: number): Promise<void>;
}

export interface DeliverPorts {
  readonly alerts: AlertDeliveries;
  readonly parcels: ParcelFilling;
  readonly recipients: () => Promise<readonly Recipient[]>;
  readonly publisher: Publisher;
  readonly clock: Clock;
  /** Counts what was published and what was not; a repetition counts again. */
  readonly metrics: Measurements;
}

/** So many deliveries of one alert are under way at once. */
const width = 10;

type Outcome =
  | { readonly state: 'published' | 'failed' | 'elsewhere' }
  | { readonly state: 'again'; readonly error: unknown }
  /** It waits in a parcel, which goes out at `until`. */
  | { readonly state: 'parcel'; readonly until: number };

/** Delivers an alert that nobody may have delivered yet, see `deliverFound`. */
export const deliverAlert = async (ports: DeliverPorts, alertId: string, owner: Owner): Promise<void> => {
  const found = await ports.alerts.find(alertId);
  if (found === null) logger.warn('alert not found', { alertId });
  if (found?.alert.state === 'raised') await deliverFound(ports, found, owner);
};

/**
 * Tells everybody who subscribed of one alert. May run twice, late, or by both owners at once: a delivery is claimed before it
 * is published and marked afterwards, so it is published again only if the marking was lost, and then with the same alert id.
 * What must wait (quiet hours, digests, too many in a minute) is put into a parcel, in the transaction that writes its delivery.
 * Whoever comes, the log tells it under the correlation id of the alert.
 * @throws what a publish threw, as long as the same owner should repeat at once; the due index comes back in any case.
 */
export const deliverFound = async (ports: DeliverPorts, found: FoundAlert, owner: Owner): Promise<void> =>
  correlated(found.alert.correlationId ?? null, () => deliverAll(ports, found, owner));

const deliverAll = async (ports: DeliverPorts, found: FoundAlert, owner: Owner): Promise<void> => {
  const { alert } = found;
  const recipients = await ports.recipients();
  const deliveries = await planAll(ports, found, recipients);
  const outcomes: Outcome[] = [];
  for (let start = 0; start < deliveries.length; start += width) {
    const some = deliveries
      .slice(start, start + width)
      .map((delivery) => deliver(ports, alert, { delivery, timings: timingsOf(delivery, recipients) }, owner));
    outcomes.push(...(await Promise.all(some)));
  }
  const again = outcomes.find((outcome) => outcome.state === 'again');
  if (again?.state === 'again') throw again.error;
  await finish(ports, alert, outcomes);
};

/** The subscriptions that a delivery serves, as they are now; none of those that ended. */
const timingsOf = ({ subscriptionIds }: Delivery, recipients: readonly Recipient[]): readonly Recipient[] =>
  recipients.filter(({ id }) => subscriptionIds.includes(id));

/** Writes the deliveries that are missing. What was written before stays, whatever became of its subscription. */
const planAll = async (
  ports: DeliverPorts,
  { alert, deliveries }: FoundAlert,
  recipients: readonly Recipient[],
): Promise<readonly Delivery[]> => {
  const known = new Set(deliveries.map(({ route }) => route));
  const missing = plannedDeliveries(alert, recipients).filter(({ route }) => !known.has(route));
  const planned = missing.map((delivery) => plan(ports, alert, delivery, timingsOf(delivery, recipients)));
  return [...deliveries, ...(await Promise.all(planned))];
};

/** Written to go out at once, or into the parcel that goes out when its subscriptions want it. */
const plan = async (
  ports: DeliverPorts,
  alert: Alert,
  delivery: Delivery,
  timings: readonly Recipient[],
): Promise<Delivery> => {
  const now = ports.clock.now();
  let at = releaseAt(timings, alert.severity, now);
  if (at <= now && (await ports.parcels.pace(delivery.route)) > floodLimit) {
    at = releaseAt(timings, alert.severity, now, endOfFloodWindow(now));
  }
  if (at > now) return intoParcel(ports, alert, { delivery, read: null }, { at, timings });
  await ports.alerts.plan(alert.id, delivery);
  return delivery;
};

/** When somebody else was first, what they did stands; the next look sees it. */
const intoParcel = async (
  ports: DeliverPorts,
  alert: Alert,
  { delivery, read }: { readonly delivery: Delivery; readonly read: Delivery | null },
  { at, timings }: { readonly at: number; readonly timings: readonly Recipient[] },
): Promise<Delivery> => {
  const place = ports.parcels.place(delivery.route, at, goesAnyTime(timings, alert.severity));
  const placed: Delivery = { ...delivery, state: 'waiting', parcel: place.partition, notBefore: isoInstant(at) };
  return (await ports.parcels.add(alert, placed, read, place)) ? placed : { ...delivery, ...elsewhere };
};

/** A delivery that somebody else has written meanwhile: nobody here claims it. */
const elsewhere = { state: 'publishing', claimedUntil: Number.MAX_SAFE_INTEGER } as const;

const deliver = async (
  ports: DeliverPorts,
  alert: Alert,
  { delivery, timings }: { readonly delivery: Delivery; readonly timings: readonly Recipient[] },
  owner: Owner,
): Promise<Outcome> => {
  if (settled(delivery)) return { state: delivery.state === 'failed' ? 'failed' : 'published' };
  try {
    if (delivery.parcel !== undefined) return await waiting(ports, alert, delivery);
    const now = ports.clock.now();
    if (!mayClaim(delivery, owner, now)) return { state: 'elsewhere' };
    const at = heldUntil(timings, alert.severity, now);
    if (at > now) {
      const placed = await intoParcel(ports, alert, { delivery, read: delivery }, { at, timings });
      return placed.parcel === undefined ? { state: 'elsewhere' } : await waiting(ports, alert, placed);
    }
    const claimed = await ports.alerts.claim(alert.id, delivery, owner);
    if (claimed === null) return { state: 'elsewhere' };
    return await publish(ports, alert, claimed, owner);
  } catch (error) {
    // The table failed, not the publish: only a repetition can tell how far it came.
    return { state: 'again', error };
  }
};

/** The parcel of a delivery will be attended to, also when whoever put it there died before they had seen to that. */
const waiting = async (ports: DeliverPorts, alert: Alert, delivery: Delivery): Promise<Outcome> => ({
  state: 'parcel',
  until: await ports.parcels.ensure(delivery, alert),
});

const publish = async (ports: DeliverPorts, alert: Alert, claimed: Delivery, owner: Owner): Promise<Outcome> => {
  const { id: alertId, ticketId } = alert;
  const about = { alertId, ticketId, delivery: claimed.route, attempts: claimed.attempts };
  try {
    if (claimed.attempts > attemptLimit) throw new AttemptsUsedUp(`more than ${attemptLimit} attempts`);
    await ports.publisher.publish(claimed, { kind: 'alert', alert });
  } catch (error) {
    const last = claimed.attempts >= attemptLimit || error instanceof DeliveryRefused;
    ports.metrics.add('DeliveryFailures', 1);
    await ports.alerts.missed(alert.id, claimed, reasonOf(error), last ? 'failed' : 'waiting');
    if (last) logger.error('alert delivery given up', { ...about, error });
    else logger.warn('alert delivery failed', { ...about, error });
    if (last) return { state: 'failed' };
    return owner === 'stream' && repeatsAtOnce(claimed) ? { state: 'again', error } : { state: 'elsewhere' };
  }
  ports.metrics.add('AlertsPublished', 1);
  ports.metrics.add('AlertLag', ports.clock.now() - milliseconds(alert.at));
  logger.info('alert published', about);
  await ports.alerts.published(alert.id, claimed);
  return { state: 'published' };
};

/**
 * Whether the stream tries again at once. Not at somebody's own server: one that is down takes five seconds to say so, and all
 * alerts behind would wait for it; the due index comes in a minute.
 */
const repeatsAtOnce = ({ channel, attempts }: Delivery): boolean =>
  isTopicChannel(channel) && attempts < streamAttemptLimit;

/** Earlier attempts ended without a word, each of them: their function died. */
class AttemptsUsedUp extends Error {
  override readonly name = 'AttemptsUsedUp';
}

/** How long after its parcel the due index looks after an alert: the parcel closes what it settles, as a rule long before. */
const afterParcelMs = 120_000;

/**
 * Closes the alert once nothing of it is open. Who leaves something to somebody else looks again, after its own marks: of two
 * that finish together, the later one sees everything. An alert that only waits for parcels is left alone until they are out.
 */
const finish = async (ports: DeliverPorts, alert: Alert, outcomes: readonly Outcome[]): Promise<void> => {
  const now = ports.clock.now();
  const untils = outcomes.flatMap((outcome) => (outcome.state === 'parcel' ? [outcome.until] : []));
  const inHands = outcomes.some(({ state }) => state === 'elsewhere');
  if (untils.length > 0 && !inHands) await ports.alerts.wait(alert, Math.max(now, ...untils) + afterParcelMs);
  if (!inHands && untils.length === 0) {
    await ports.alerts.close(alert.id, outcomes.some(({ state }) => state === 'failed') ? 'failed' : 'delivered');
  } else if (inHands || untils.some((until) => until <= now)) await closeWhenSettled(ports.alerts, alert.id);
};

/** Closes an alert, whose deliveries are all written, when none of them is open any more. */
const closeWhenSettled = async (alerts: Pick<AlertDeliveries, 'find' | 'close'>, alertId: string): Promise<void> => {
  const found = await alerts.find(alertId);
  if (found !== null) await closeIfSettled(alerts, found);
};

const closeIfSettled = async (
  alerts: Pick<AlertDeliveries, 'close'>,
  { alert, deliveries }: FoundAlert,
): Promise<void> => {
  if (alert.state !== 'raised' || !deliveries.every(settled)) return;
  await alerts.close(alert.id, deliveries.some(({ state }) => state === 'failed') ? 'failed' : 'delivered');
};

/**
 * Closes an alert after a parcel, when that was the last of it. Only one that is known to wait for parcels alone: of another,
 * deliveries may be missing that whoever began to write them has not come to.
 */
export const closeAfterParcel = async (
  alerts: Pick<AlertDeliveries, 'find' | 'close'>,
  alertId: string,
): Promise<void> => {
  const found = await alerts.find(alertId);
  if (found?.alert.planned === true) await closeIfSettled(alerts, found);
};
