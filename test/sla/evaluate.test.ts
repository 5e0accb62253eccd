import * as fc from 'fast-check';
import {
  type Clock,
  decodeTimeline,
  dueMilestones,
  encodeTimeline,
  evaluate,
  firstTerms,
  isSolved,
  nextDueAt,
  priorities,
  statuses,
  type Timeline,
  type TimelineEntry,
} from '../../functions/sla/index.ts';

const minute = 60_000;
const hour = 60 * minute;
const at = (timeline: Timeline, now: number): readonly Clock[] => evaluate(timeline, () => firstTerms, now);
const clock = (timeline: Timeline, now: number, metric: Clock['metric']): Clock =>
  at(timeline, now).find((candidate) => candidate.metric === metric)!;
const created = (
  priority: 'critical' | 'high' | 'normal' | 'low' = 'high',
  status: 'new' | 'waiting_customer' | 'closed' = 'new',
) => ({ at: 0, kind: 'created', status, priority }) as const;

describe('first response (P-03)', () => {
  test('an unanswered ticket is due after one hour and breached strictly after it', () => {
    expect(clock([created()], hour, 'firstResponse')).toMatchObject({
      state: 'running',
      dueAt: hour,
      targetSeconds: 3600,
    });
    expect(clock([created()], hour + 1, 'firstResponse').state).toBe('breached');
  });

  test('a public reply exactly at the due date meets it, one millisecond later does not', () => {
    expect(clock([created(), { at: hour, kind: 'response' }], 2 * hour, 'firstResponse').state).toBe('met');
    expect(clock([created(), { at: hour + 1, kind: 'response' }], 2 * hour, 'firstResponse').state).toBe('breached');
  });

  test('solving without a reply cancels it, and replying later does not bring it back', () => {
    const timeline: Timeline = [
      created(),
      { at: minute, kind: 'status', status: 'resolved' },
      { at: 2 * minute, kind: 'response' },
    ];
    expect(clock(timeline, 5 * hour, 'firstResponse')).toMatchObject({ state: 'cancelled', stoppedAt: minute });
  });

  test('nothing pauses it', () => {
    const timeline: Timeline = [created(), { at: minute, kind: 'status', status: 'waiting_customer' }];
    expect(clock(timeline, 2 * minute, 'firstResponse')).toMatchObject({ state: 'running', dueAt: hour });
  });
});

describe('resolution (P-04)', () => {
  test.each([
    ['critical', 4],
    ['high', 8],
    ['normal', 24],
    ['low', 72],
  ] as const)('%s is due after %d hours', (priority, hours) => {
    expect(clock([created(priority)], 0, 'resolution').dueAt).toBe(hours * hour);
  });

  test('waiting for the customer moves the due date by its length, and not while it lasts only', () => {
    const timeline: Timeline = [
      created(),
      { at: hour, kind: 'status', status: 'waiting_customer' },
      { at: 3 * hour, kind: 'status', status: 'open' },
    ];
    expect(clock(timeline, 2 * hour, 'resolution')).toMatchObject({
      state: 'paused',
      elapsedMs: hour,
      dueAt: 9 * hour,
    });
    expect(clock(timeline, 4 * hour, 'resolution')).toMatchObject({
      state: 'running',
      elapsedMs: 2 * hour,
      dueAt: 10 * hour,
    });
  });

  test('pitfall 5: paused, then resolved directly, still deducts the hold', () => {
    const timeline: Timeline = [
      created(),
      { at: hour, kind: 'status', status: 'waiting_customer' },
      { at: 1000 * hour, kind: 'status', status: 'resolved' },
    ];
    expect(clock(timeline, 2000 * hour, 'resolution')).toMatchObject({ state: 'met', elapsedMs: hour });
  });

  test('pitfall 4: a reopen does not count the time spent solved and does not start again', () => {
    const timeline: Timeline = [
      created(),
      { at: hour, kind: 'status', status: 'resolved' },
      { at: 2 * hour, kind: 'status', status: 'closed' },
      { at: 50 * hour, kind: 'status', status: 'open' },
    ];
    expect(clock(timeline, 51 * hour, 'resolution')).toMatchObject({
      state: 'running',
      stoppedAt: null,
      elapsedMs: 2 * hour,
      dueAt: 57 * hour,
    });
  });

  test('closing a resolved ticket does not change when it was resolved', () => {
    const timeline: Timeline = [
      created(),
      { at: hour, kind: 'status', status: 'resolved' },
      { at: 99 * hour, kind: 'status', status: 'closed' },
    ];
    expect(clock(timeline, 100 * hour, 'resolution')).toMatchObject({ state: 'met', stoppedAt: hour, elapsedMs: hour });
  });

  test('pitfall 3: a new priority re-targets from the original start and keeps the pauses', () => {
    const timeline: Timeline = [
      created('low'),
      { at: hour, kind: 'status', status: 'waiting_customer' },
      { at: 2 * hour, kind: 'status', status: 'open' },
      { at: 3 * hour, kind: 'priority', priority: 'critical' },
    ];
    expect(clock(timeline, 3 * hour, 'resolution')).toMatchObject({ targetSeconds: 4 * 3600, dueAt: 5 * hour });
  });

  test('a priority set after the resolve does not re-open the judgement', () => {
    const timeline: Timeline = [
      created('low'),
      { at: 5 * hour, kind: 'status', status: 'resolved' },
      { at: 6 * hour, kind: 'priority', priority: 'critical' },
    ];
    expect(clock(timeline, 7 * hour, 'resolution')).toMatchObject({ state: 'met', targetSeconds: 72 * 3600 });
  });

  test('pitfall 7: created waiting is paused from second zero, created closed is met with nothing counted', () => {
    expect(clock([created('high', 'waiting_customer')], hour, 'resolution')).toMatchObject({
      state: 'paused',
      elapsedMs: 0,
    });
    expect(clock([created('high', 'closed')], 99 * hour, 'resolution')).toMatchObject({ state: 'met', elapsedMs: 0 });
  });

  test('a breach that was recorded stays one, and is not due again, when the target grows', () => {
    const timeline: Timeline = [
      created('critical'),
      { at: 4 * hour, kind: 'breach', metric: 'resolution', cycle: 1 },
      { at: 5 * hour, kind: 'priority', priority: 'low' },
    ];
    const clocks = at(timeline, 6 * hour).filter(({ metric }) => metric === 'resolution');
    expect(clocks[0]?.state).toBe('breached');
    expect(dueMilestones(clocks, 6 * hour)).toEqual([]);
    expect(nextDueAt(clocks)).toBeNull();
  });
});

