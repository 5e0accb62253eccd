import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { MeteredDesk } from '../capacity/desk.ts';
import type { Bench } from '../row.ts';
import { type Expense, noExpense, plus, times } from './expense.ts';
import type { Prices } from './prices.ts';
import { measuredKpis } from './rollups.ts';
import { stopwatch } from './stopwatch.ts';
import { secondsPerMonth } from './traffic.ts';

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

/** What job-backups writes each minute: sixteen items of less than a unit. Counted, not measured. */
const canaries = { wru: 16 };

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
  const watch = await run('job-backups', async () => {});
  const all = [sweep, beat, watched, passed, rollup, recount, watch, canaries, { scheduled: 4 }].reduce(
    plus,
    noExpense,
  );
  return times(all, perTicket);
};

/** Changes that share an invocation of a stream function: the one that it begins with, and what comes while it gathers. */
const changesPerBatch = (changes: number, { assumptions }: Prices): number => {
  const rate = (changes * assumptions.ticketsPerMonth.value) / secondsPerMonth;
  return 1 + rate * assumptions.streamGatherSeconds.value;
};

/**
 * Lives one ticket through the real handlers, with what follows from it: rows, the closing after a week, the sweeps. What is
 * measured is what the functions asked of DynamoDB, their CPU time, and their waiting. KPIs are measured apart, see rollups.ts.
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
  const used = { writes: noExpense, reads: noExpense, rows: noExpense, closing: noExpense };

  let id = '';
  let changes = 0;
  const project = async (): Promise<void> => {
    const { head, events } = await desk.images(id);
    used.rows = plus(used.rows, await run('stream-kpis', () => desk.deliver([head])));
    changes = events.length;
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
    'list rows': { ...used.rows, invocations: changes / changesPerBatch(changes, prices) },
    closing: used.closing,
    'sweeps and storage': plus(idle, { storedBytes: bytesOf([head, ...events]) + otherBytes }),
  };
};

/** What one ticket's life uses, by its parts, once the code is warm. */
export const measuredLife = async (
  bench: Bench,
  desk: MeteredDesk,
  prices: Prices,
): Promise<Readonly<Record<string, Expense>>> => {
  // A queue with more than a page.
  for (let index = 0; index < 60; index += 1) await desk.create('/v1/tickets', desk.newTicket, 'agent');
  const lives: Readonly<Record<string, Expense>>[] = [];
  for (let life = 0; life < 7; life += 1) lives.push(await lifeOfATicket(bench, desk, prices));
  // Every life uses the same units; of their times the shortest is the one that this machine disturbed least.
  const parts = Object.fromEntries(
    Object.keys(lives[0] ?? {}).map((part) => {
      const ofPart = lives.map((life) => life[part] ?? noExpense);
      return [part, ofPart.reduce((a, b) => (b.gbSeconds < a.gbSeconds ? b : a))];
    }),
  );
  const tickets = prices.assumptions.ticketsPerMonth.value;
  const { facts, rollups, runsPerTicket } = await measuredKpis(
    desk,
    stopwatch(desk, bench.model, prices),
    tickets,
    prices,
  );
  const share =
    runsPerTicket >= 1
      ? `${runsPerTicket.toFixed(1)} runs a ticket`
      : `a run for ${(1 / runsPerTicket).toFixed(1)} tickets`;
  return { ...parts, 'KPI facts': facts, [`KPI rollups, ${share}`]: rollups };
};
