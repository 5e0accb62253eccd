import * as fc from 'fast-check';
import { clocksAt } from '../../functions/desk/domain/state.ts';
import { attribute } from '../../functions/desk/domain/violations.ts';
import { priorities, statuses } from '../../functions/sla/index.ts';
import { lived, start, type Step, violationFacts, violationsAfter } from './lived-ticket.ts';

const hour = 3_600_000;
const iso = (hours: number) => new Date(start + hours * hour).toISOString();

describe('a violation', () => {
  it('is said with the breach, and again with actual and overrun when the clock stops', () => {
    const breached = lived([{ minutes: 61, attend: true }]);
    expect(violationsAfter(breached)).toEqual([
      {
        metric: 'firstResponse',
        cycle: 1,
        targetSeconds: 3_600,
        dueAt: iso(1),
        actualSeconds: null,
        overrunSeconds: null,
        cause: 'us',
        causeSeconds: { us: 3_600, vendor: 0, customer: 0 },
        policy: { id: 'slp_default', version: 1 },
        calendar: { id: 'cal_round_the_clock', version: 1 },
        team: 'tem_1',
        priority: 'high',
      },
    ]);
    const answered = lived([{ minutes: 90, reply: true }]);
    expect(violationsAfter(answered)).toMatchObject([
      { dueAt: iso(1), actualSeconds: 5_400, overrunSeconds: 1_800, cause: 'us', causeSeconds: { us: 5_400 } },
    ]);
  });

  it('is nothing where the deadline was met', () => {
    expect(
      violationsAfter(
        lived([
          { minutes: 60, reply: true },
          { minutes: 7 * 60, status: 'resolved' },
        ]),
      ),
    ).toEqual([]);
  });

  it('runs again after a reopen, without the time spent resolved, and keeps the deadline that was missed', () => {
    const steps: Step[] = [
      { minutes: 30, reply: true },
      { minutes: 9 * 60 - 30, status: 'resolved' },
      { minutes: 24 * 60, status: 'open' },
    ];
    expect(violationsAfter(lived(steps.slice(0, 2)))).toMatchObject([{ dueAt: iso(8), actualSeconds: 9 * 3_600 }]);
    expect(violationsAfter(lived(steps))).toMatchObject([{ dueAt: iso(8), actualSeconds: null }]);
    expect(violationsAfter(lived([...steps, { minutes: 60, status: 'resolved' }]))).toMatchObject([
      { dueAt: iso(8), actualSeconds: 10 * 3_600, overrunSeconds: 2 * 3_600 },
    ]);
  });

  it('is taken back when its target is no longer exceeded, and said again when that one is missed too', () => {
    const late: Step[] = [
      { minutes: 30, reply: true },
      { minutes: 10 * 60 - 30, attend: true },
      { minutes: 1, priority: 'normal' },
    ];
    expect(violationsAfter(lived(late))).toEqual([]);
    expect(violationsAfter(lived([...late, { minutes: 60, status: 'resolved' }]))).toEqual([]);
    expect(violationsAfter(lived([...late, { minutes: 24 * 60, status: 'resolved' }]))).toMatchObject([
      { metric: 'resolution', dueAt: iso(8), targetSeconds: 24 * 3_600, priority: 'normal' },
    ]);
    expect(violationsAfter(lived([...late, { minutes: 1, priority: 'critical' }]))).toMatchObject([
      { dueAt: iso(8), targetSeconds: 4 * 3_600, priority: 'critical' },
    ]);
  });

  it('goes with the team that the ticket has', () => {
    expect(
      violationsAfter(
        lived([
          { minutes: 90, reply: true },
          { minutes: 1, teamId: 'tem_2' },
        ]),
      ),
    ).toMatchObject([{ team: 'tem_2', actualSeconds: 5_400 }]);
  });

  it('is not said again by what changes nothing of it, and is when it becomes the turn of another', () => {
    const said = (steps: readonly Step[]) =>
      lived([{ minutes: 90, reply: true }, { minutes: 8 * 60, attend: true }, ...steps])
        .slice(4)
        .flatMap(({ event }) => event.facts)
        .filter(({ kpi }) => kpi === 'sla-violations').length;
    expect(
      said([
        { minutes: 5, tags: ['vip'] },
        { minutes: 5, reply: true },
        { minutes: 9, status: 'open' },
      ]),
    ).toBe(0);
    expect(said([{ minutes: 5, status: 'waiting_vendor' }])).toBe(1);
  });
});

