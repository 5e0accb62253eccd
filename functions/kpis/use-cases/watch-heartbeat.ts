import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { logger } from '../../platform/logger.ts';
import type { Heartbeat } from '../../platform/stream/heartbeat.ts';
import { newRecount, type RecountJob } from './recount-job.ts';

export interface WatchPorts {
  readonly clock: Clock;
  readonly heartbeats: {
    follow(heartbeat: Heartbeat): Promise<{ readonly followed: boolean; readonly last: Heartbeat | null }>;
    jump(last: Heartbeat | null, heartbeat: Heartbeat, job: RecountJob | null): Promise<boolean>;
  };
}

/** What is lost is lost by age: other shards lose what was written in the same minutes, a little more or less. */
const marginMs = 600_000;
const attempts = 5;

const recountOf = (last: Heartbeat, heartbeat: Heartbeat, now: number): RecountJob => ({
  ...newRecount({
    id: newId('rcm', now),
    reason: 'gap',
    slot: `gap-${last.beat}`,
    // Numbers that begin anew are those of a table that was restored: what it has forgotten, nobody can tell.
    from: heartbeat.beat > last.beat ? milliseconds(last.at) - marginMs : null,
    to: heartbeat.beat > last.beat ? milliseconds(heartbeat.at) + marginMs : null,
    requestedBy: null,
    requestedAt: isoInstant(now),
  }),
});

/**
 * Takes a heartbeat that came through the stream. They are numbered one by one and keep their order, whatever the shards do:
 * a number that is left out was in the stream and was not delivered, and neither was what was written beside it. The stream
 * drops what is older than 24 hours (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html), and its
 * source what is older than its record age. Then a recount of the gap is started by itself.
 *
 * Delivered again, a heartbeat is old and passed over. Two readers at once: one moves the mark, and starts the recount in the
 * same transaction; the other looks again. A crash leaves the mark, and the record comes again.
 */
export const watchHeartbeat = async ({ clock, heartbeats }: WatchPorts, heartbeat: Heartbeat): Promise<void> => {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const { followed, last } = await heartbeats.follow(heartbeat);
    if (followed) return;
    if (last !== null && last.beat >= heartbeat.beat && last.at >= heartbeat.at) return;
    const job = last === null ? null : recountOf(last, heartbeat, clock.now());
    if (!(await heartbeats.jump(last, heartbeat, job))) continue;
    if (job !== null && last !== null)
      logger.error('stream records lost', { entityId: job.id, lostSince: last.at, lostUntil: heartbeat.at });
    return;
  }
  throw new HeartbeatContended();
};

/** Others kept moving the mark: the record comes again. */
export class HeartbeatContended extends Error {
  override readonly name = 'HeartbeatContended';
}
