import { type Clock, systemClock } from '../platform/clock.ts';
import { DueHints } from '../platform/due/hints.ts';
import { queueClient } from '../platform/queue/client.ts';
import { Committer } from '../platform/store/commit.ts';
import { Cursors } from '../platform/store/cursor.ts';
import { documentClient } from '../platform/store/document-client.ts';
import { ExternalIds } from '../platform/store/external-ids.ts';

/** The wiring that every writer of the operations table shares. */
export const operations = (environment: {
  readonly OPERATIONS_TABLE: string;
  readonly DUE_CRITICAL_QUEUE_URL: string;
  readonly DUE_REST_QUEUE_URL: string;
  /** Of those that have to do with drills. */
  readonly DUE_DRILLS_QUEUE_URL?: string;
}) => {
  const client = documentClient();
  const clock: Clock = systemClock;
  const table = environment.OPERATIONS_TABLE;
  const hints = new DueHints({
    sqs: queueClient(),
    urls: {
      critical: environment.DUE_CRITICAL_QUEUE_URL,
      rest: environment.DUE_REST_QUEUE_URL,
      ...(environment.DUE_DRILLS_QUEUE_URL === undefined ? {} : { drills: environment.DUE_DRILLS_QUEUE_URL }),
    },
    clock,
  });
  return {
    client,
    clock,
    table,
    hints,
    committer: new Committer({ client, table, clock, hints }),
    cursors: new Cursors({ client, table }),
    externalIds: new ExternalIds({ client, table }),
  };
};
