import * as fc from 'fast-check';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { contribution, eventRecord, InjectedCrash, type KpiDesk } from './kpi-desk.ts';

/** What one ticket says of one KPI, one after the other; the last one stands. */
const said = fc.record({
  ticket: fc.integer({ min: 0, max: 2 }),
  kpi: fc.constantFrom('ticket-volume', 'first-response-time', 'resolution-time'),
  /** Ten-minute steps over the two days around both changes of the clocks of 2016. */
  minute: fc.oneof(
    { weight: 2, arbitrary: fc.constantFrom(730, 750) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 6 * 48 - 1 }).map((step) => step * 10) },
  ),
  start: fc.constantFrom(
    '2016-03-26T12:00:00Z',
    '2016-03-26T12:00:00Z',
    '2016-10-29T12:00:00Z',
    '2016-01-31T00:00:00Z',
  ),
  value: fc.integer({ min: 0, max: 400_000 }),
  excluded: fc.constantFrom(null, null, 'noReply', 'merged'),
  team: fc.constantFrom(null, 'tem_a', 'tem_b'),
  priority: fc.constantFrom('critical', 'high', 'low'),
  retract: fc.constantFrom(false, false, false, true),
});

/** What befalls the deliveries: a slice of the events again, in any order, or a rollup, each perhaps with a crash. */
const step = fc.record({
  kind: fc.constantFrom('deliver', 'deliver', 'rollUp'),
  picks: fc.array(fc.nat(), { maxLength: 6 }),
  crash: fc.option(fc.record({ after: fc.integer({ min: 0, max: 30 }), applied: fc.boolean() })),
  meanwhile: fc.option(fc.record({ pick: fc.nat(), writes: fc.integer({ min: 0, max: 25 }) })),
});

export const story = fc.record({
  zone: fc.constantFrom('Europe/Berlin', 'Asia/Kolkata', 'America/Sao_Paulo', 'Etc/UTC'),
  said: fc.array(said, { minLength: 1, maxLength: 14 }),
  steps: fc.array(step, { maxLength: 12 }),
  /** In which order the events come that no step took. */
  order: fc.array(fc.nat(), { minLength: 14, maxLength: 14 }),
});
export type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

const volume = {
  ticket: 0,
  kpi: 'ticket-volume',
  minute: 730,
  value: 0,
  excluded: null,
  team: null,
  priority: 'critical',
  retract: false,
} as const;

/** What was found once: a second delivery in the same process took over the dirty hours of the first, and died with them. */
export const overtaken: Story = {
  zone: 'Europe/Berlin',
  said: [
    { ...volume, start: '2016-03-26T12:00:00Z' },
    { ...volume, start: '2016-03-26T12:00:00Z' },
    { ...volume, start: '2016-10-29T12:00:00Z' },
  ],
  steps: [
    {
      kind: 'deliver',
      picks: [0, 360_824_235, 0],
      crash: { after: 4, applied: false },
      meanwhile: { pick: 0, writes: 2 },
    },
  ],
  order: Array.from({ length: 14 }, () => 0),
};

const halfHour = (at: string): number => Math.floor(Date.parse(at) / 1_800_000);

/** The events that tickets would write, and the contributions that stand in the end. */
export const eventsOf = ({ said: all }: Story) => {
  const versions = new Map<string, number>();
  const standing = new Map<string, Contribution>();
  const records = all.flatMap(({ ticket, kpi, minute, start, excluded, value, team, priority, retract }) => {
    const ticketId = `tkt_${ticket}`;
    const now = contribution({
      kpi,
      ticketId,
      team,
      priority,
      excluded,
      customer: `cus_${ticket % 2}`,
      at: new Date(Date.parse(start) + minute * 60_000).toISOString(),
      value: excluded !== null ? null : kpi === 'ticket-volume' ? 1 : value,
    });
    const before = standing.get(`${kpi} ${ticketId}`);
    const version = (versions.get(ticketId) ?? 0) + 2;
    versions.set(ticketId, version);
    const taken =
      before === undefined
        ? []
        : [eventRecord(ticketId, version - 1, [{ ...before, value: null, excluded: null, retracted: true }])];
    if (retract && before !== undefined) {
      standing.delete(`${kpi} ${ticketId}`);
      return taken;
    }
    standing.set(`${kpi} ${ticketId}`, now);
    // Said anew in the same hour (in zones of half hours too), a later version is enough; else it is taken back first.
    const sameHour = before !== undefined && halfHour(before.at) === halfHour(now.at);
    return [...(sameHour ? [] : taken), eventRecord(ticketId, version, [now])];
  });
  return { records, standing: [...standing.values()] };
};

/**
 * Lives through the story: every event is taken at least once, in whatever order, and nothing is delivered again at the end
 * that was taken before, for that would mend what went wrong.
 */
