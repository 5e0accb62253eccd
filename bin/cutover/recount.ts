import { setTimeout as pause } from 'node:timers/promises';
import { seenHeartbeatKey } from '../../functions/kpis/store/keys.ts';
import { RecountStore } from '../../functions/kpis/store/recount-store.ts';
import { newRecount, type RecountJob } from '../../functions/kpis/use-cases/recount-job.ts';
import { isoInstant } from '../../functions/platform/clock.ts';
import { newId } from '../../functions/platform/ids.ts';
import { readItem } from '../../functions/platform/store/heads.ts';
import { CommandFailure } from '../command/failure.ts';
import type { Desk } from './desk.ts';

const lookEveryMs = 2000;
/** A heartbeat a minute, and the time that a new source takes to be read. */
const heartbeatPatienceMs = 900_000;

/**
 * Waits until a heartbeat of after `since` has come through the stream: then the desk writes to the new table, and the stream of
 * that is read.
 */
export const firstHeartbeat = async ({ client, settings }: Desk, since: string): Promise<string> => {
  for (const until = performance.now() + heartbeatPatienceMs; performance.now() < until; await pause(lookEveryMs)) {
    const at = (await readItem(client, settings.kpis, seenHeartbeatKey))?.['at'];
    if (typeof at === 'string' && at > since) return at;
  }
  throw new CommandFailure(
    'No heartbeat has come through the stream of the new table: the sweep does not run, or the stream is not read. See docs/runbook.md#stream-kpis-silent; then run this again.',
  );
};

const isWhole = ({ from, to }: RecountJob): boolean => from === null && to === null;

/** The recount of everything that was asked for since then: the reader of the stream asks for one too when it sees the restore. */
const wholeSince = async (store: RecountStore, since: string): Promise<RecountJob | null> => {
  const { jobs } = await store.list(100, null);
  const whole = jobs.filter((job) => isWhole(job) && job.requestedAt >= since);
  return whole.find(({ state }) => state === 'done') ?? whole[0] ?? null;
};

/** Has everything counted again, unless that was done since, and waits for its end. */
export const recountEverything = async (
  { client, settings, now }: Desk,
  since: string,
  progress: (line: string) => void,
): Promise<RecountJob> => {
  const store = new RecountStore({ client, table: settings.kpis });
  let said = '';
  for (;;) {
    const job = await wholeSince(store, since);
    if (job?.state === 'done') return job;
    if (job === null) {
      const at = now();
      const asked = { reason: 'requested', slot: 'cutover', from: null, to: null, requestedBy: null } as const;
      await store.start(
        newRecount({ ...asked, id: newId('rcm', at), requestedAt: isoInstant(Math.max(at, Date.parse(since))) }),
      );
      await pause(lookEveryMs);
      continue;
    }
    const line = `${job.id} ${job.state}: ${job.examined.tickets} tickets, ${job.examined.days} of ${job.days} days`;
    if (line !== said) progress(line);
    said = line;
    await pause(lookEveryMs);
  }
};
