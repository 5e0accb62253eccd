import type { Observation, Trouble } from '../action.ts';
import type { ActionName, Drill, Verdict } from '../drill.ts';
import { nextRecoveryPoint, noTableYet, withoutManifest } from './choosing.ts';
import { knownFailures } from '../outcome.ts';
import { clean, foreign } from './cleaning.ts';
import { notThere } from './restoring.ts';
import { type Instants, tryAgain } from './turn.ts';

type Met = Extract<Observation, { readonly trouble: Trouble }>;

/** What each is called in a reason, and what it means for the verdict when it cannot be done, or not in time. */
export const names: Readonly<Record<ActionName, { readonly name: string; readonly verdict: Verdict }>> = {
  'describe-source': { name: 'Reading how the table is made', verdict: 'unknown' },
  'list-recovery-points': { name: 'Listing the recovery points', verdict: 'unknown' },
  'write-manifest': { name: 'Writing the manifest', verdict: 'unknown' },
  'find-manifest': { name: 'Finding the manifest', verdict: 'unknown' },
  'start-backup': { name: 'Starting a backup', verdict: 'failed' },
  'look-at-backup': { name: 'The backup', verdict: 'failed' },
  'start-restore': { name: 'Starting the restore', verdict: 'failed' },
  'look-at-restore': { name: 'The restore', verdict: 'failed' },
  'look-at-table': { name: 'Waiting for the restored table and its indexes', verdict: 'failed' },
  rearm: { name: 'Arming the restored table as its source is', verdict: 'unknown' },
  scan: { name: 'Reading the tables', verdict: 'unknown' },
  compare: { name: 'Comparing the tables', verdict: 'unknown' },
  serve: { name: 'Serving a read and a write', verdict: 'unknown' },
  'remove-table': { name: 'Removing the scratch table', verdict: 'unknown' },
};

const advice: Readonly<Record<Trouble, string>> = {
  busy: 'the service was busy',
  denied: 'access was denied; look at the role and at the key’s policy',
  unusable: 'it cannot be used',
  'not-found': 'it is not there',
  exists: 'it is there already',
  refused: 'the service calls the request wrong',
};

/** The drill cannot go on. What it has found out to be wrong before stays found. */
export const endEarly = (drill: Drill, now: number, verdict: Verdict, reason: string): Drill => {
  const failures = knownFailures(drill);
  return clean(drill, now, failures.length > 0 ? 'failed' : verdict, ...failures, reason);
};

const stop = (drill: Drill, now: number, { of, trouble, message }: Met, verdict = names[of].verdict): Drill =>
  endEarly(drill, now, verdict, `${names[of].name} was not possible, ${advice[trouble]}: ${message}`);

const startRefused = (drill: Drill, { now }: Instants, met: Met): Drill => {
  if (met.trouble === 'exists') return foreign(drill, now, met.message);
  const gone = met.trouble === 'not-found' && drill.recoveryPointUsed?.arn !== null;
  if (met.trouble === 'unusable' || gone) return nextRecoveryPoint(drill, now, met.message);
  // That the key or the role refuses a restore is a finding: in a disaster they would refuse it too.
  return stop(drill, now, met, 'failed');
};

/** Why something could not be done. Only what passes is tried again; everything else ends the drill with what that shows. */
export const troubled = (drill: Drill, instants: Instants, met: Met): Drill => {
  const { now } = instants;
  const { of, trouble, message } = met;
  if (trouble === 'busy') return tryAgain(drill, instants);
  if (of === 'find-manifest') return withoutManifest(drill, now, message);
  if (of === 'start-restore') return startRefused(drill, instants, met);
  if (of === 'look-at-restore' && trouble === 'not-found') return notThere(drill, instants, 'The restore job');
  if (of === 'look-at-table' && trouble === 'not-found')
    return drill.state === 'declared'
      ? noTableYet(drill, now)
      : notThere(drill, instants, `The restored table ${drill.scratchTable.name}`);
  const unseen = trouble === 'denied' || trouble === 'not-found' || drill.state === 'declared';
  return stop(drill, now, met, unseen ? 'unknown' : names[of].verdict);
};
