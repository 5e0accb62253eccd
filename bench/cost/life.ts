import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { MeteredDesk } from '../capacity/desk.ts';
import { eventImage, lifeFacts, randomFrom } from '../capacity/facts.ts';
import type { Bench } from '../row.ts';
import { type Expense, noExpense, plus } from './expense.ts';
import type { Prices } from './prices.ts';
import { stopwatch } from './stopwatch.ts';

type Item = Readonly<Record<string, AttributeValue>>;

const minute = 60_000;
const week = 7 * 24 * 60 * minute;
const words = 'We found a bad node behind the balancer and took it out. ';

interface Step {
  readonly method: string;
  readonly path: string;
  readonly subject: string;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  readonly ifMatch?: number;
}

/** Eight writes: opened, taken, answered, asked back, replied to, answered again, and resolved. */
const writesOf = (desk: MeteredDesk, id: string): readonly Step[] => {
  const at = `/v1/tickets/${id}`;
  const reply = (subject: string, repeat: number): Step => ({
    method: 'POST',
    path: `${at}/replies`,
    subject,
    body: { body: words.repeat(repeat).trim(), visibility: 'public', channel: 'email' },
  });
  const status = (to: string): Step => ({
    method: 'POST',
    path: `${at}/status`,
    subject: 'agent',
    body: { status: to, reason: 'as agreed', note: '' },
  });
  return [
    { method: 'PATCH', path: at, subject: 'agent', ifMatch: 1, body: { assigneeId: desk.agentId } },
    reply('agent', 4),
    status('waiting_customer'),
    reply('requester', 3),
    reply('agent', 3),
    status('waiting_customer'),
    status('resolved'),
  ];
};

/** Twelve reads: six times the ticket, three times its timeline, twice the queue, once its clocks. */
const readsOf = (desk: MeteredDesk, id: string): readonly Step[] => {
  const get = (path: string, query: Readonly<Record<string, string>> = {}): Step => ({
    method: 'GET',
    path,
    query,
    subject: 'agent',
  });
  const at = `/v1/tickets/${id}`;
  const queue = get('/v1/tickets', { teamId: desk.teamId, limit: '50' });
  return [
    get(at),
    get(at),
    queue,
    get(at),
    get(`${at}/timeline`),
    get(at),
    get(`${at}/sla`),
    get(at),
    get(`${at}/timeline`),
    queue,
    get(at),
    get(`${at}/timeline`),
  ];
};

/** Row, facts, idempotency records and rollups of a ticket, roughly: counted, not measured. */
const otherBytes = 3_000;

/** The plain JSON of typed attributes is about a quarter larger than what DynamoDB counts. */
const bytesOf = (items: readonly Item[]): number => Buffer.byteLength(JSON.stringify(items)) * 0.8;

/** The runs that come by the clock, whatever there is to do. */
const idleRuns = async (desk: MeteredDesk, run: ReturnType<typeof stopwatch>, prices: Prices): Promise<Expense> => {
  const perTicket = (30 * 24 * 60) / prices.assumptions.ticketsPerMonth.value;
  const sweep = await run('job-sweep', () => desk.sweep());
  const heartbeat = await run('job-sweep', () => desk.sendHeartbeat());
  const watched = await run('stream-kpis', () => desk.deliverHeartbeat());
  const passed = await run('stream-alerts', async () => {});
  const recount = await run('job-recount', () => desk.recount());
  const rollup = await run('job-rollup', () => desk.rollUp());
  // The heartbeat is sent in the sweep's own invocation.
  const beat = { ...heartbeat, invocations: 0 };
  const all = [sweep, beat, watched, passed, rollup, recount, { scheduled: 3 }].reduce(plus, noExpense);
  return Object.entries(all).reduce<Expense>(
    (sum, [name, value]) => ({ ...sum, [name]: value * perTicket }),
    noExpense,
  );
};