describe('the cause', () => {
  const causeOf = (steps: readonly Step[]) =>
    violationsAfter(lived([{ minutes: 30, reply: true }, ...steps])).map(({ cause, causeSeconds }) => [
      cause,
      causeSeconds,
    ]);

  it.each([
    ['ours, when we worked on it too long', [{ minutes: 9 * 60, status: 'resolved' }], 'us', [34_200, 0, 0]],
    [
      'the vendor’s, when the target would have been met without the wait that was counted',
      [
        { minutes: 60, status: 'waiting_vendor' },
        { minutes: 5 * 60, status: 'open' },
        { minutes: 3 * 60, status: 'resolved' },
      ],
      'vendor',
      [16_200, 18_000, 0],
    ],
    [
      'ours, when it would have been missed without that wait too',
      [
        { minutes: 60, status: 'waiting_vendor' },
        { minutes: 60, status: 'open' },
        { minutes: 8 * 60, status: 'resolved' },
      ],
      'us',
      [34_200, 3_600, 0],
    ],
    [
      'not the customer’s where the clock paused for them: that was never counted',
      [
        { minutes: 60, status: 'waiting_customer' },
        { minutes: 50 * 60, status: 'open' },
        { minutes: 8 * 60, status: 'resolved' },
      ],
      'us',
      [34_200, 0, 180_000],
    ],
    [
      'ours, when we waited for ourselves',
      [
        { minutes: 60, status: 'waiting_internal' },
        { minutes: 9 * 60, status: 'resolved' },
      ],
      'us',
      [37_800, 0, 0],
    ],
  ] as const)('is %s', (_what, steps, cause, [us, vendor, customer]) => {
    expect(causeOf(steps)).toEqual([[cause, { us, vendor, customer }]]);
  });

  it('is the customer’s where a clock that does not pause would have met its target without them', () => {
    const steps: Step[] = [
      { minutes: 10, status: 'waiting_customer' },
      { minutes: 70, status: 'open' },
      { minutes: 10, reply: true },
    ];
    expect(violationsAfter(lived(steps))).toMatchObject([
      { metric: 'firstResponse', cause: 'customer', causeSeconds: { us: 1_200, vendor: 0, customer: 4_200 } },
    ]);
  });

  it('is that of the longer wait where either alone explains it', () => {
    const steps: Step[] = [
      { minutes: 10, status: 'waiting_vendor' },
      { minutes: 20, status: 'waiting_customer' },
      { minutes: 35, reply: true },
    ];
    const { state } = lived(steps).at(-1)!;
    const { timeline } = state;
    const clock = clocksAt(state, start + 10 * hour)[0]!;
    expect(attribute(timeline, clock, start + 10 * hour).cause).toBe('customer');
  });
});

const step: fc.Arbitrary<Step> = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 5_000 })),
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ status: fc.constantFrom(...statuses.slice(1)) }) },
      { weight: 2, arbitrary: fc.record({ priority: fc.constantFrom(...priorities) }) },
      { weight: 1, arbitrary: fc.record({ teamId: fc.constantFrom(null, 'tem_1', 'tem_2') }) },
      { weight: 1, arbitrary: fc.constantFrom({ reply: true as const }, { attend: true as const }, { tags: ['vip'] }) },
    ),
  )
  .map(([minutes, what]) => ({ minutes, ...what }));

test('whatever happens: at most one for each metric and cycle, as its clock says, and the overrun is what exceeds the target', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 14 }), fc.constantFrom(...priorities), (steps, priority) => {
      const decisions = lived(steps, priority);
      for (let told = 1; told <= decisions.length; told += 1) {
        const { state, event } = decisions[told - 1]!;
        const found = violationsAfter(decisions.slice(0, told));
        const names = found.map(({ metric, cycle }) => `${metric} ${cycle}`);
        expect(new Set(names).size).toBe(names.length);
        const clocks = clocksAt(state, Math.max(Date.parse(event.at), state.timeline.at(-1)!.at));
        const over = clocks.filter(
          (clock) =>
            clock.breachRecorded &&
            (clock.stoppedAt === null
              ? clock.elapsedMs >= clock.targetSeconds * 1000
              : clock.elapsedMs > clock.targetSeconds * 1000),
        );
        expect(names.sort()).toEqual(over.map(({ metric, cycle }) => `${metric} ${cycle}`).sort());
        for (const violation of found) {
          const clock = over.find(({ metric, cycle }) => metric === violation.metric && cycle === violation.cycle)!;
          expect(violation.targetSeconds).toBe(clock.targetSeconds);
          expect(violation.actualSeconds).toBe(clock.stoppedAt === null ? null : Math.floor(clock.elapsedMs / 1000));
          if (violation.actualSeconds === null) expect(violation.overrunSeconds).toBeNull();
          else {
            expect(violation.overrunSeconds).toBe(violation.actualSeconds - violation.targetSeconds);
            expect(violation.overrunSeconds).toBeGreaterThanOrEqual(0);
            const { us, vendor, customer } = violation.causeSeconds;
            expect(us + vendor + customer).toBe(Math.floor((clock.stoppedAt! - clock.startedAt) / 1000));
          }
          expect([violation.team, violation.priority]).toEqual([state.ticket.teamId, state.ticket.priority]);
        }
      }
      // It stays where it was first said: a month that was reported keeps its violations.
      const places = decisions.flatMap(({ event }) => event.facts.filter(({ kpi }) => kpi === 'sla-violations'));
      for (const all of Map.groupBy(places, ({ subject }) => subject).values())
        expect(new Set(all.map(({ at }) => at)).size).toBe(1);
      expect(violationFacts(decisions).every(({ value }) => value === 1)).toBe(true);
    }),
    { numRuns: 400 },
  );
});