/** The model: walks every minute and counts, so it is slow and obviously right. Timelines lie on whole minutes. */
const countedMinutes = (timeline: Timeline, now: number): number => {
  let counted = 0;
  for (let minuteAt = 0; minuteAt < now; minuteAt += minute) {
    let status: string | null = null;
    for (const entry of timeline) {
      if (entry.at > minuteAt) break;
      if (entry.kind === 'created' || entry.kind === 'status') status = entry.status;
    }
    if (status !== null && status !== 'waiting_customer' && status !== 'resolved' && status !== 'closed') counted += 1;
  }
  return counted;
};

const entryArbitrary = fc.oneof(
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(...statuses) }),
  fc.record({ kind: fc.constant('priority' as const), priority: fc.constantFrom(...priorities) }),
  fc.record({ kind: fc.constant('response' as const) }),
);

const timelineArbitrary = fc
  .tuple(
    fc.constantFrom(...priorities),
    fc.constantFrom(...statuses),
    fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), entryArbitrary), { maxLength: 14 }),
  )
  .map(([priority, status, steps]): Timeline => {
    let instant = 0;
    const entries: TimelineEntry[] = [{ at: 0, kind: 'created', status, priority }];
    for (const [gap, entry] of steps) {
      instant += gap * minute;
      entries.push({ at: instant, ...entry });
    }
    return entries;
  });

describe('properties', () => {
  test('counted time equals the minute-by-minute model at every instant', () => {
    fc.assert(
      fc.property(timelineArbitrary, fc.integer({ min: 0, max: 700 }), (timeline, minutes) => {
        expect(clock(timeline, minutes * minute, 'resolution').elapsedMs / minute).toBe(
          countedMinutes(timeline, minutes * minute),
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('later entries never change the past', () => {
    fc.assert(
      fc.property(timelineArbitrary, fc.integer({ min: 0, max: 700 }), (timeline, minutes) => {
        const known = timeline.filter((entry) => entry.at <= minutes * minute);
        expect(at(timeline, minutes * minute)).toEqual(at(known, minutes * minute));
      }),
      { numRuns: 1000 },
    );
  });

  test('a live clock is breached exactly when its due date has passed, and then wants one breach event', () => {
    fc.assert(
      fc.property(timelineArbitrary, (timeline) => {
        const last = timeline.at(-1)!;
        const status = timeline.findLast((entry) => entry.kind === 'status' || entry.kind === 'created')!;
        const resolution = clock(timeline, last.at, 'resolution');
        if (resolution.state !== 'running' || isSolved(status.status)) return;
        expect(clock(timeline, resolution.dueAt, 'resolution').state).toBe('running');
        expect(clock(timeline, resolution.dueAt + 1, 'resolution').state).toBe('breached');
        const owed = dueMilestones(at(timeline, resolution.dueAt + 1), resolution.dueAt + 1);
        expect(owed.map((due) => due.clock.metric)).toContain('resolution');
      }),
      { numRuns: 1000 },
    );
  });

  test('the compact form of a timeline says the same', () => {
    fc.assert(
      fc.property(timelineArbitrary, (timeline) => expect(decodeTimeline(encodeTimeline(timeline))).toEqual(timeline)),
    );
  });
});
