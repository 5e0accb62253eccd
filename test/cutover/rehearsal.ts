import { Client, type Write } from './client.ts';
import { type DisasterDesk, restoredTable } from './disaster-desk.ts';
import type { Json } from '../local/e2e/running-desk.ts';

/** In the order in which the command goes; `answers` is there twice. */
export const legs = ['table', 'arming', 'answers', 'numbers', 'parameters', 'deployment', 'lists', 'stream', 'figures'];

export class Killed extends Error {}

/** What the outside client wrote before the recovery point, and after it. */
export interface Story {
  readonly client: Client;
  readonly kept: { readonly opened: readonly Write[]; readonly reply: Write };
  readonly lost: { readonly opened: Write; readonly reply: Write; readonly customer: Write };
  readonly pointArn: string;
}

/** A desk at work, a backup, more work, and the loss of everything in the table. */
export const untilDisaster = async (desk: DisasterDesk): Promise<Story> => {
  const client = new Client(desk);
  await desk.ask('/v1/alert-subscriptions', { channel: 'email', target: 'oncall@desk.example' });
  const opened: Write[] = [];
  for (const name of ['kept 1', 'kept 2', 'kept 3']) opened.push(await client.ticket(name));
  const [first, second] = opened;
  if (first === undefined || second === undefined) throw new Error('no tickets');
  const reply = await client.reply(first, 'kept reply');
  await desk.advance('PT2M');
  const pointArn = await desk.backUp();
  await desk.advance('PT3M');
  const lost = {
    opened: await client.ticket('lost 4'),
    reply: await client.reply(second, 'lost reply'),
    customer: await client.write('/v1/customers', { name: 'Lost Ltd', tier: 'standard' }, 'lost customer', 'admin'),
  };
  await desk.advance('PT3M');
  await desk.disaster();
  return { client, kept: { opened, reply }, lost, pointArn };
};

const timeline = async (desk: DisasterDesk, id: string): Promise<readonly string[]> =>
  (await desk.ask(`/v1/tickets/${id}/timeline?limit=100`)).items.map(({ type }: { type: string }) => type);

const listed = async (desk: DisasterDesk): Promise<readonly string[]> => {
  const { items } = await desk.ask('/v1/tickets?sort=updated&limit=100', undefined, 'manager');
  return items.map(({ subject }: { subject: string }) => subject).sort();
};

const volume = async (desk: DisasterDesk): Promise<number> => {
  const query = 'from=2026-01-01&to=2026-02-01&granularity=month';
  return (await desk.ask(`/v1/kpis/ticket-volume?${query}`, undefined, 'manager')).total.n;
};

/** Everything that has to hold when the restored table is live, seen from outside. */
export const expectRestored = async (desk: DisasterDesk, { client, kept, lost }: Story): Promise<void> => {
  const [first, second] = kept.opened;
  if (first === undefined || second === undefined) throw new Error('no tickets');
  // Every write up to the recovery point is there, once, and is replayed.
  for (const write of kept.opened) {
    const { body } = await desk.as('agent', `/v1/tickets/${write.answer.body.id}`);
    expect(body).toMatchObject({ subject: write.answer.body.subject, number: write.answer.body.number });
    const again = await client.repeat(write);
    expect([again.status, again.body]).toEqual([201, write.answer.body]);
  }
  expect((await client.repeat(kept.reply)).body).toEqual(kept.reply.answer.body);
  expect((await timeline(desk, first.answer.body.id)).filter((type) => type === 'ticket.replied')).toHaveLength(1);

  // What is lost is nowhere: not as itself, not in lists and figures.
  expect((await desk.as('agent', `/v1/tickets/${lost.opened.answer.body.id}`)).status).toBe(404);
  expect((await timeline(desk, second.answer.body.id)).filter((type) => type === 'ticket.replied')).toHaveLength(0);
  expect(await listed(desk)).toEqual(['kept 1', 'kept 2', 'kept 3']);
  expect(await volume(desk)).toBe(3);

  // Sent again, it is done again, once, with a number that nobody was given before.
  const given = [...kept.opened, lost.opened].map(({ answer }) => answer.body.number);
  const opened = await client.repeat(lost.opened);
  expect(opened.status).toBe(201);
  expect(opened.body.id).not.toBe(lost.opened.answer.body.id);
  expect(given).not.toContain(opened.body.number);
  expect((await client.repeat(lost.opened)).body).toEqual(opened.body);
  for (const write of [lost.reply, lost.customer]) {
    const done = await client.repeat(write);
    expect(done.status).toBe(201);
    expect((await client.repeat(write)).body).toEqual(done.body);
  }
  expect((await timeline(desk, second.answer.body.id)).filter((type) => type === 'ticket.replied')).toHaveLength(1);
  await desk.advance('PT3M');
  const { items: customers } = await desk.ask('/v1/customers?limit=100');
  expect(customers.filter(({ name }: { name: string }) => name === 'Lost Ltd')).toHaveLength(1);
  expect(await listed(desk)).toEqual(['kept 1', 'kept 2', 'kept 3', 'lost 4']);
  expect(await volume(desk)).toBe(4);
};

/** The desk goes on: promises break and are told, figures are those of a recount, all of it again after a restart. */
export const expectWorking = async (desk: DisasterDesk, { client, kept }: Story): Promise<void> => {
  const breached = await client.ticket(`breaks ${Math.random()}`, { priority: 'critical' });
  const { id } = breached.answer.body;
  const before = (await desk.ask('/_local/outbox')).items.length;
  await desk.advance('PT1H5M');
  const { items: sent } = await desk.ask('/_local/outbox');
  expect(sent.slice(before).filter((item: Json) => item.ticketId === id || item.text.includes(id))).not.toEqual([]);
  expect(await timeline(desk, id)).toContain('sla.breached');
  const figure = await volume(desk);
  const { id: recount } = await desk.ask('/v1/kpis/recompute', {}, 'manager');
  await desk.advance('PT15M');
  expect(await desk.ask(`/v1/kpi-recomputes/${recount}`, undefined, 'manager')).toMatchObject({
    state: 'done',
    repaired: 0,
  });
  expect(await volume(desk)).toBe(figure);
  expect(desk.desk.model.tables.filter(({ adopted }) => adopted === true).map(({ name }) => name)).toEqual([
    restoredTable,
  ]);
  expect((await desk.as('agent', `/v1/tickets/${kept.opened[0]?.answer.body.id}`)).status).toBe(200);
};
