import * as z from 'zod';
import { type Measurement, rounded } from '../row.ts';
import { percentile } from '../statistics.ts';
import { DeskClient } from './client.ts';
import { startDeskProcess } from './desk-process.ts';

const limit = 150;
/** Projections that are done so soon after the last write have kept up. */
const keptUpSeconds = 5;
const patienceSeconds = 60;
const clients = 16;

const listSchema = z.object({ items: z.array(z.object({ id: z.string() })) });
const kpiSchema = z.object({ total: z.object({ n: z.number() }) });

const told = (seconds: number): string =>
  Number.isFinite(seconds) ? `${rounded(seconds)} s` : `not within ${patienceSeconds} s`;

const secondsUntil = async (done: () => Promise<boolean>): Promise<number> => {
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  while (!(await done())) {
    if (seconds() > patienceSeconds) return Number.POSITIVE_INFINITY;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return seconds();
};

/** Tickets created a second over HTTP by clients at once, and how long after the last one lists and KPIs show them all. */
export const ticketCreates: Measurement = async ({ projectDir, quick, progress }) => {
  progress('ticket creates per second');
  const desk = await startDeskProcess(projectDir, ['--memory']);
  const client = new DeskClient(desk.url);
  try {
    await client.signIn('admin');
    const customerId = await client.create('/v1/customers', { name: 'Bench', tier: 'standard' });
    const requester = { name: 'Ada', email: 'ada@acme.example' };
    const body = {
      customerId,
      requester,
      subject: 'Checkout answers 502',
      description: 'Every third request.',
      type: 'incident',
    };
    await client.create('/v1/tickets', body);
    const began = performance.now();
    const ends = began + (quick ? 3_000 : 10_000);
    const waits: number[] = [];
    let last = '';
    const work = async (): Promise<void> => {
      while (performance.now() < ends) {
        const sent = performance.now();
        last = await client.create('/v1/tickets', body);
        waits.push(performance.now() - sent);
      }
    };
    await Promise.all(Array.from({ length: clients }, work));
    const rate = (waits.length * 1000) / (performance.now() - began);
    const day = 86_400_000;
    const isoDay = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const period = `from=${isoDay(Date.now() - day)}&to=${isoDay(Date.now() + 2 * day)}`;
    const [lists, kpis] = await Promise.all([
      secondsUntil(async () => {
        const { items } = listSchema.parse(await client.call('GET', '/v1/tickets?sort=updated&limit=50'));
        return items.some(({ id }) => id === last);
      }),
      secondsUntil(
        async () =>
          kpiSchema.parse(await client.call('GET', `/v1/kpis/ticket-volume?${period}`)).total.n >= waits.length + 1,
      ),
    ]);
    const lag = Math.max(lists, kpis);
    return [
      {
        what: `local desk, ticket creates (${clients} clients)`,
        measured: `${rounded(rate)} a second (p50 ${rounded(percentile(waits, 50))} ms, p99 ${rounded(percentile(waits, 99))} ms)`,
        target: `>= ${limit} a second`,
        ok: rate >= limit,
      },
      {
        what: 'projections behind the last of them',
        measured: `lists ${told(lists)}, KPIs ${told(kpis)}`,
        target: `<= ${keptUpSeconds} s`,
        ok: lag <= keptUpSeconds,
      },
    ];
  } finally {
    client.close();
    await desk.stop();
  }
};
