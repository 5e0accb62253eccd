import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { Activity } from '../../../local/clock/activity.ts';
import { noClockFile } from '../../../local/clock/clock-file.ts';
import { BackwardsError, DeskClock } from '../../../local/clock/desk-clock.ts';

const start = Date.UTC(2026, 0, 31, 12);
const clockFrom = (startAt: number | null = start, activity = new Activity(), file = noClockFile) =>
  new DeskClock({ activity, file, startAt });

describe('virtual time', () => {
  it('starts where it is told and runs at wall speed', async () => {
    const clock = clockFrom();
    const before = clock.now();
    await sleep(50);
    const passed = clock.now() - before;
    expect(before - start).toBeLessThan(50);
    expect(passed).toBeGreaterThanOrEqual(45);
    expect(passed).toBeLessThan(500);
  });

  it('wakes what is due while it runs', async () => {
    const clock = clockFrom();
    await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 30, resolve));
    expect(clock.now() - start).toBeGreaterThanOrEqual(30);
  });

  it('visits every instant on the way, in order, and stands still there', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 7_200_000 }), { maxLength: 30 }), async (delays) => {
        const clock = clockFrom();
        const origin = clock.now() + 1000;
        const visits: number[] = [];
        for (const delay of delays) clock.wakeAt(origin + delay, () => visits.push(clock.now() - origin));
        expect(await clock.advanceTo(() => origin + 7_200_000)).toEqual([]);
        expect(visits).toEqual(delays.toSorted((a, b) => a - b));
      }),
      { numRuns: 20 },
    );
  });

  it('visits what a visit plans', async () => {
    const clock = clockFrom();
    const origin = clock.now() + 1000;
    const visits: number[] = [];
    const tick = (at: number): void => {
      clock.wakeAt(at, () => {
        visits.push(clock.now() - origin);
        tick(at + 60_000);
      });
    };
    tick(origin);
    await clock.advanceTo(() => origin + 180_000);
    expect(visits).toEqual([0, 60_000, 120_000, 180_000]);
  });

  it('goes on only when the desk is idle', async () => {
    const activity = new Activity();
    const clock = clockFrom(start, activity);
    let busy = false;
    const seen: string[] = [];
    activity.watch('work', () => busy);
    const at = clock.now() + 60_000;
    clock.wakeAt(at, () => {
      busy = true;
      void sleep(60).then(() => {
        seen.push(`done at ${clock.now() - at}`);
        busy = false;
      });
    });
    clock.wakeAt(at + 1, () => seen.push('next'));
    await clock.advanceTo(() => at + 60_000);
    expect(seen).toEqual(['done at 0', 'next']);
  });

  it('does not run backwards', async () => {
    const clock = clockFrom();
    await expect(clock.advanceTo((now) => now - 1)).rejects.toBeInstanceOf(BackwardsError);
    await clock.advanceTo((now) => now + 1000);
    expect(clock.now()).toBeGreaterThanOrEqual(start + 1000);
  });

  it('goes on after a restart, and refuses an earlier start', () => {
    let kept: { offsetMs: number; lastMs: number } | null = null;
    const file = { read: () => kept, write: (state: { offsetMs: number; lastMs: number }) => void (kept = state) };
    const first = clockFrom(start, new Activity(), file);
    first.keep();
    first.stop();
    expect(clockFrom(null, new Activity(), file).now()).toBeGreaterThanOrEqual(start);
    expect(() => clockFrom(start - 1, new Activity(), file)).toThrow(BackwardsError);
  });

  it('keeps the time that is left when a reset sets it back', async () => {
    const clock = clockFrom();
    await clock.advanceTo((now) => now + 3_600_000);
    const visits: number[] = [];
    clock.wakeAt(clock.now() + 60_000, () => visits.push(clock.now()));
    clock.reset();
    expect(clock.now() - start).toBeLessThan(1000);
    await clock.advanceTo((now) => now + 61_000);
    expect(visits.map((at) => Math.round((at - start) / 10_000))).toEqual([6]);
  });
});