/** Half an hour of a million tickets a month: what a rollup finds in its hour, and a queue with more than a page. */
const seedTraffic = async (desk: MeteredDesk, prices: Prices): Promise<void> => {
  for (let index = 0; index < 60; index += 1) await desk.create('/v1/tickets', desk.newTicket, 'agent');
  const random = randomFrom(11);
  const others = Math.round(prices.assumptions.ticketsPerMonth.value / 30 / 24 / 2);
  const hour = Math.floor(desk.time.now / 3_600_000) * 3_600_000;
  for (let index = 0; index < others; index += 50) {
    const ids = Array.from({ length: 50 }, (_unused, offset) => `tkt_other_${index + offset}`);
    await desk.deliver(ids.map((id) => eventImage(id, 1, lifeFacts(id, hour, random))));
  }
  for (let more = true; more; ) more = (await desk.rollUp()).more;
};

/**
 * Lives one ticket through the real handlers, with all that follows from it: rows, facts, a rollup run for each hint, the
 * closing after a week, the sweeps. What is measured is what the functions asked of DynamoDB, and their CPU time.
 */
const lifeOfATicket = async (
  bench: Bench,
  desk: MeteredDesk,
  prices: Prices,
): Promise<Readonly<Record<string, Expense>>> => {
  const run = stopwatch(desk, bench.model, prices);
  const begins = desk.time.now;
  const http = async (step: Step, key: string | null): Promise<Expense> =>
    plus(
      plus(
        noExpense,
        await run('http-desk', () => desk.call({ ...step, ...(key === null ? {} : { idempotencyKey: key }) })),
      ),
      { requests: 1 },
    );
  const used = { writes: noExpense, reads: noExpense, projections: noExpense, rollups: noExpense, closing: noExpense };

  let id = '';
  let seen = 0;
  const project = async (): Promise<void> => {
    const { head, events } = await desk.images(id);
    for (const event of events.slice(seen)) {
      used.projections = plus(used.projections, await run('stream-kpis', () => desk.deliver([event, head])));
      if ((event['facts']?.L?.length ?? 0) === 0) continue;
      // The hint to roll up: a message sent, taken and deleted, and a run.
      used.rollups = plus(plus(used.rollups, { sqsCalls: 3 }), await run('job-rollup', () => desk.rollUp()));
    }
    seen = events.length;
  };
  const opening = await run(
    'http-desk',
    async () => void (id = await desk.create('/v1/tickets', desk.newTicket, 'agent', `life-${begins}`)),
  );
  used.writes = plus(plus(used.writes, opening), { requests: 1 });
  await project();
  for (const step of writesOf(desk, id)) {
    desk.time.now += minute;
    used.writes = plus(used.writes, await http(step, step.method === 'POST' ? `${id}-${desk.time.now}` : null));
    await project();
  }
  for (const step of readsOf(desk, id)) used.reads = plus(used.reads, await http(step, null));
  desk.time.now += week + minute;
  used.closing = plus(plus(used.closing, { sqsCalls: 3 }), await run('queue-due', () => desk.attend(id)));
  await project();
  const { head, events } = await desk.images(id);
  const idle = await idleRuns(desk, run, prices);
  desk.time.now = begins + 10 * minute;
  return {
    '8 writes': used.writes,
    '12 reads': used.reads,
    'list rows and KPI facts': used.projections,
    'KPI rollups, one a hint': used.rollups,
    closing: used.closing,
    'sweeps and storage': plus(idle, { storedBytes: bytesOf([head, ...events]) + otherBytes }),
  };
};

/** What one ticket's life uses, by its parts, once the code is warm: the first lives are thrown away. */
export const measuredLife = async (
  bench: Bench,
  desk: MeteredDesk,
  prices: Prices,
): Promise<Readonly<Record<string, Expense>>> => {
  await seedTraffic(desk, prices);
  let parts = await lifeOfATicket(bench, desk, prices);
  for (let lives = 1; lives < 4; lives += 1) parts = await lifeOfATicket(bench, desk, prices);
  return parts;
};
