import { type Clock, milliseconds } from '../../platform/clock.ts';
import { lookAgainMs } from '../../platform/due/look-again.ts';
import { derivedId } from '../../platform/ids.ts';
import { logger } from '../../platform/logger.ts';
import type { Measurements } from '../../platform/metrics.ts';
import { attemptLimit } from '../domain/delivery.ts';
import type { Letter } from '../domain/letter.ts';
import { inOrder, type Parcel, type ParcelEntry, portionLimit, summaryOf } from '../domain/parcel.ts';
import type { Recipient } from '../domain/subscription.ts';
import { afterQuiet } from '../domain/timing.ts';
import { type AlertDeliveries, closeAfterParcel } from './deliver-alert.ts';
import type { FoundParcel, ParcelSending } from './parcels.ts';
import { DeliveryRefused, type Publisher, reasonOf } from './publisher.ts';

export interface AttendParcelPorts {
  readonly parcels: ParcelSending;
  readonly alerts: Pick<AlertDeliveries, 'find' | 'close'>;
  readonly recipients: () => Promise<readonly Recipient[]>;
  readonly publisher: Publisher;
  readonly clock: Clock;
  readonly metrics: Measurements;
}

/** A look marks for so long, well within the function's 30 s; the next one goes on where it was. */
const markingMs = 15_000;
/** So many deliveries are marked, and their alerts closed, at once. */
const markedAtOnce = 20;

/**
 * Sends a parcel that is due. May come early, twice, or die anywhere: whoever moves the next look ahead has the parcel until
 * then. First a seal says which entries are in this portion, so that every attempt sends the same under the same id; then the
 * portion goes out; then every delivery of it is marked, and alerts that are settled by that are closed. Only a crash between
 * sending and its mark sends it again.
 */
export const attendParcel = async (ports: AttendParcelPorts, partition: string): Promise<void> => {
  const found = await ports.parcels.find(partition);
  const now = ports.clock.now();
  if (found?.parcel.dueAt === undefined || milliseconds(found.parcel.dueAt) > now) return;
  const held = await heldUntilOf(ports, found.parcel, now);
  if (held > now) return ports.parcels.wait(found, held);
  const taken = await ports.parcels.take(found, now + lookAgainMs(found.parcel.dueAttempts + 1));
  if (taken === null) return;
  const portion = await portionOf(ports, taken);
  const sent = portion.found.parcel.state === 'sealed' ? await send(ports, portion) : portion.found;
  if (sent?.parcel.state === 'sent') await settle(ports, sent, portion.alertIds);
};

interface Portion {
  readonly found: FoundParcel;
  readonly alertIds: readonly string[];
  /** In the order of the ids; none are read of a portion that is out. */
  readonly entries: readonly ParcelEntry[];
}

const portionOf = async (ports: AttendParcelPorts, found: FoundParcel): Promise<Portion> => {
  if (found.parcel.state === 'open') return seal(ports, found);
  const alertIds = await ports.parcels.sealed(found);
  return { found, alertIds, entries: found.parcel.state === 'sealed' ? await entriesOf(ports, found, alertIds) : [] };
};

const entriesOf = async (
  ports: AttendParcelPorts,
  { partition }: FoundParcel,
  alertIds: readonly string[],
): Promise<readonly ParcelEntry[]> => {
  const all = new Map((await ports.parcels.entries(partition)).map((entry) => [entry.alertId, entry]));
  return alertIds.flatMap((alertId) => all.get(alertId) ?? []);
};

/** A parcel whose attempts failed until quiet hours began waits for their end. */
const heldUntilOf = async (ports: AttendParcelPorts, parcel: Parcel, now: number): Promise<number> => {
  if (parcel.anyTime || parcel.state === 'sent') return now;
  const ofRoute = (await ports.recipients()).filter(({ route }) => route === parcel.route);
  return ofRoute.length === 0 ? now : Math.min(...ofRoute.map(({ quietHours }) => afterQuiet(quietHours, now)));
};

