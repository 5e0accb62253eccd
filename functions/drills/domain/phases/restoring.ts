import type { Observation } from '../action.ts';
import { type Drill, isOwn } from '../drill.ts';
import { iso, ms, secondsBetween } from '../instants.ts';
import { commitMs, paceOf, serveAttempts, staleMs, visibleMs } from '../limits.ts';
import { outcomeOf } from '../outcome.ts';
import { clean } from './cleaning.ts';
import { closeLeg, closeSeen, endOf, goOn, type Instants, legOf, lookAgain, openLeg, tryAgain, want } from './turn.ts';

type Told = Exclude<Observation, { readonly trouble: unknown }>;
type Of<Name> = Extract<Told, { readonly of: Name }>;

const accepted = (drill: Drill, instants: Instants, { jobId, acceptedAt }: Of<'start-restore'>): Drill => {
  const { now } = instants;
  const closed =
    acceptedAt === null
      ? closeLeg(drill, 'restore-accepted', now, secondsBetween(ms(drill.wantedSince), now))
      : closeSeen(drill, 'restore-accepted', acceptedAt, instants);
  const next = openLeg(
    { ...closed, restoreJobId: jobId, settlesAt: iso(now + staleMs) },
    'restore-completed',
    endOf(closed, 'restore-accepted', now),
  );
  return want(next, now, 'look-at-restore', now + paceOf(0));
};

const restored = (drill: Drill, instants: Instants, { job }: Of<'look-at-restore'>): Drill => {
  const { now } = instants;
  if (job.state === 'running') return lookAgain(drill, instants);
  if (job.state !== 'completed')
    return clean(
      { ...drill, restoreOver: true },
      now,
      'failed',
      `The restore ${job.state}: ${job.message ?? 'the service gives no reason'}. This recovery point could not be brought back; look at the job ${drill.restoreJobId ?? ''} and at the role and key that restores use.`,
    );
  const closed = closeSeen({ ...drill, restoreOver: true }, 'restore-completed', job.completedAt, instants);
  return want(openLeg(closed, 'table-active', endOf(closed, 'restore-completed', now)), now, 'look-at-table');
};

/**
 * Just after a restore its table or job may not be visible yet; later it is gone. Such a look does not tell that it was not
 * done yet, so it narrows no bound.
 */
export const notThere = (drill: Drill, instants: Instants, what: string): Drill =>
  instants.now - ms(drill.wantedSince) < visibleMs
    ? { ...lookAgain(drill, instants), lastLookAt: drill.lastLookAt }
    : clean(drill, instants.now, 'failed', `${what} cannot be found; somebody or something has removed it.`);

const active = (drill: Drill, instants: Instants, { table }: Of<'look-at-table'>): Drill => {
  if (table === null) return notThere(drill, instants, `The restored table ${drill.scratchTable.name}`);
  if (!table.active) return lookAgain(drill, instants);
  const closed: Drill = { ...closeSeen(drill, 'table-active', null, instants), state: 'rearming' };
  return want(openLeg(closed, 'rearmed', instants.now), instants.now, 'rearm');
};

/** Each call does a part, and how much of the time between two calls was needed nobody sees: the whole leg is its bound. */
const rearmed = (drill: Drill, instants: Instants, { done }: Of<'rearm'>): Drill => {
  const { now } = instants;
  if (!done) return lookAgain(drill, instants);
  const closed = closeLeg(
    drill,
    'rearmed',
    now,
    secondsBetween(ms(legOf(drill, 'rearmed')?.startedAt ?? iso(now)), now),
  );
  return want(openLeg({ ...closed, state: 'verifying' }, 'integrity', now), now, 'scan');
};

export const sideOf = ({ copyScan }: Pick<Drill, 'copyScan'>): 'copy' | 'source' =>
  copyScan?.done === true ? 'source' : 'copy';

const scanned = (drill: Drill, instants: Instants, { side, progress }: Of<'scan'>): Drill => {
  const { now } = instants;
  if (side !== sideOf(drill)) return drill;
  const next = side === 'copy' ? { ...drill, copyScan: progress } : { ...drill, sourceScan: progress };
  if (!progress.done) return goOn(next, instants);
  if (side === 'source') return want(next, now, 'compare');
  // What was recorded before the declaration may still be committed then, and is to be counted; of another table nothing is.
  const committedAt = isOwn(drill) ? Math.max(now, ms(drill.declaredAt ?? drill.requestedAt) + commitMs) : now;
  return want(next, now, 'scan', committedAt);
};

const finished = (drill: Drill, now: number): Drill => {
  const { verdict, reasons } = outcomeOf(drill);
  return clean(drill, now, verdict, ...reasons);
};

const compared = (drill: Drill, instants: Instants, { progress, integrity }: Of<'compare'>): Drill => {
  const { now } = instants;
  const next = { ...drill, comparison: progress };
  if (!progress.done) return goOn(next, instants);
  if (integrity === null) return tryAgain(next, instants);
  const known = closeLeg({ ...next, integrity }, 'integrity', now);
  if (!isOwn(known)) return finished(known, now);
  const serving: Drill = { ...known, state: 'serving' };
  return want(openLeg(openLeg(serving, 'first-read', now), 'first-write', now), now, 'serve');
};

const close = (drill: Drill, name: 'first-read' | 'first-write', at: string | null): Drill =>
  at === null ? drill : closeLeg(drill, name, ms(at));

/** A copy whose items are wrong is served all the same: how long that takes is still worth knowing. */
const served = (drill: Drill, instants: Instants, { readAt, writeAt, message }: Of<'serve'>): Drill => {
  const times = { readAt: drill.served.readAt ?? readAt, writeAt: drill.served.writeAt ?? writeAt };
  const next = close(close({ ...drill, served: times }, 'first-read', times.readAt), 'first-write', times.writeAt);
  if (times.readAt !== null && times.writeAt !== null) return finished(next, instants.now);
  if (drill.attempts + 1 < serveAttempts) return tryAgain(next, instants);
  const what = times.readAt === null ? 'read' : 'write';
  return finished(
    { ...next, reasons: [...next.reasons, `A ${what} could not be served from the copy: ${message}`] },
    instants.now,
  );
};

export const restoring = (drill: Drill, instants: Instants, observation: Told): Drill => {
  switch (observation.of) {
    case 'start-restore':
      return accepted(drill, instants, observation);
    case 'look-at-restore':
      return restored(drill, instants, observation);
    case 'look-at-table':
      return active(drill, instants, observation);
    case 'rearm':
      return rearmed(drill, instants, observation);
    case 'scan':
      return scanned(drill, instants, observation);
    case 'compare':
      return compared(drill, instants, observation);
    case 'serve':
      return served(drill, instants, observation);
    default:
      return drill;
  }
};
