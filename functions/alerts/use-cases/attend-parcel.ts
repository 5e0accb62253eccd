import { type Clock, milliseconds } from '../../platform/clock.ts';
import { lookAgainMs } from '../../platform/due/look-again.ts';
import { derivedId } from '../../platform/ids.ts';
import { logger } from '../../platform/logger.ts';
import type { Measurements } from '../../platform/metrics.ts';
import { attemptLimit } from '../domain/delivery.ts';
import type { Letter } from '../domain/letter.ts';
import { type Parcel, type ParcelEntry, portionLimit, summaryOf } from '../domain/parcel.ts';
import type { Recipient } from '../domain/subscription.ts';
import { afterQuiet } from '../domain/timing.ts';
import { type AlertDeliveries, closeWhenPlanned } from './deliver-alert.ts';
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
/** Deliveries that are marked before their alerts are closed, and alerts that are closed at once. */
const markedAtOnce = 50;

/**
 * Sends a parcel that is due. May come early, twice, or die anywhere: whoever moves the next look ahead has the parcel until
 * then. First it is written on the entries that they belong to this portion, so that every attempt sends the same under the
 * same id; then the portion goes out; then every delivery of it is marked, and alerts that are settled by that are closed. Only
 * a crash between sending and its mark sends it again.
 */
export const attendParcel = async (ports: AttendParcelPorts, partition: string): Promise<void> => {
  const found = await ports.parcels.find(partition);
  const now = ports.clock.now();
  if (found?.parcel.dueAt === undefined || milliseconds(found.parcel.dueAt) > now) return;
  const held = await heldUntilOf(ports, found.parcel, now);
  if (held > now) return ports.parcels.wait(found, held);
  const taken = await ports.parcels.take(found, now + lookAgainMs(found.parcel.dueAttempts + 1));
  if (taken === null) return;
  const open = (await ports.parcels.entries(partition)).filter(({ doneAt }) => doneAt === undefined);
  const { found: sealed, entries } =
    taken.parcel.state === 'open'
      ? await seal(ports, taken, open)
      : { found: taken, entries: open.filter(({ portion }) => portion === taken.parcel.portion) };
  const sent = sealed.parcel.state === 'sealed' ? await send(ports, sealed, entries) : sealed;
  if (sent?.parcel.state === 'sent') await settle(ports, sent, entries);
};

/** A parcel whose attempts failed until quiet hours began waits for their end. */
const heldUntilOf = async (ports: AttendParcelPorts, parcel: Parcel, now: number): Promise<number> => {
  if (parcel.anyTime || parcel.state === 'sent') return now;
  const ofRoute = (await ports.recipients()).filter(({ route }) => route === parcel.route);
  return ofRoute.length === 0 ? now : Math.min(...ofRoute.map(({ quietHours }) => afterQuiet(quietHours, now)));
};

const portionIdOf = ({ partition, parcel }: FoundParcel): string => derivedId('pcl', partition, String(parcel.portion));

/** Entries that come from now on belong to the next portion. What a look that died has taken into this one is taken first. */
const seal = async (
  ports: AttendParcelPorts,
  found: FoundParcel,
  open: readonly ParcelEntry[],
): Promise<{ readonly found: FoundParcel; readonly entries: readonly ParcelEntry[] }> => {
  const { portion } = found.parcel;
  const taken = open.filter((entry) => entry.portion === portion);
  const free = open.filter((entry) => entry.portion === undefined).slice(0, portionLimit - taken.length);
  await ports.parcels.stamp(found.partition, portion, free);
  const entries = [...taken, ...free];
  return { found: await ports.parcels.change(found, { state: 'sealed', size: entries.length }), entries };
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
const send = async (
  ports: AttendParcelPorts,
  found: FoundParcel,
  entries: readonly ParcelEntry[],
): Promise<FoundParcel | null> => {
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
const settle = async (ports: AttendParcelPorts, sent: FoundParcel, entries: readonly ParcelEntry[]): Promise<void> => {
  const { outcome = 'summarised', lastError = null } = sent.parcel;
  const how = { state: outcome, summaryId: portionIdOf(sent), lastError };
  const began = ports.clock.now();
  for (let start = 0; start < entries.length; start += markedAtOnce) {
    if (ports.clock.now() - began > markingMs) return ports.parcels.wait(sent, ports.clock.now());
    const some = entries.slice(start, start + markedAtOnce);
    await ports.parcels.mark(sent, some, how);
    await Promise.all(some.map(({ alertId }) => closeWhenPlanned(ports.alerts, alertId)));
  }
  await ports.parcels.close(sent);
  // Whoever put something into it before it was closed relies on this look; who comes later opens it again.
  const left = await ports.parcels.entries(sent.partition);
  if (left.some(({ doneAt }) => doneAt === undefined)) await ports.parcels.reopen(sent.partition);
};
