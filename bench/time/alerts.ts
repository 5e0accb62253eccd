import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { type Measurement, type Row, rounded, told } from '../row.ts';
import { seedFile } from '../scale/seed-file.ts';
import { sweepRows } from '../scale/sweeps.ts';
import { percentile } from '../statistics.ts';
import { DeskClient } from './client.ts';
import { type DeskProcess, startDeskProcess } from './desk-process.ts';

const firstResponseMs = 3_600_000;
const limits = { p99: 5, worst: 65 };
const day = 86_400_000;

const outboxSchema = z.object({
  items: z.array(z.object({ deliveredAt: z.string(), ticketId: z.string().nullable() })),
});
const ticketSchema = z.object({ id: z.string(), createdAt: z.string() });

const newTicket = (customerId: string) => ({
  customerId,
  requester: { name: 'Ada', email: 'ada@acme.example' },
  subject: 'Checkout answers 502',
  priority: 'high',
  channel: 'email',
});

/** Lets `late` tickets, opened some seconds apart, miss their first response; answers seconds from deadline to outbox. */
const latencies = async (desk: DeskProcess, late: number, settle: boolean): Promise<readonly number[]> => {
  const client = new DeskClient(desk.url);
  try {
    await client.signIn('admin');
    const target = { channel: 'email', target: 'oncall@desk.example' };
    const { items: known } = z
      .object({ items: z.array(z.unknown()) })
      .parse(await client.call('GET', '/v1/alert-subscriptions'));
    if (known.length === 0) await client.call('POST', '/v1/alert-subscriptions', target);
    if (settle) await client.advance('PT0S');
    const customerId = await client.create('/v1/customers', { name: 'Bench', tier: 'standard' });
    const dueAt = new Map<string, number>();
    for (let index = 0; index < late; index += 1) {
      const ticket = ticketSchema.parse(await client.call('POST', '/v1/tickets', newTicket(customerId)));
      dueAt.set(ticket.id, Date.parse(ticket.createdAt) + firstResponseMs);
      // Scattered over the minute between two sweeps, and over milliseconds.
      await client.advance(`PT${7 + (index % 5)}.${String((index * 137) % 1000).padStart(3, '0')}S`);
    }
    await client.advance('PT1H5M');
    const { items } = outboxSchema.parse(await client.call('GET', '/_local/outbox'));
    return [...dueAt].map(([ticketId, due]) => {
      // Warnings come before it.
      const sent = items.find((item) => item.ticketId === ticketId && Date.parse(item.deliveredAt) >= due);
      return sent === undefined ? Number.POSITIVE_INFINITY : (Date.parse(sent.deliveredAt) - due) / 1000;
    });
  } finally {
    client.close();
  }
};

const row = (open: number, late: readonly number[]): Row => {
  const [p50, p99, worst] = [percentile(late, 50), percentile(late, 99), Math.max(...late)];
  return {
    what: `SLA alert after its instant, ${open} open tickets`,
    measured: `p50 ${rounded(p50, 2)} s, p99 ${rounded(p99, 2)} s, worst ${rounded(worst, 2)} s (${late.length} alerts, virtual time)`,
    target: `p99 <= ${limits.p99} s, worst <= ${limits.worst} s`,
    ok: p99 <= limits.p99 && worst <= limits.worst,
  };
};

/**
 * From the instant at which a promise is broken to the message in the outbox, through hints, queues, stream and topic of the
 * local desk, in virtual time: it stands still while functions work, so this is what the design costs, not the machine.
 */
export const alertLatency: Measurement = async (bench) => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-desk-'));
  const late = bench.quick ? 12 : 60;
  const rows: Row[] = [];
  try {
    bench.progress('SLA alerts with 10 open tickets');
    let desk = await startDeskProcess(bench.projectDir, ['--data', folder]);
    let like = '';
    try {
      const client = new DeskClient(desk.url);
      await client.signIn('admin');
      const customerId = await client.create('/v1/customers', { name: 'Open', tier: 'standard' });
      for (let index = 0; index < 10; index += 1) like = await client.create('/v1/tickets', newTicket(customerId));
      client.close();
      rows.push(row(10, await latencies(desk, late, false)));
    } finally {
      await desk.stop();
    }
    const sizes = [bench.quick ? 1_000 : 10_000, ...(bench.scale > 10_000 ? [bench.scale] : [])];
    for (const [index, open] of sizes.entries()) {
      bench.progress(`seeding ${open} open tickets`);
      // Each seed is due before the ones that are there already, so that a sweep of its first tickets sees no other's.
      const dueAt = Date.now() + (60 - 30 * index) * day;
      const began = performance.now();
      await seedFile(bench, folder, like, { count: open, createdAt: Date.now() + index * day, dueAt });
      const seeded = (performance.now() - began) / 1000;
      rows.push(told(`seeding ${open} open tickets into the file`, `${rounded(seeded)} s`));
      rows.push(...(await sweepRows(bench, folder, { open, dueAt })));
      bench.progress(`SLA alerts with ${open} open tickets`);
      desk = await startDeskProcess(bench.projectDir, ['--data', folder]);
      try {
        rows.push(row(open, await latencies(desk, late, true)));
      } finally {
        await desk.stop();
      }
    }
    if (bench.scale > 10_000) return rows;
    return [
      ...rows,
      {
        what: 'SLA alert after its instant, 1000000 open tickets',
        measured: 'not measured; --scale 1000000',
        target: 'the same',
        ok: null,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
