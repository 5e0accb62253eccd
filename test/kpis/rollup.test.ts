import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { LeaseStore } from '../../functions/kpis/store/lease-store.ts';
import { RollupStore } from '../../functions/kpis/store/rollup-store.ts';
import { rollupPorts } from '../../functions/kpis/index.ts';
import { runRollup } from '../../functions/kpis/use-cases/run-rollup.ts';
import { emptyAggregate } from '../../functions/kpis/domain/aggregate.ts';
import {
  contribution,
  deliverAll,
  type Engine,
  eventRecord,
  InjectedCrash,
  type KpiDesk,
  kpiDesk,
  startEngine,
} from './kpi-desk.ts';

let engine: Engine;
let desk: KpiDesk;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  desk = await kpiDesk(engine);
});

const marks = async () => (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('DIRTY#'));
const february = { from: '2016-02-01', to: '2016-03-01', granularity: 'month' };
const total = async (kpi = 'first-response-time') => (await desk.get(`/v1/kpis/${kpi}`, february)).body.total;
const one = (version: number, value: number, over = {}) =>
  eventRecord('tkt_1', version, [contribution({ value, ...over })]);

it('clears the marks of what it computed', async () => {
  await deliverAll(desk, [one(1, 600)]);
  expect(await desk.rollUp()).toEqual({ ran: true, hours: 1, failed: 0, more: false });
  expect(await marks()).toEqual([]);
  expect(await total()).toMatchObject({ value: 600, n: 1 });
  expect(await desk.rollUp()).toEqual({ ran: true, hours: 0, failed: 0, more: false });
});

it('keeps the mark when a fact arrives while it computes, and counts it', async () => {
  await deliverAll(desk, [one(1, 600)]);
  // The first write of the job is the lease; the fact comes before the second, when the hour has been read.
  desk.control.between = async () => {
    desk.control.between = () => deliverAll(desk, [one(2, 1_200)]);
  };
  await desk.rollUp();
  expect(await marks()).toHaveLength(1);
  await desk.rollUp();
  expect(await marks()).toEqual([]);
  expect(await total()).toMatchObject({ value: 1_200, n: 1 });
});

// PITFALLS 20
it('gives the same figures after a crash at any write, before it or after it', async () => {
  for (let after = 0; after < 25; after += 1) {
    await deliverAll(desk, [one(after + 1, 600 + after, { team: `tem_${after % 3}` })]);
    desk.control.crash = { after, applied: after % 2 === 0 };
    await desk.rollUp().catch((error: unknown) => expect(error).toBeInstanceOf(Error));
    desk.control.crash = null;
    desk.control.now += 200_000;
    expect(await desk.rollUp()).toMatchObject({ ran: true, failed: 0, more: false });
    const { body } = await desk.get('/v1/kpis/first-response-time', { ...february, groupBy: 'team' });
    expect(body.total).toMatchObject({ value: 600 + after, n: 1 });
    expect(body.series).toEqual([expect.objectContaining({ group: `tem_${after % 3}` })]);
  }
});

it('does everything in one run while another that comes meanwhile ends at once and is heard', async () => {
  await deliverAll(desk, [one(1, 600)]);
  let other: unknown;
  desk.control.between = async () => {
    // Behind the lease: the other run finds it taken, and brings new work.
    desk.control.between = async () => {
      await deliverAll(desk, [eventRecord('tkt_2', 1, [contribution({ ticketId: 'tkt_2', value: 1_200 })])]);
      other = await desk.rollUp();
    };
  };
  expect(await desk.rollUp()).toMatchObject({ ran: true, more: false });
  expect(other).toMatchObject({ ran: false });
  expect(await total()).toMatchObject({ value: 900, n: 2 });
  expect(await marks()).toEqual([]);
});

it('goes on while a shard of marks has more than a round takes', async () => {
  const hours = Array.from({ length: 70 }, (_unused, index) => new Date(Date.UTC(2016, 1, 1, index)).toISOString());
  await deliverAll(
    desk,
    hours.map((at, index) => eventRecord(`tkt_${index}`, 1, [contribution({ ticketId: `tkt_${index}`, at })])),
  );
  const all = await runRollup({ ...rollupPorts({ ...desk.table, clock: desk.clock }), hoursPerRound: 20 });
  expect(all).toMatchObject({ ran: true, hours: 70, failed: 0, more: false });
  expect(await total()).toMatchObject({ n: 70 });
});

