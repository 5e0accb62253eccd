import type { Observation } from '../action.ts';
import { aboveCeiling, estimateOf } from '../cost.ts';
import { type Drill, isOwn, type RecoveryPoint, type TableShape } from '../drill.ts';
import { iso, ms, secondsBetween } from '../instants.ts';
import { paceOf } from '../limits.ts';
import { clean, foreign } from './cleaning.ts';
import {
  closeLeg,
  closeSeen,
  endOf,
  goOn,
  type Instants,
  lookAgain,
  openLeg,
  want,
  widenLeg,
  withReasons,
  withoutLegs,
} from './turn.ts';

const startBackup = (drill: Drill, now: number): Drill => want(openLeg(drill, 'backup', now), now, 'start-backup');

/** With a manifest of just before, so that the copy can be checked by what was counted independently of it. */
const takeOwnBackup = (drill: Drill, now: number): Drill => {
  const estimate = drill.source === null ? 0 : estimateOf(drill.source, null, true);
  const dearer: Drill = { ...drill, cost: { estimate } };
  const tooDear = aboveCeiling(dearer);
  if (tooDear !== null) return clean(dearer, now, 'unknown', tooDear);
  const preparing: Drill = { ...withoutLegs(dearer, 'recovery-point-chosen'), state: 'preparing', declaredAt: null };
  return isOwn(drill) ? want(openLeg(preparing, 'manifest', now), now, 'write-manifest') : startBackup(preparing, now);
};

/**
 * From here on a restore may be under way. The token and that a table may exist are written by this step, and whoever performs
 * saves it before asking: after a crash the same is asked for again, by the same token, and never a second restore.
 */
const askForRestore = (drill: Drill, now: number): Drill =>
  want(
    {
      ...openLeg(drill, 'restore-accepted', endOf(drill, 'recovery-point-chosen', now)),
      state: 'restoring',
      restoreToken: `${drill.id}-${drill.unusable.length + 1}`,
      scratchMayExist: true,
    },
    now,
    'start-restore',
  );

/**
 * Nothing of that name may be there before a restore is asked for: what is there afterwards is then of this drill, and may be
 * removed. Once is enough; the restore of a recovery point that could not be used has brought nothing.
 */
const lookFirst = (drill: Drill, now: number): Drill =>
  drill.unusable.length === 0 ? want(drill, now, 'look-at-table') : askForRestore(drill, now);

const chosen = (drill: Drill, now: number, recoveryPoint: RecoveryPoint): Drill => {
  const { source } = drill;
  if (source === null) return drill;
  const estimate = estimateOf(source, recoveryPoint, drill.backupJobId !== null);
  const next = closeLeg(
    { ...drill, recoveryPointUsed: recoveryPoint, cost: { estimate } },
    'recovery-point-chosen',
    now,
  );
  const tooDear = aboveCeiling(next);
  if (tooDear !== null) return clean(next, now, 'unknown', tooDear);
  const fits = next.manifest !== null && next.manifest.asOf < recoveryPoint.createdAt;
  return isOwn(next) && !fits ? want({ ...next, manifest: null }, now, 'find-manifest') : lookFirst(next, now);
};

const noneLeft = (drill: Drill, now: number): Drill =>
  clean(
    drill,
    now,
    'failed',
    `No recovery point of ${drill.source?.tableName ?? drill.table} can be restored: ${drill.unusable.length} tried, none of them usable. Look at the backup jobs and the vault at once: today this table could not be brought back.`,
  );

const listed = (drill: Drill, now: number, recoveryPoints: readonly RecoveryPoint[]): Drill => {
  const declaredAt = drill.declaredAt ?? iso(now);
  const newest = recoveryPoints
    .filter(({ arn, createdAt }) => arn !== null && !drill.unusable.includes(arn) && ms(createdAt) <= ms(declaredAt))
    .sort((one, other) => ms(other.createdAt) - ms(one.createdAt))[0];
  if (newest !== undefined) return chosen(drill, now, newest);
  if (drill.unusable.length > 0 || drill.backupJobId !== null) return noneLeft(drill, now);
  return takeOwnBackup(
    withReasons(
      drill,
      'There was no recovery point, so the drill took a backup of its own: what it says of data loss is not what a disaster would have cost. Look whether the backup plan runs.',
    ),
    now,
  );
};

