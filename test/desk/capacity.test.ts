import { CapacityMeter } from '../../bench/capacity/meter.ts';
import { ticketDueHandler } from '../../functions/desk/index.ts';
import { listTickets } from '../../functions/desk/use-cases/list-tickets.ts';
import { open } from '../../functions/desk/use-cases/open.ts';
import { readFor } from '../../functions/desk/use-cases/ports.ts';
import { reply } from '../../functions/desk/use-cases/reply.ts';
import { timeline } from '../../functions/desk/use-cases/timeline.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { agent, deskOn, TestClock } from './desk-on-engine.ts';

const nothing = () => undefined;
const hour = 3_600_000;
let engine: Engine;
let desk: Awaited<ReturnType<typeof deskOn>>;
let meter: CapacityMeter;
const clock = new TestClock(Date.parse('2026-03-02T09:00:00Z'));

beforeAll(async () => {
  engine = await startTestEngine();
  desk = await deskOn(engine, clock);
  meter = new CapacityMeter(engine.client);
});
afterAll(() => engine.stop());

const opened = (fields: object = {}) => open(desk, agent, { ...desk.newTicket, ...fields }, nothing);
const attend = (id: string) => ticketDueHandler(desk)({ pk: `TKT#${id}`, sk: 'T', dueAt: '' });
const used = async (act: () => Promise<unknown>) => {
  meter.take();
  await act();
  return meter.take().all;
};
const queue = async (): Promise<readonly string[]> =>
  (await listTickets(desk, agent, { filter: {}, sort: 'deadline', limit: 100, after: null })).rows.map(({ id }) => id);

/** DESIGN section 11: what is read and written of a ticket, with payloads under 1 KB. */
describe('capacity of a ticket', () => {
  // Below and above the inline limit, up to where head and text together fill a unit, in bytes and not in letters.
  it.each([0, 250, 251, 1_000, 2_899, 2_900])('reading one with a description of %d bytes is 1 RRU', async (bytes) => {
    const description = 'ä'.repeat(bytes / 2) + (bytes % 2 === 1 ? '.' : '');
    const { id } = await opened({ description });
    expect(await used(() => readFor(desk, agent, id))).toMatchObject({ rru: 1, calls: 1 });
    expect((await readFor(desk, agent, id)).ticket.description).toBe(description);
  });

  it('a longer description costs half a unit for each 4 KB, also to whoever only changes the ticket', async () => {
    const description = 'x'.repeat(20_000);
    const { id } = await opened({ description });
    expect((await used(() => readFor(desk, agent, id))).rru).toBeLessThanOrEqual(1 + 5 * 0.5);
    expect((await readFor(desk, agent, id)).ticket.description).toBe(description);
  });

  it('a breach with its alert is at most 12 WRU, whatever the length of the description', async () => {
    for (const description of ['', 'x'.repeat(900)]) {
      const { id } = await opened({ description });
      clock.at += hour + 1_000;
      const { wru, rru } = await used(() => attend(id));
      expect(wru).toBeLessThanOrEqual(12);
      // The ticket, and the name of its customer for the alert.
      expect(rru).toBeLessThanOrEqual(2);
      // The resolution, hours later, when nothing else is owed: the alert is the second.
      clock.at += 24 * hour;
      expect((await used(() => attend(id))).wru).toBeLessThanOrEqual(12);
    }
  });

  it('a history with many long texts is one query of events and one of texts', async () => {
    const { id } = await opened();
    for (let index = 0; index < 6; index += 1) {
      const body = `${index} ${'We found a bad node behind the balancer. '.repeat(10)}`;
      const said = { visibility: 'public', channel: 'email', onBehalfOf: null, automatic: false } as const;
      await reply(desk, agent, { ticketId: id, ifMatch: null, body, ...said }, nothing);
    }
    const page = () => timeline(desk, agent, { ticketId: id, limit: 100, after: null });
    expect((await used(page)).calls).toBe(3);
    const texts = (await page()).items.flatMap(({ data }) => (typeof data['body'] === 'string' ? [data['body']] : []));
    expect(texts.map((text) => text[0])).toEqual(['0', '1', '2', '3', '4', '5']);
  });
});

describe('the queue of a team', () => {
  it('keeps a ticket in front when a promise is broken: what is owed longest comes first', async () => {
    const first = await opened({ priority: 'low' });
    clock.at += 60_000;
    const second = await opened({ priority: 'low' });
    clock.at += hour;
    const third = await opened({ priority: 'low' });
    const places = async () => (await queue()).filter((id) => [first.id, second.id, third.id].includes(id));
    expect(await places()).toEqual([first.id, second.id, third.id]);
    await attend(first.id);
    await attend(second.id);
    expect((await readFor(desk, agent, first.id)).ticket.version).toBe(2);
    expect(await places()).toEqual([first.id, second.id, third.id]);
    const said = {
      visibility: 'public',
      channel: 'email',
      onBehalfOf: null,
      automatic: false,
      body: 'We are on it.',
    } as const;
    await reply(desk, agent, { ticketId: first.id, ifMatch: null, ...said }, nothing);
    expect(await places()).toEqual([second.id, third.id, first.id]);
  });
});
