import { driftOf } from '../../functions/kpis/domain/recount.ts';
import type { RecountJob } from '../../functions/kpis/use-cases/recount-job.ts';
import type { LiveTable } from './desk.ts';
import type { AnswersFound } from './lost-answers.ts';
import type { Counter } from './numbers.ts';
import type { RestoredTable } from './restored-table.ts';
import type { RowsFound } from './rows.ts';

/** From when on something may be lost: the oldest canary; without any, the instant that was restored. */
export const lostSince = ({ canaries, restoredTo }: RestoredTable): string | null => canaries?.oldest ?? restoredTo;

export const tableWords = (table: RestoredTable): string => {
  const { items, canaries, restoredTo } = table;
  const minute =
    canaries === null
      ? `no canaries${restoredTo === null ? '' : `, restored to ${restoredTo}`}`
      : `canaries of ${canaries.oldest === canaries.newest ? canaries.newest : `${canaries.oldest} to ${canaries.newest}`}`;
  return `${items} items, ${minute}`;
};

export const lossWords = (table: RestoredTable, now: string): string => {
  const since = lostSince(table);
  return since === null
    ? 'What is lost cannot be dated: the table has no canaries, and does not say what it was restored from.'
    : `What was acknowledged after ${since} and before the disaster is lost, whatever of it is not in the copy (now it is ${now}).`;
};

export const answerWords = ({ looked, lost, unread }: AnswersFound, really: boolean): string =>
  `${lost} of ${looked} answers ${really ? 'forgotten' : 'would be forgotten'}, since what they say is not in the table${unread === 0 ? '' : `; ${unread} not understood`}`;

export const counterWords = ({ was, wanted }: Counter): string =>
  `ticket numbers go on after T-${wanted} (T-${was} in the copy)`;

export const rowWords = ({ looked, removed, putBack }: RowsFound, really: boolean): string =>
  `${removed} of ${looked} list rows ${really ? 'removed' : 'would be removed'} with their tickets, ${putBack} ${really ? 'put back' : 'would be put back'}`;

export const recountWords = ({ id, examined, drift, failed }: RecountJob): string =>
  `${id}: ${examined.tickets} tickets examined, ${driftOf(drift)} facts, rows and figures put right${failed === 0 ? '' : `, ${failed} tickets not examined`}`;

/** What is left for people. */
export const afterwards = ({
  table,
  lost,
  before,
  now,
  stage,
  url,
}: {
  table: LiveTable;
  lost: string | null;
  before: string;
  now: string;
  stage: string;
  url: string | null;
}): readonly string[] => [
  '',
  'Next:',
  ...(url === null
    ? [
        `  1. Commit to the stage ${stage} in lib/stage-config.ts, before anything else is deployed:`,
        `       operationsTable: ${JSON.stringify(table)}`,
      ]
    : ['  1. Nothing to commit: a desk on this machine keeps its parameters until it is reset.']),
  `  2. Tell customers and staff: what they were told between ${lost ?? 'the recovery point'} and ${now} may have to be said again. How many acknowledged writes are lost is not known; each that is sent again is done once.`,
  '  3. Alerts of that time may come twice, and texts of it are not in the SMS count of the month.',
  `  4. Check the histories: npm run verify-history ${url === null ? `-- --stage ${stage}` : `-- --url ${url}`}. It names what was lost after the last digest of the day, and nothing else.`,
  `  5. Take a backup of ${table.name} and drill it (POST /v1/drills).`,
  before === table.name
    ? '  6. Keep the lost table until the incident is closed.'
    : `  6. Keep ${before}, if it is still there, until the incident is closed; nothing reads it any more.`,
];
