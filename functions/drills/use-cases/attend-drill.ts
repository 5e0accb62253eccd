import { systemActor } from '../../platform/actor.ts';
import { isoInstant, milliseconds } from '../../platform/clock.ts';
import type { DueHandler } from '../../platform/due/attend.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { type Drill, isOver } from '../domain/drill.ts';
import { eventOf } from '../domain/drill-event.ts';
import { step, wanted } from '../domain/step.ts';
import type { ReadDrill } from '../store.ts';
import { concludeDrill } from './conclude-drill.ts';
import { keepReport } from './keep-report.ts';
import type { AttendPorts } from './ports.ts';

/** An executor begins no further action after so long; the rest of the function's 120 s is for ending the last one. */
export const budgetMs = 90_000;

/** How long after its budget an executor that says nothing any more is taken for dead. */
const graceMs = 35_000;

const needsReport = ({ verdict, report }: Drill): boolean => verdict !== null && report === null;

/** When a drill wants attention: now for its report, never more after that. */
const attentionAt = (drill: Drill, now: number): string | null => {
  if (isOver(drill)) return needsReport(drill) ? isoInstant(now) : null;
  return isoInstant(Math.min(wanted(drill, now).at, now + 3_600_000));
};

/**
 * Writes a step down. `holdUntil` keeps it for the executor that goes on with it at once: no hint calls another one meanwhile, and
 * if this one dies, the next begins then.
 */
const written = async (
  ports: AttendPorts,
  before: ReadDrill,
  after: Drill,
  now: number,
  holdUntil: number | null,
): Promise<ReadDrill> => {
  const concluded = before.drill.verdict === null && after.verdict !== null;
  const conclusion = concluded ? await concludeDrill(ports, after) : null;
  return ports.drills.commit(before, after, {
    event: { ...eventOf(before.drill, after), at: isoInstant(now), actor: systemActor },
    dueAt: holdUntil === null ? attentionAt(after, now) : isoInstant(holdUntil),
    ...(conclusion === null ? {} : conclusion),
  });
};

/** The drill after the next thing was done for it; null when nothing is wanted now. */
const advanced = async ({ doing, clock }: AttendPorts, drill: Drill, until: number): Promise<Drill | null> => {
  const now = clock.now();
  const late = step(drill, now, null);
  if (late !== drill) return late;
  const { action } = wanted(drill, now);
  if (action === null) return null;
  const made = { turn: drill.turn, from: now };
  const next = step(drill, clock.now(), await doing.perform(action, until), made);
  return next === drill ? null : next;
};

const worked = async (ports: AttendPorts, read: ReadDrill, until: number): Promise<void> => {
  let current = read;
  for (;;) {
    if (isOver(current.drill)) {
      if (needsReport(current.drill)) await keepReport(ports, current);
      return;
    }
    const next = await advanced(ports, current.drill, until);
    const now = ports.clock.now();
    if (next === null) {
      await ports.drills.postpone(current, attentionAt(current.drill, now) ?? isoInstant(now));
      return;
    }
    const more = isOver(next) ? needsReport(next) : wanted(next, now).action !== null;
    const goesOn = more && now < until;
    current = await written(ports, current, next, now, goesOn ? until + graceMs : null);
    if (!goesOn) return;
  }
};

/**
 * Performs a drill for a while: what it wants next is done, what was observed is decided on, and each decision is written over
 * exactly the version that it was made on, before the next thing is done. So a crash falls between two steps, and of two
 * executors one writes and the other stops: what both did is harmless when repeated. A hint that comes while the drill is held
 * by an executor, or too early, finds nothing to do.
 */
export const attendDrill = async (ports: AttendPorts, id: string): Promise<void> => {
  const read = await ports.drills.find(id);
  const begun = ports.clock.now();
  if (read === null || read.dueAt === null || milliseconds(read.dueAt) > begun) return;
  const until = begun + budgetMs;
  const held = isoInstant(until + graceMs);
  if (!(await ports.drills.postpone(read, held))) return;
  try {
    await worked(ports, { ...read, dueAt: held }, until);
  } catch (error) {
    if (error instanceof LostRace) return;
    await letGo(ports, id, held);
    throw error;
  }
};

/** Gives back what an executor held that failed: the due index pushes it back, farther each time, and counts. */
const letGo = async ({ drills, clock }: AttendPorts, id: string, held: string): Promise<void> => {
  const read = await drills.find(id);
  if (read !== null && read.dueAt === held) await drills.postpone(read, isoInstant(clock.now()));
};

/** The due handler of kind `DRL`. */
export const drillDueHandler =
  (ports: AttendPorts): DueHandler =>
  ({ pk }) =>
    attendDrill(ports, pk.slice('DRL#'.length));