it('waits for the end of the lease of a run that died, and no longer', async () => {
  await deliverAll(desk, [one(1, 600)]);
  await new LeaseStore({ ...desk.table, clock: desk.clock, forMs: 150_000 }).take();
  expect(await desk.rollUp()).toMatchObject({ ran: false });
  desk.control.now += 150_000;
  expect(await desk.rollUp()).toMatchObject({ ran: true, hours: 1 });
});

it('a run that slept past its lease cannot write old figures over new ones', async () => {
  await deliverAll(desk, [one(1, 600)]);
  const old = await new LeaseStore({ ...desk.table, clock: desk.clock, forMs: 150_000 }).take();
  desk.control.now += 150_000;
  await desk.rollUp();
  const write = new RollupStore(desk.table).putMonth('first-response-time', '2016-02', 'all', emptyAggregate, {
    computedAt: desk.control.now,
    epoch: old?.epoch ?? 0,
  });
  await expect(write).rejects.toThrow('later rollup');
  expect(await total()).toMatchObject({ n: 1 });
});

it('ends when its time is up, says that there is more, and the next run goes on', async () => {
  await deliverAll(desk, [one(1, 600)]);
  desk.control.between = async () => {
    desk.control.between = async () => {
      await deliverAll(desk, [
        eventRecord('tkt_2', 1, [contribution({ ticketId: 'tkt_2', at: '2016-02-28T10:00:00.000Z' })]),
      ]);
      await desk.rollUp();
      desk.control.now += 61_000;
    };
  };
  expect(await desk.rollUp()).toMatchObject({ ran: true, hours: 1, more: true });
  expect(await desk.rollUp()).toMatchObject({ ran: true, hours: 1, more: false });
  expect(await total()).toMatchObject({ n: 2 });
});

it('an hour that cannot be computed stays dirty, fails the run, and does not hold up the others', async () => {
  await deliverAll(desk, [
    one(1, 600),
    eventRecord('tkt_2', 1, [contribution({ ticketId: 'tkt_2', at: '2016-03-05T10:00:00.000Z' })]),
  ]);
  const bad = (await desk.items(desk.names.kpis)).find(({ PK }) => PK.startsWith('F#') && PK.includes('2016-03-05'));
  await desk.client.send(new PutCommand({ TableName: desk.names.kpis, Item: { ...bad, version: 'x' } }));
  await expect(desk.rollUp()).rejects.toThrow('1 KPI months failed');
  expect(await marks()).toHaveLength(1);
  expect(await total()).toMatchObject({ n: 1 });
  await desk.client.send(new PutCommand({ TableName: desk.names.kpis, Item: { ...bad } }));
  expect(await desk.rollUp()).toMatchObject({ ran: true, hours: 1 });
});

it('takes a reopened ticket out of its hour and counts it where the resolve that stands lies', async () => {
  const resolved = { kpi: 'resolution-time', priority: 'critical', ticketId: 'tkt_1' };
  const old = '2016-02-28T10:00:00.000Z';
  await deliverAll(desk, [eventRecord('tkt_1', 3, [contribution({ ...resolved, at: old, value: 500 })])]);
  await desk.rollUp();
  await deliverAll(desk, [
    eventRecord('tkt_1', 4, [contribution({ ...resolved, at: old, value: null, retracted: true })]),
  ]);
  await desk.rollUp();
  expect(await total('resolution-time')).toMatchObject({
    value: null,
    n: 0,
    status: 'no_data',
    excluded: {},
    percentiles: null,
  });
  await deliverAll(desk, [
    eventRecord('tkt_1', 5, [contribution({ ...resolved, at: '2016-02-29T10:00:00.000Z', value: 900 })]),
  ]);
  await desk.rollUp();
  expect(await total('resolution-time')).toMatchObject({ value: 900, n: 1, numerator: 900, denominator: 1 });
  const { body } = await desk.get('/v1/kpis/resolution-time', {
    from: '2016-02-28',
    to: '2016-03-01',
    groupBy: 'team',
  });
  expect(body.series.map((row: { from: string }) => row.from)).toEqual(['2016-02-29']);
});

it('is an ordinary failure of the function when it crashes', async () => {
  await deliverAll(desk, [one(1, 600)]);
  desk.control.crash = { after: 0, applied: false };
  await expect(desk.rollUp()).rejects.toThrow(InjectedCrash);
});
