import { type Clock, isoInstant } from '../../platform/clock.ts';
import { logger } from '../../platform/logger.ts';
import { definitions } from '../domain/definitions.ts';
import { addDays, daysBetween, localDay } from '../domain/local-time.ts';
import { examineDay, examineSuspect } from './examine-day.ts';
import { examineTicket, type PlacedFact, type Repair } from './examine-ticket.ts';
import { inParallel } from './in-parallel.ts';
import type { Lease } from './lease.ts';
import type { DirtyHour } from './mark.ts';
import { type Drift, noDrift, plusDrift } from '../domain/recount.ts';
import { entityOf, isContributor } from '../domain/subject-partition.ts';
import type { RecountJob } from './recount-job.ts';
import type { RecountPorts } from './recount-ports.ts';
import { applyRepairs, intentionOf } from './repair.ts';

/** Writers' clocks differ by seconds, and a change is committed some moments after its instant. */
const clockMarginMs = 600_000;
/** A batch of the stream ends and marks its hours within a minute, or comes again. */
const settlesMs = 180_000;
/** An hour that goes on moving is work at this moment, and looked at by the next night. */
const mostRounds = 5;
const atOnce = 16;
/** So that what is intended, and what is suspected, is far from the 400 KB of an item. */
const repairsAtOnce = 200;
const mostSuspects = 500;
/** Runs that may fail at a place before what fails is passed over, and counted. */
const mostAttempts = 3;

/** What a run knows and has found, beside what it saves. */
export interface Run {
  readonly ports: RecountPorts;
  readonly lease: Lease;
  readonly arrived: string;
  drift: Drift;
}

const marked = async ({ ports }: Run, hours: readonly DirtyHour[]): Promise<void> => {
  await inParallel(hours, atOnce, (hour) => ports.marks.add(hour));
};

/** Writes repairs so that a crash at any point leaves no hour unmarked: what is intended is saved first, then marked by whoever goes on. */
const repaired = async (run: Run, job: RecountJob, repairs: readonly Repair[]): Promise<RecountJob> => {
  const { ports, lease } = run;
  let current = job;
  for (let start = 0; start < repairs.length; start += repairsAtOnce) {
    const some = repairs.slice(start, start + repairsAtOnce);
    const { drift: most, hours: touched } = intentionOf(some);
    const hours = touched.map(({ kpi, hour, groups }) => ({ kpi, hour, groups: [...groups] }));
    await ports.jobs.save({ ...current, intended: { drift: most, hours } }, lease);
    const { drift, hours: dirty } = await applyRepairs(ports, some);
    await marked(run, dirty);
    run.drift = plusDrift(run.drift, drift);
    current = { ...current, intended: null, drift: plusDrift(current.drift, drift) };
    await ports.jobs.save(current, lease);
  }
  return current;
};

/** Marks what the run before was about to write when it ended, and counts it: more rather than less. */
export const resumed = async (run: Run, job: RecountJob): Promise<RecountJob> => {
  if (job.intended === null) return job;
  await marked(run, job.intended.hours);
  run.drift = plusDrift(run.drift, job.intended.drift);
  return { ...job, intended: null, drift: plusDrift(job.drift, job.intended.drift) };
};

export const begun = async ({ ports }: Run, job: RecountJob): Promise<RecountJob> => {
  if (job.state !== 'waiting') return job;
  const { zone, clock, rollups, history, jobs } = ports;
  const now = clock.now();
  const known = await Promise.all(definitions.map(({ id }) => rollups.firstDay(id)));
  const today = localDay(zone, now);
  const earliest = known.flatMap((day) => day ?? []).sort()[0] ?? today;
  const firstDay = job.from === null ? earliest : localDay(zone, job.from);
  const lastDay = localDay(zone, job.to === null ? now : Math.min(job.to, now));
  return {
    ...job,
    state: 'running',
    startedAt: isoInstant(now),
    numbered: await history.ticketsNumbered(),
    numberedAfter: job.from === null ? 0 : await jobs.numberedBefore(job.from - clockMarginMs),
    place: { phase: 'tickets', pass: 1, began: now, scan: null },
    firstDay,
    days: Math.max(0, daysBetween(firstDay, lastDay) + 1) * definitions.length,
  };
};

