import { isoInstant } from '../../platform/clock.ts';
import { type Drift, driftOf, noDrift } from '../domain/recount.ts';
import type { RecountJob } from './recount-job.ts';
import type { RecountPorts } from './recount-ports.ts';
import { begun, resumed, type Run, stepDay, stepSuspects, stepTickets } from './recount-steps.ts';

export interface RecountResult {
  /** False when there was nothing to do, or another run is at it. */
  readonly ran: boolean;
  readonly drift: Drift;
  readonly tickets: number;
  readonly failed: number;
  /** There is more to do, now or in some minutes. */
  readonly more: boolean;
}

/** Shards are read side by side: behind the heartbeat's, another may be so far, and a batch may be being repeated. */
const streamMarginMs = 300_000;

/** Whether everything was looked at. */
const isDone = ({ place, days, suspects }: RecountJob): boolean => {
  switch (place.phase) {
    case 'tickets':
      return false;
    case 'days':
      return place.next >= days;
    case 'suspects':
      return suspects.length === 0 && place.next >= days;
  }
};

const step = (run: Run, job: RecountJob): Promise<RecountJob> => {
  const { place } = job;
  switch (place.phase) {
    case 'tickets':
      return stepTickets(run, job, place);
    case 'days':
      return stepDay(run, job, place);
    case 'suspects':
      return stepSuspects(run, job, place);
  }
};

const waits = ({ place, suspects }: RecountJob, now: number): boolean =>
  place.phase === 'suspects' && suspects.length > 0 && now < place.notBefore;

const steps = async (run: Run, open: RecountJob): Promise<{ readonly job: RecountJob; readonly more: boolean }> => {
  const { ports, lease } = run;
  const { clock, jobs } = ports;
  const endsAt = clock.now() + ports.budgetMs;
  let job = await begun(run, await resumed(run, { ...open, attempts: open.attempts + 1 }));
  await jobs.save(job, lease);
  while (!isDone(job)) {
    if (waits(job, clock.now()) || clock.now() >= endsAt) return { job, more: true };
    job = { ...(await step(run, job)), attempts: 0 };
    await jobs.save(job, lease);
  }
  job = { ...job, state: 'done', endedAt: isoInstant(clock.now()) };
  await jobs.finish(job, lease);
  return { job, more: false };
};

/**
 * Recounts what the events say and puts right what differs, in place: facts, list rows, and by dirty marks the figures. Runs
 * each minute and does nothing while nothing is asked for; one run holds the lease, works for about a minute, saves where it
 * is, and the next goes on. Killed anywhere, the next run begins at the last saved place, and repeats what it finds undone.
 * May run late and twice: every write wants the version that was read, and a save is refused once a later run has saved.
 */
export const runRecount = async (ports: RecountPorts): Promise<RecountResult> => {
  const nothing = { ran: false, drift: noDrift, tickets: 0, failed: 0, more: false };
  if ((await ports.jobs.open()) === null) return nothing;
  const lease = await ports.lease.take();
  if (lease === null) return { ...nothing, more: true };
  const last = await ports.heartbeat.lastAt();
  const arrived = last === null ? ports.clock.now() : Date.parse(last);
  const run: Run = { ports, lease, arrived: isoInstant(arrived - streamMarginMs), drift: noDrift };
  try {
    const open = await ports.jobs.open();
    if (open === null || waits(open, ports.clock.now())) return { ...nothing, more: open !== null };
    const { job, more } = await steps(run, open);
    return {
      ran: true,
      drift: run.drift,
      tickets: job.examined.tickets - open.examined.tickets,
      failed: job.failed - open.failed,
      more,
    };
  } finally {
    ports.report(run.drift);
    await ports.lease.abandon(lease);
    if (driftOf(run.drift) > 0) await ports.hint();
  }
};
