import * as z from 'zod';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { atMost, type Measurement, type Row } from '../row.ts';
import { type MeteredDesk, startMeteredDesk } from './desk.ts';
import { eventImage, lifeFacts, randomFrom } from './facts.ts';

const day = 86_400_000;
const first = Date.parse('2025-11-01T00:00:00Z');
const days = 90;
const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);

const figure = z.object({ numerator: z.number(), n: z.number() });
const answerSchema = z.object({
  series: z.array(z.object({ from: z.string(), group: z.string(), figure })),
});

/** Lives 90 days of tickets, in two hours of each, and says what they contributed. */
const seedDays = async (desk: MeteredDesk, perDay: number): Promise<readonly Contribution[]> => {
  const random = randomFrom(7);
  const all: Contribution[] = [];
  for (let index = 0; index < days; index += 1) {
    const tickets = Array.from({ length: perDay }, (_unused, ticket) => {
      const id = `tkt_${index}_${ticket}`;
      return { id, facts: lifeFacts(id, first + index * day + Math.floor(random() * 2) * 3_600_000, random) };
    });
    await desk.deliver(tickets.map(({ id, facts }) => eventImage(id, 1, facts)));
    all.push(...tickets.flatMap(({ facts }) => facts));
  }
  for (let more = true; more; ) more = (await desk.rollUp()).more;
  return all;
};

/** Cells (day and team) in which the rollups differ from a count of the facts, over two KPIs. */
const drift = async (facts: readonly Contribution[], get: (kpi: string, query: object) => Promise<unknown>) => {
  let cells = 0;
  let different = 0;
  for (const kpi of ['ticket-volume', 'first-response-time']) {
    const { series } = answerSchema.parse(await get(kpi, { groupBy: 'team' }));
    const shown = new Map(series.map((row) => [`${row.from} ${row.group}`, row.figure]));
    const counted = Map.groupBy(
      facts.filter((fact) => fact.kpi === kpi),
      (fact) => `${fact.at.slice(0, 10)} ${fact.team}`,
    );
    const names = new Set([...shown.keys(), ...counted.keys()]);
    for (const name of names) {
      const own = counted.get(name) ?? [];
      const sum = own.reduce((total, fact) => total + (fact.value ?? 0), 0);
      const cell = shown.get(name);
      cells += 1;
      if (cell?.n !== own.length || cell.numerator !== sum) different += 1;
    }
  }
  return { cells, different };
};

/** The projection's WRU, one event at a time (the dearest way), from a real ticket's events. */
const projectionRows = async (desk: MeteredDesk): Promise<readonly Row[]> => {
  const id = await desk.create('/v1/tickets', desk.newTicket, 'agent');
  const post = (path: string, body: unknown) =>
    desk.call({ method: 'POST', path: `/v1/tickets/${id}/${path}`, body, subject: 'agent' });
  await post('replies', { body: 'Looking at it.', visibility: 'internal', channel: 'email' });
  await post('replies', { body: 'We are on it.', visibility: 'public', channel: 'email' });
  await post('status', { status: 'resolved', reason: 'fixed', note: '' });
  const { head, events } = await desk.images(id);
  const perFact: number[] = [];
  let others = 0;
  for (const event of events) {
    const facts = event['facts']?.L?.length ?? 0;
    desk.meter.take();
    await desk.deliver([event]);
    const { wru } = desk.meter.take().of(desk.names.kpis);
    if (facts === 0) others += wru;
    else perFact.push(wru / facts);
  }
  desk.meter.take();
  await desk.deliver([head]);
  const row = desk.meter.take();
  return [
    atMost('KPI projection, per fact', Math.max(...perFact), 2, 'WRU', `worst of ${perFact.length}, one event a batch`),
    atMost('KPI projection, other events', others, 0, 'WRU'),
    {
      what: 'ticket row of the lists, per change',
      measured: `${row.of(desk.names.lists).wru} WRU`,
      target: '-',
      ok: null,
    },
  ];
};

/** KPI figures over 90 days, what projecting them costs, and whether they are what a count of the facts gives. */
export const kpiCapacity: Measurement = async (bench) => {
  bench.progress('KPI capacity and drift');
  const desk = await startMeteredDesk(bench);
  try {
    const projection = await projectionRows(desk);
    const perDay = bench.quick ? 4 : 60;
    const facts = await seedDays(desk, perDay);
    const period = { from: isoDay(first), to: isoDay(first + days * day), granularity: 'day' };
    const get = (kpi: string, query: object = {}) =>
      desk.call({ method: 'GET', path: `/v1/kpis/${kpi}`, query: { ...period, ...query }, subject: 'admin' });
    const read = async (what: string, limit: number, query: object): Promise<Row> => {
      desk.meter.take();
      await get('first-response-time', query);
      return atMost(what, desk.meter.take().all.rru, limit, 'RRU', `${perDay} tickets a day`);
    };
    await get('ticket-volume');
    const plain = await read('KPI over 90 days', 3, { percentiles: 'false' });
    const percentiles = await read('KPI over 90 days with percentiles', 20, { percentiles: 'true' });
    const { cells, different } = await drift(facts, get);
    return [
      plain,
      percentiles,
      ...projection,
      atMost('KPI drift against a recount', different, 0, `of ${cells} cells`),
    ];
  } finally {
    await desk.stop();
  }
};
