import * as fc from 'fast-check';
import { HintPace } from '../../functions/kpis/use-cases/hint-pace.ts';
import { contribution, type Engine, eventRecord, kpiDesk, startEngine } from './kpi-desk.ts';

const gaps = (longestMs: number) => fc.array(fc.integer({ min: 0, max: longestMs }), { minLength: 1, maxLength: 200 });

/** For each mark of a series, when the run begins that is woken for it: the first hint that wakes at or after the mark. */
const wakingsOf = (between: readonly number[]) => {
  const pace = new HintPace();
  const wakings: number[] = [];
  let now = 1_000_000;
  const marks = between.map((gap) => {
    now += gap;
    const delay = pace.next(now);
    if (delay !== null) wakings.push(now + delay * 1000);
    return now;
  });
  const runs = marks.map((mark) => wakings.find((waking) => waking > mark) ?? Number.POSITIVE_INFINITY);
  return { marks, runs, wakings };
};

describe('the pace of rollup hints', () => {
  it('no mark is forgotten, and none waits longer than half a minute', () => {
    fc.assert(
      fc.property(gaps(20_000), (between) => {
        const { marks, runs } = wakingsOf(between);
        for (const [index, run] of runs.entries()) expect(run - (marks[index] ?? 0)).toBeLessThanOrEqual(30_000);
      }),
    );
  });

  it('a desk with a fact every twelve seconds or less is told within two', () => {
    fc.assert(
      fc.property(gaps(60_000), (between) => {
        const { marks, runs } = wakingsOf(between.map((gap) => gap + 12_000));
        for (const [index, run] of runs.entries()) expect(run - (marks[index] ?? 0)).toBeLessThanOrEqual(2_000);
      }),
    );
  });

  it('a burst of ten seconds is followed by its figures within two, and an hour of one by a run each half minute', () => {
    const tenth = Array.from({ length: 100 }, () => 100);
    const burst = wakingsOf(tenth);
    expect((burst.runs.at(-1) ?? 0) - (burst.marks.at(-1) ?? 0)).toBeLessThanOrEqual(2_000);
    const hour = wakingsOf(Array.from({ length: 36_000 }, () => 100));
    expect(hour.wakings.length).toBeLessThan(160);
    const [last = 0, before = 0] = hour.wakings.slice(-2).toReversed();
    expect(last - before).toBeGreaterThanOrEqual(30_000);
    expect(last - before).toBeLessThan(30_200);
  });

  it('never has two hints under way', () => {
    fc.assert(
      fc.property(gaps(10_000), (between) => {
        const { wakings } = wakingsOf(between);
        for (const [index, waking] of wakings.entries()) {
          if (index > 0) expect(waking).toBeGreaterThan(wakings[index - 1] ?? 0);
        }
      }),
    );
  });
});

describe('the KPI stream', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startEngine();
  });
  afterAll(() => engine.stop());

  it('sends no second hint while one is under way, and does not count on one that failed', async () => {
    const desk = await kpiDesk(engine);
    const fact = (id: string) => desk.deliver([eventRecord(id, 1, [contribution({ ticketId: id })])]);
    desk.control.hintsFail = true;
    await fact('tkt_1');
    desk.control.hintsFail = false;
    await fact('tkt_2');
    expect(desk.control.hints).toBe(2);
    await fact('tkt_3');
    expect(desk.control.hints).toBe(2);
    desk.control.now += 1_000;
    await fact('tkt_4');
    expect(desk.control.hints).toBe(3);
  });
});
