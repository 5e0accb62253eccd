import type { ActionName } from './drill.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/**
 * How often a drill looks at what takes its time, by how long that has been going on. Events of AWS only make it sooner. What
 * takes seconds (a setting of a table, the removal of a small one) is not left waiting, for that is a part of the RTO; what takes
 * hours is looked at every other minute.
 */
const paces = [
  { within: 30 * second, every: 3 * second },
  { within: 2 * minute, every: 15 * second },
  { within: 15 * minute, every: 60 * second },
  { within: Number.POSITIVE_INFINITY, every: 120 * second },
] as const;

export const paceOf = (waitedMs: number): number =>
  paces.find(({ within }) => waitedMs < within)?.every ?? 120 * second;

/** After trouble that passes: twice as long each time, at most as long as between two looks. */
export const delayOf = (attempts: number): number => Math.min(5 * second * 2 ** attempts, 120 * second);

/** How long each may be wanted, whatever happens; cleaning has no limit, since a table left behind costs money and holds data. */
export const limits: Readonly<Record<ActionName, number>> = {
  'describe-source': hour,
  'list-recovery-points': hour,
  'write-manifest': 6 * hour,
  'find-manifest': hour,
  'start-backup': hour,
  'look-at-backup': 12 * hour,
  // Waits for a free place among the restores that an account may run at once.
  'start-restore': 6 * hour,
  'look-at-restore': 24 * hour,
  'look-at-table': 6 * hour,
  rearm: 2 * hour,
  scan: 6 * hour,
  compare: 6 * hour,
  serve: 30 * minute,
  'remove-table': Number.POSITIVE_INFINITY,
};

/** A scratch table that is not gone so long after the drill came to its end is somebody's work. */
export const cleaningOverdueMs = hour;

/** What was recorded before the declaration has been committed by then: an invocation ends after 29 s. */
export const commitMs = 35 * second;

/** An invocation of the drills' queue ends after 120 s; one that read the drill before a restore was asked for may ask as late. */
export const staleMs = 130 * second;

/** A restore of which no answer came may have been accepted; its table shows by then. */
export const unansweredMs = 15 * minute;

/** What was just accepted may not be visible to reads yet. */
export const visibleMs = 10 * minute;

/** How often a read and a write are tried on the copy before it counts as not served. */
export const serveAttempts = 5;
