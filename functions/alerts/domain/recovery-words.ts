import type { RecoveryKind } from './alert.ts';

interface RecoveryWords {
  /** `restore drill failed`: goes behind the ticket's number, and into a summary. */
  readonly short: string;
  /** What it means, in one sentence. */
  readonly headline: string;
  /** What to do, for somebody who was just woken. */
  readonly next: string;
  /** The same for a text message. */
  readonly nextSms: string;
}

/**
 * What is said of drills and backups, by kind. The numbers (how much was lost, how long it took, how old the newest recovery
 * point is) stand in the alert's own `happened`.
 */
export const recoveryWords: Readonly<Record<RecoveryKind, RecoveryWords>> = {
  'drill.failed': {
    short: 'restore drill failed',
    headline: 'A restore drill failed: what was restored is not what was promised, or could not be restored.',
    next: 'read the report of the drill, find the check or leg that failed, and run the drill again once it is mended.',
    nextSms: 'Read the drill report.',
  },
  'drill.unknown': {
    short: 'restore drill proved nothing',
    headline:
      'A restore drill ended without a proof: something was not checked, so nobody knows whether it can be restored.',
    next: 'read in the report what was not checked, remove the cause, and run the drill again.',
    nextSms: 'Read the drill report, run it again.',
  },
  'drill.objective-missed': {
    short: 'recovery objective missed',
    headline: 'The data came back whole, but not within the recovery objectives.',
    next: 'compare the legs in the report with the objectives; back up more often, restore faster, or agree on other objectives.',
    nextSms: 'Compare legs and objectives in the report.',
  },
  'drill.overdue': {
    short: 'restore drill overdue',
    headline: 'A planned restore drill did not begin, or did not end, in time.',
    next: 'look at the drills of that table and at what blocks them; start the drill by hand once it is free.',
    nextSms: 'See what blocks it, start it by hand.',
  },
  'drill.leftover': {
    short: 'scratch table left over',
    headline: 'A scratch table of a restore drill was still there without its drill, and was removed.',
    next: 'look for the drill in its name and why it did not clean up; nothing else is to be done if the table is gone.',
    nextSms: 'Find out why the drill left it.',
  },
  'backup.failed': {
    short: 'backup failed',
    headline: 'A backup failed: the newest recovery point grows older until the next one.',
    next: 'read the message of the job, remove its cause, and take a backup by hand if the next one comes too late.',
    nextSms: 'Read the job, back up by hand.',
  },
  'backup.missed': {
    short: 'backup missed',
    headline: 'No backup was taken in the window in which one was expected.',
    next: 'check the backup plan and its role, and take a backup by hand.',
    nextSms: 'Check the plan, back up by hand.',
  },
  'backup.stale': {
    short: 'recovery point too old',
    headline: 'The newest recovery point is older than the recovery point objective allows.',
    next: 'find out why no newer one was made (failed jobs, point-in-time recovery switched off) and take a backup by hand.',
    nextSms: 'Back up by hand, find out why.',
  },
  'backup.settings': {
    short: 'backup settings changed',
    headline: 'The account does not back up this kind of table any more as the desk needs it.',
    next: 'see who changed the settings of AWS Backup in this region, and set them back.',
    nextSms: 'Set them back.',
  },
};