export const live = async (
  desk: KpiDesk,
  { steps, order }: Story,
  records: readonly DynamoDBRecord[],
): Promise<void> => {
  const keyed = records.map((record, index) => ({ record, key: order[index % order.length] ?? 0 }));
  const pending = new Set(keyed.toSorted((a, b) => a.key - b.key).map(({ record }) => record));
  const deliver = async (picked: readonly DynamoDBRecord[]) => {
    const { batchItemFailures } = await desk.deliver(picked);
    const failed = batchItemFailures[0]?.itemIdentifier;
    const end =
      failed === undefined ? picked.length : picked.findIndex((one) => one.dynamodb?.SequenceNumber === failed);
    for (const record of picked.slice(0, end)) pending.delete(record);
  };
  const survive = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      if (error instanceof InjectedCrash || (error instanceof Error && error.name === 'RollupIncomplete')) return;
      throw error;
    }
  };
  const pick = (picks: readonly number[]) => picks.flatMap((index) => records[index % records.length] ?? []);
  for (const { kind, picks, crash, meanwhile } of steps) {
    desk.control.crash = crash === null ? null : { ...crash };
    desk.control.between =
      meanwhile === null ? null : lateBy(meanwhile.writes, desk, () => survive(() => deliver(pick([meanwhile.pick]))));
    await survive(() => (kind === 'rollUp' ? desk.rollUp() : deliver(pick(picks))));
    desk.control.between = null;
    desk.control.now += 40_000;
  }
  desk.control.crash = null;
  await deliver([...pending]);
  desk.control.now += 200_000;
  expect(await desk.rollUp()).toMatchObject({ ran: true, failed: 0, more: false });
};

/** Lets some writes pass, then acts before the next. */
const lateBy = (writes: number, desk: KpiDesk, act: () => Promise<void>): (() => Promise<void>) =>
  writes === 0
    ? act
    : async () => {
        desk.control.between = lateBy(writes - 1, desk, act);
      };

const localDate = (zone: string, at: string): string => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((one) => one.type === type)?.value;
  return `${part('year')}-${part('month')}-${part('day')}`;
};

const nearestRank = (sorted: readonly number[], percent: number) =>
  sorted[Math.ceil((percent * sorted.length) / 100) - 1] ?? null;

/** The same figures, counted the simple way. */
export const recount = (
  kpi: string,
  grouping: 'all' | 'team' | 'customer' | 'priority',
  facts: readonly Contribution[],
) => {
  const values: number[] = [];
  const excluded: Record<string, number> = {};
  for (const fact of facts.filter((one) => one.kpi === kpi)) {
    const other =
      kpi === 'resolution-time' && grouping !== 'priority' && fact.priority !== 'critical' ? 'otherPriority' : null;
    const reason = fact.excluded ?? other;
    if (reason !== null) excluded[reason] = (excluded[reason] ?? 0) + 1;
    else values.push(fact.value ?? 0);
  }
  values.sort((a, b) => a - b);
  const n = values.length;
  const sum = values.reduce((a, b) => a + b, 0);
  const percentile = (percent: number) => nearestRank(values, percent);
  return {
    value: n === 0 ? null : kpi === 'ticket-volume' ? n : sum / n,
    numerator: sum,
    denominator: n,
    n,
    excluded,
    percentiles:
      n === 0 || kpi === 'ticket-volume'
        ? null
        : { p50: percentile(50), p90: percentile(90), p95: percentile(95), p99: percentile(99) },
  };
};

const kpis = ['ticket-volume', 'first-response-time', 'resolution-time'];
const groupings = ['all', 'team', 'customer', 'priority'] as const;
const year = { from: '2016-01-01', to: '2017-01-01' };

/** Compares every figure of the year, by day and by month, in every grouping. */
export const expectFigures = async (desk: KpiDesk, zone: string, standing: readonly Contribution[]): Promise<void> => {
  for (const kpi of kpis) {
    for (const grouping of groupings) {
      for (const granularity of ['day', 'month']) {
        const query = { ...year, granularity, ...(grouping === 'all' ? {} : { groupBy: grouping }) };
        const { status, body } = await desk.get(`/v1/kpis/${kpi}`, query);
        expect(status).toBe(200);
        const cell = (one: Contribution) => {
          const date = localDate(zone, one.at);
          return `${granularity === 'day' ? date : `${date.slice(0, 7)}-01`} ${grouping === 'all' ? 'all' : (one[grouping] ?? 'none')}`;
        };
        const expected = [
          ...Map.groupBy(
            standing.filter((one) => one.kpi === kpi),
            cell,
          ),
        ]
          .map(([name, facts]) => ({ name, ...recount(kpi, grouping, facts) }))
          .sort((a, b) => (a.name < b.name ? -1 : 1));
        const actual = body.series
          .map(({ from, group, figure }: { from: string; group: string; figure: ReturnType<typeof recount> }) => {
            const { value, numerator, denominator, n, excluded, percentiles } = figure;
            return { name: `${from} ${group}`, value, numerator, denominator, n, excluded, percentiles };
          })
          .filter(({ n, excluded }: { n: number; excluded: object }) => n > 0 || Object.keys(excluded).length > 0)
          .sort((a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1));
        expect(actual).toEqual(expected);
        expect(body.total).toMatchObject(recount(kpi, 'all', standing));
      }
    }
  }
};