/** What was tried cannot be restored; it is never tried again, and the next newest is. */
export const nextRecoveryPoint = (drill: Drill, now: number, message: string): Drill => {
  const used = drill.recoveryPointUsed;
  const arn = used?.arn ?? null;
  const without = withReasons(
    {
      ...drill,
      unusable: arn === null ? drill.unusable : [...drill.unusable, arn],
      recoveryPointUsed: null,
      restoreToken: null,
      scratchMayExist: false,
    },
    `The recovery point of ${used?.createdAt ?? 'an unknown instant'} cannot be restored: ${message}`,
  );
  if (arn === null) return clean(without, now, 'failed');
  const again = openLeg(
    withoutLegs({ ...without, state: 'declared' }, 'restore-accepted'),
    'recovery-point-chosen',
    now,
  );
  return want(again, now, 'list-recovery-points');
};

const restorePoint = (drill: Drill, now: number, source: TableShape): Drill => {
  const { latestRestorableAt, sizeBytes } = source;
  if (!source.pointInTimeRecovery || latestRestorableAt === null)
    return clean(
      drill,
      now,
      'failed',
      `Point-in-time recovery of ${source.tableName} is off or has nothing to restore yet: it could not be brought back this way. Switch it on.`,
    );
  const createdAt = iso(Math.min(ms(latestRestorableAt), ms(drill.declaredAt ?? drill.requestedAt)));
  return chosen(drill, now, { arn: null, createdAt, sizeBytes });
};

const described = (drill: Drill, now: number, source: TableShape): Drill => {
  const next: Drill = { ...drill, source, cost: { estimate: estimateOf(source, null, false) } };
  const tooDear = aboveCeiling(next);
  if (tooDear !== null) return clean(next, now, 'unknown', tooDear);
  if (drill.method === 'pitr') return restorePoint(next, now, source);
  return drill.state === 'preparing' ? takeOwnBackup(next, now) : want(next, now, 'list-recovery-points');
};

/** The disaster is declared when the backup is complete: what it holds is all that there is. */
const backedUp = (drill: Drill, instants: Instants, completedAt: string | null, made: RecoveryPoint | null): Drill => {
  const closed = closeSeen(drill, 'backup', completedAt, instants);
  const at = Math.min(completedAt === null ? instants.now : ms(completedAt), instants.now);
  const begun = openLeg({ ...closed, state: 'declared', declaredAt: iso(at) }, 'recovery-point-chosen', at);
  // Nobody looked between the end of the backup and now.
  const declared = widenLeg(begun, 'recovery-point-chosen', secondsBetween(at, instants.now));
  return made === null || ms(made.createdAt) > at
    ? want(declared, instants.now, 'list-recovery-points')
    : chosen(declared, instants.now, made);
};

type Told = Exclude<Observation, { readonly trouble: unknown }>;

export const choosing = (drill: Drill, instants: Instants, observation: Told): Drill => {
  const { now } = instants;
  switch (observation.of) {
    case 'describe-source':
      return described(drill, now, observation.source);
    case 'list-recovery-points':
      return listed(drill, now, observation.recoveryPoints);
    case 'write-manifest': {
      const next = { ...drill, manifestScan: observation.progress, manifest: observation.manifest };
      if (!observation.progress.done) return goOn(next, instants);
      return startBackup(closeLeg(next, 'manifest', now), now);
    }
    case 'start-backup':
      return want({ ...drill, backupJobId: observation.jobId }, now, 'look-at-backup', now + paceOf(0));
    case 'look-at-backup': {
      const { job, recoveryPoint } = observation;
      if (job.state === 'running') return lookAgain(drill, instants);
      if (job.state === 'completed') return backedUp(drill, instants, job.completedAt, recoveryPoint);
      return clean(
        drill,
        now,
        'failed',
        `The backup ${job.state}: ${job.message ?? 'AWS Backup gives no reason'}. Without it there is nothing to restore; look at the job ${drill.backupJobId ?? ''} in AWS Backup.`,
      );
    }
    case 'find-manifest':
      return lookFirst({ ...drill, manifest: observation.manifest }, now);
    case 'look-at-table':
      return observation.table === null
        ? askForRestore(drill, now)
        : foreign(drill, now, 'it was there before the restore');
    default:
      return drill;
  }
};

/** Without a manifest the rest is still worth measuring; the verdict says that this was not checked. */
export const withoutManifest = (drill: Drill, now: number, message: string): Drill =>
  lookFirst(withReasons({ ...drill, manifest: null }, `The manifest could not be found: ${message}`), now);

/** As it should be: no table of that name. */
export const noTableYet = (drill: Drill, now: number): Drill => askForRestore(drill, now);