/** Examines tickets side by side. After several runs that failed here, what cannot be examined is passed over. */
const examined = async (
  { ports, arrived }: Run,
  job: RecountJob,
  tickets: ReadonlyMap<string, readonly PlacedFact[]>,
): Promise<{ readonly repairs: readonly Repair[]; readonly job: RecountJob }> => {
  let { failed } = job;
  let facts = 0;
  const repairs = await inParallel([...tickets], atOnce, async ([ticketId, found]) => {
    try {
      const result = await examineTicket(ports, ticketId, arrived, found);
      facts += result.facts;
      return result.repairs;
    } catch (error) {
      if (job.attempts <= mostAttempts) throw error;
      failed += 1;
      logger.error('ticket not examined', { ticketId, error });
      return [];
    }
  });
  const counted = { ...job.examined, tickets: job.examined.tickets + tickets.size, facts: job.examined.facts + facts };
  return { repairs: repairs.flat(), job: { ...job, failed, examined: counted } };
};

export const stepTickets = async (run: Run, job: RecountJob, place: RecountJob['place'] & { phase: 'tickets' }) => {
  const { changed } = run.ports;
  const first = { at: job.from === null ? 0 : job.from - clockMarginMs, numberedAfter: job.numberedAfter };
  const again = { at: place.began - clockMarginMs, numberedAfter: job.numbered };
  const page = await changed.page(place.pass === 1 ? first : again, place.scan);
  const keys = page.heads.map(({ key }) => key).filter(isContributor);
  const tickets = new Map(keys.map(({ PK }) => [entityOf(PK) ?? PK, []] as const));
  const { repairs, job: counted } = await examined(run, job, tickets);
  const next: RecountJob['place'] =
    page.next !== null
      ? { ...place, scan: page.next }
      : place.pass === 1
        ? { phase: 'tickets', pass: 2, began: place.began, scan: null }
        : { phase: 'days', next: 0 };
  const after = await repaired(run, counted, repairs);
  return { ...after, place: next };
};

const suspectsNow = (next: number, clock: Clock): { readonly place: RecountJob['place'] } => ({
  place: { phase: 'suspects', next, notBefore: clock.now() + settlesMs, round: 0 },
});

export const stepDay = async (
  run: Run,
  job: RecountJob,
  place: RecountJob['place'] & { phase: 'days' },
): Promise<RecountJob> => {
  const { ports } = run;
  const kpi = definitions[place.next % definitions.length]?.id ?? '';
  const day = addDays(job.firstDay, Math.floor(place.next / definitions.length));
  const { facts, groundless, suspects } = await examineDay(ports, kpi, day);
  const byTicket = Map.groupBy(groundless, ({ fact }) => fact.ticketId);
  const { repairs, job: counted } = await examined(run, job, byTicket);
  const after = await repaired(run, { ...counted, suspects: [...counted.suspects, ...suspects] }, repairs);
  const { days, tickets } = job.examined;
  const next = place.next + 1;
  const enough = next >= job.days || after.suspects.length >= mostSuspects;
  return {
    ...after,
    examined: { tickets, facts: after.examined.facts + facts, days: days + 1 },
    ...(enough ? suspectsNow(next, ports.clock) : { place: { phase: 'days', next } }),
  };
};

export const stepSuspects = async (
  run: Run,
  job: RecountJob,
  place: RecountJob['place'] & { phase: 'suspects' },
): Promise<RecountJob> => {
  const { ports } = run;
  const findings = await inParallel(job.suspects, atOnce, (suspect) => examineSuspect(ports, suspect));
  const wrong = findings.flatMap((finding) => (finding.kind === 'wrong' ? [finding.dirty] : []));
  const moving = findings.flatMap((finding) => (finding.kind === 'moves' ? [finding.suspect] : []));
  await marked(run, wrong);
  const drift = { ...noDrift, rollup: wrong.length };
  run.drift = plusDrift(run.drift, drift);
  const after = { ...job, drift: plusDrift(job.drift, drift) };
  if (moving.length > 0 && place.round < mostRounds) {
    const notBefore = ports.clock.now() + settlesMs;
    return { ...after, suspects: moving, place: { ...place, notBefore, round: place.round + 1 } };
  }
  return { ...after, suspects: [], place: { phase: 'days', next: place.next } };
};