const portionIdOf = ({ partition, parcel }: FoundParcel): string => derivedId('pcl', partition, String(parcel.portion));

/**
 * Entries that come from now on belong to the next portion. A look that died here, or one that is slower, may have sealed it
 * already: then its seal stands, and may name entries that were not there yet when ours were read.
 */
const seal = async (ports: AttendParcelPorts, found: FoundParcel): Promise<Portion> => {
  const { partition, parcel } = found;
  const earlier = await ports.parcels.namedBefore(partition, parcel.portion);
  const free = (await ports.parcels.entries(partition)).filter(({ alertId }) => !earlier.has(alertId));
  const entries = free.sort(inOrder).slice(0, portionLimit);
  const ours = entries.map(({ alertId }) => alertId);
  const alertIds = await ports.parcels.seal(found, ours);
  return {
    found: await ports.parcels.change(found, { state: 'sealed', size: alertIds.length }),
    alertIds,
    entries: alertIds === ours ? entries : await entriesOf(ports, found, alertIds),
  };
};

const letterOf = async (
  ports: AttendParcelPorts,
  found: FoundParcel,
  entries: readonly ParcelEntry[],
): Promise<Letter | null> => {
  const [only] = entries;
  if (entries.length > 1) return { kind: 'summary', summary: summaryOf(portionIdOf(found), entries) };
  const alert = only === undefined ? null : ((await ports.alerts.find(only.alertId))?.alert ?? null);
  return alert === null ? null : { kind: 'alert', alert };
};

/** The parcel once its portion is out or given up; null while it is to be tried again. */
const send = async (ports: AttendParcelPorts, { found, entries }: Portion): Promise<FoundParcel | null> => {
  const letter = await letterOf(ports, found, entries);
  if (letter === null) return ports.parcels.change(found, { state: 'sent', outcome: 'summarised' });
  const tried = await ports.parcels.change(found, { attempts: found.parcel.attempts + 1 });
  const { parcel } = tried;
  const about = { delivery: parcel.route, attempts: parcel.attempts, items: entries.length };
  try {
    if (parcel.attempts > attemptLimit) throw new DeliveryRefused('AttemptsUsedUp');
    await ports.publisher.publish(parcel, letter);
  } catch (error) {
    const last = parcel.attempts >= attemptLimit || error instanceof DeliveryRefused;
    ports.metrics.add('DeliveryFailures', 1);
    if (last) logger.error('parcel of alerts given up', { ...about, error });
    else logger.warn('parcel of alerts not sent', { ...about, error });
    if (!last) return null;
    return ports.parcels.change(tried, { state: 'sent', outcome: 'failed', lastError: reasonOf(error) });
  }
  ports.metrics.add('AlertsPublished', entries.length);
  logger.info('parcel of alerts sent', about);
  return ports.parcels.change(tried, {
    state: 'sent',
    outcome: letter.kind === 'alert' ? 'published' : 'summarised',
  });
};

/** Marks what is not marked yet, closes what is settled, and the parcel when nothing is left. */
const settle = async (ports: AttendParcelPorts, sent: FoundParcel, alertIds: readonly string[]): Promise<void> => {
  const { outcome = 'summarised', lastError = null } = sent.parcel;
  const how = { state: outcome, summaryId: portionIdOf(sent), lastError };
  const began = ports.clock.now();
  for (let start = sent.parcel.marked; start < alertIds.length; start += markedAtOnce) {
    if (ports.clock.now() - began > markingMs) return ports.parcels.wait(sent, ports.clock.now(), start);
    const some = alertIds.slice(start, start + markedAtOnce).map(async (alertId) => {
      await ports.parcels.mark(sent, alertId, how);
      await closeAfterParcel(ports.alerts, alertId);
    });
    await Promise.all(some);
  }
  await ports.parcels.close(sent);
  // Whoever put something into it before it was closed relies on this look; who comes later opens it again.
  if (await ports.parcels.anyLeft(sent.partition)) await ports.parcels.reopen(sent.partition);
};
