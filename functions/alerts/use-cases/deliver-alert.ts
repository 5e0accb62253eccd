import { type Clock, milliseconds } from '../../platform/clock.ts';
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
import { type Message, messageFor } from '../domain/message.ts';
import type { Recipient } from '../domain/subscription.ts';

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
}

export interface Publisher {
  publish(alert: Alert, delivery: Pick<Delivery, 'route' | 'channel'>, message: Message): Promise<void>;
}

export interface DeliverPorts {
  readonly alerts: AlertDeliveries;
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
  | { readonly state: 'again'; readonly error: unknown };

/** Delivers an alert that nobody may have delivered yet, see `deliverFound`. */
export const deliverAlert = async (ports: DeliverPorts, alertId: string, owner: Owner): Promise<void> => {
  const found = await ports.alerts.find(alertId);
  if (found === null) logger.warn('alert not found', { alertId });
  if (found?.alert.state === 'raised') await deliverFound(ports, found, owner);
};

/**
 * Tells everybody who subscribed of one alert. May run twice, late, or by both owners at once: a delivery is claimed before it
 * is published and marked afterwards, so it is published again only if the marking was lost, and then with the same alert id.
 * Whoever comes, the log tells it under the correlation id of the alert.
 * @throws what a publish threw, as long as the same owner should repeat at once; the due index comes back in any case.
 */
export const deliverFound = async (ports: DeliverPorts, found: FoundAlert, owner: Owner): Promise<void> =>
  correlated(found.alert.correlationId ?? null, () => deliverAll(ports, found, owner));

const deliverAll = async (ports: DeliverPorts, found: FoundAlert, owner: Owner): Promise<void> => {
  const { alert } = found;
  const deliveries = await planAll(ports, found);
  const outcomes: Outcome[] = [];
  for (let start = 0; start < deliveries.length; start += width) {
    const some = deliveries.slice(start, start + width).map((delivery) => deliver(ports, alert, delivery, owner));
    outcomes.push(...(await Promise.all(some)));
  }
  const again = outcomes.find((outcome) => outcome.state === 'again');
  if (again?.state === 'again') throw again.error;
  await closeWhenSettled(ports, alert.id, outcomes);
};

/** Writes the deliveries that are missing. What was written before stays, whatever became of its subscription. */
const planAll = async (ports: DeliverPorts, { alert, deliveries }: FoundAlert): Promise<readonly Delivery[]> => {
  const known = new Set(deliveries.map(({ route }) => route));
  const missing = plannedDeliveries(alert, await ports.recipients()).filter(({ route }) => !known.has(route));
  await Promise.all(missing.map((delivery) => ports.alerts.plan(alert.id, delivery)));
  return [...deliveries, ...missing];
};

const deliver = async (ports: DeliverPorts, alert: Alert, delivery: Delivery, owner: Owner): Promise<Outcome> => {
  if (settled(delivery)) return { state: delivery.state === 'failed' ? 'failed' : 'published' };
  if (!mayClaim(delivery, owner, ports.clock.now())) return { state: 'elsewhere' };
  try {
    const claimed = await ports.alerts.claim(alert.id, delivery, owner);
    if (claimed === null) return { state: 'elsewhere' };
    return await publish(ports, alert, claimed, owner);
  } catch (error) {
    // The table failed, not the publish: only a repetition can tell how far it came.
    return { state: 'again', error };
  }
};

const publish = async (ports: DeliverPorts, alert: Alert, claimed: Delivery, owner: Owner): Promise<Outcome> => {
  const { id: alertId, ticketId } = alert;
  const about = { alertId, ticketId, delivery: claimed.route, attempts: claimed.attempts };
  try {
    if (claimed.attempts > attemptLimit) throw new AttemptsUsedUp(`more than ${attemptLimit} attempts`);
    await ports.publisher.publish(alert, claimed, messageFor(claimed.channel, alert));
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    const last = claimed.attempts >= attemptLimit;
    ports.metrics.add('DeliveryFailures', 1);
    await ports.alerts.missed(alert.id, claimed, name, last ? 'failed' : 'waiting');
    if (last) logger.error('alert delivery given up', { ...about, error });
    else logger.warn('alert delivery failed', { ...about, error });
    if (last) return { state: 'failed' };
    return owner === 'stream' && claimed.attempts < streamAttemptLimit
      ? { state: 'again', error }
      : { state: 'elsewhere' };
  }
  ports.metrics.add('AlertsPublished', 1);
  ports.metrics.add('AlertLag', ports.clock.now() - milliseconds(alert.at));
  logger.info('alert published', about);
  await ports.alerts.published(alert.id, claimed);
  return { state: 'published' };
};

/** Earlier attempts ended without a word, each of them: their function died. */
class AttemptsUsedUp extends Error {
  override readonly name = 'AttemptsUsedUp';
}

/**
 * Closes the alert once nothing of it is open. Who leaves something to the other owner looks again, after its own marks:
 * of two that finish together, the later one sees everything.
 */
const closeWhenSettled = async (ports: DeliverPorts, alertId: string, outcomes: readonly Outcome[]): Promise<void> => {
  const settledHere = outcomes.every(({ state }) => state !== 'elsewhere');
  const deliveries = settledHere ? outcomes : ((await ports.alerts.find(alertId))?.deliveries ?? []);
  if (deliveries.some(({ state }) => state === 'waiting' || state === 'publishing')) return;
  await ports.alerts.close(alertId, deliveries.some(({ state }) => state === 'failed') ? 'failed' : 'delivered');
};
