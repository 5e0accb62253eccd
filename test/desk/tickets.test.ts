import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import type { Ticket } from '../../functions/desk/domain/ticket.ts';
import { ticketDueHandler } from '../../functions/desk/index.ts';
import { change } from '../../functions/desk/use-cases/change.ts';
import { importTickets } from '../../functions/desk/use-cases/import-tickets.ts';
import { listTickets } from '../../functions/desk/use-cases/list-tickets.ts';
import { open } from '../../functions/desk/use-cases/open.ts';
import { reply } from '../../functions/desk/use-cases/reply.ts';
import { setStatus } from '../../functions/desk/use-cases/set-status.ts';
import { chainHash, eventKind, payloadDigest } from '../../functions/platform/store/event.ts';
import { priorities, statuses } from '../../functions/sla/index.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { agent, deskOn, TestClock } from './desk-on-engine.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-02T09:00:00Z');
const nothing = () => undefined;

let engine: Engine;
let desk: Awaited<ReturnType<typeof deskOn>>;
const clock = new TestClock(start);

beforeAll(async () => {
  engine = await startTestEngine();
  desk = await deskOn(engine, clock);
});
afterAll(() => engine.stop());
beforeEach(() => {
  clock.at = start;
});

const partition = async (pk: string): Promise<Record<string, unknown>[]> =>
  (
    await engine.client.send(
      new QueryCommand({
        TableName: engine.tables.operations,
        KeyConditionExpression: 'PK = :pk',
        ExpressionAttributeValues: { ':pk': pk },
        ConsistentRead: true,
      }),
    )
  ).Items ?? [];

const eventsOf = async (ticketId: string) =>
  (await partition(`TKT#${ticketId}`))
    .filter((item) => String(item['SK']).startsWith('EV#'))
    .map((item) => eventKind.read(item));

const openOne = (more: { readonly teamId?: string | null } = {}): Promise<Ticket> =>
  open(desk, agent, { ...desk.newTicket, ...more }, nothing);
const attend = (ticketId: string) => ticketDueHandler(desk)({ pk: `TKT#${ticketId}`, sk: 'T', dueAt: '' });

describe('breaches', () => {
  test('an unanswered ticket has one breach event and one alert, however often and late it is attended to', async () => {
    const ticket = await openOne();
    clock.at = start + hour;
    await attend(ticket.id);
    expect((await eventsOf(ticket.id)).map(({ type }) => type)).toEqual(['ticket.created', 'sla.warned']);
    clock.at = start + hour + 90_000;
    await Promise.all([attend(ticket.id), attend(ticket.id), attend(ticket.id)]);
    const breaches = (await eventsOf(ticket.id)).filter(({ type }) => type === 'sla.breached');
    expect(breaches).toHaveLength(1);
    expect(breaches[0]).toMatchObject({
      at: new Date(start + hour).toISOString(),
      data: { metric: 'firstResponse', cycle: 1 },
    });
    expect(await partition(`ALT#${breaches[0]!.alertId}`)).toMatchObject([
      { kind: 'sla.breach', ticketId: ticket.id, severity: 'high' },
    ]);
  });

  test('a late reply before any sweep ran records the breach first', async () => {
    const ticket = await openOne();
    clock.at = start + 2 * hour;
    await reply(
      desk,
      agent,
      {
        ticketId: ticket.id,
        ifMatch: null,
        body: 'Sorry',
        visibility: 'public',
        channel: 'email',
        onBehalfOf: null,
        automatic: false,
      },
      nothing,
    );
    expect((await eventsOf(ticket.id)).map(({ type }) => type)).toEqual([
      'ticket.created',
      'sla.breached',
      'ticket.replied',
    ]);
  });

  test('resolved for seven days closes by itself, and a closed ticket is left alone', async () => {
    const ticket = await openOne();
    await setStatus(
      desk,
      agent,
      { ticketId: ticket.id, ifMatch: null, status: 'resolved', reason: null, note: null },
      nothing,
    );
    clock.at = start + 7 * 24 * hour;
    await attend(ticket.id);
    await attend(ticket.id);
    expect((await eventsOf(ticket.id)).at(-1)).toMatchObject({
      type: 'ticket.statusChanged',
      data: { from: 'resolved', to: 'closed' },
      actor: { id: 'system' },
    });
    expect((await desk.tickets.find(ticket.id))?.ticket).toMatchObject({ status: 'closed', version: 3 });
  });
});

describe('lists', () => {
  test('every ticket is met exactly once, in order, whatever the page size', async () => {
    const team = desk.team.id;
    const opened: Ticket[] = [];
    for (let index = 0; index < 30; index += 1) {
      clock.at = start + index * 1000;
      opened.push(await openOne({ teamId: index % 3 === 0 ? team : null }));
    }
    for (const ticket of opened.slice(0, 10)) {
      await setStatus(
        desk,
        agent,
        { ticketId: ticket.id, ifMatch: null, status: 'resolved', reason: null, note: null },
        nothing,
      );
    }
    for (const limit of [1, 7, 100]) {
      const seen: string[] = [];
      let after: string | null = null;
      do {
        const page: Awaited<ReturnType<typeof listTickets>> = await listTickets(desk, agent, {
          filter: {},
          sort: 'deadline',
          limit,
          after,
        });
        seen.push(...page.rows.map(({ id }) => id));
        after = page.next;
      } while (after !== null);
      expect(new Set(seen).size).toBe(seen.length);
      expect(opened.every(({ id }) => seen.includes(id))).toBe(true);
      const open20 = seen.filter((id) => opened.slice(10).some((ticket) => ticket.id === id));
      expect(open20).toEqual(opened.slice(10).map(({ id }) => id));
    }
  });
});

describe('import', () => {
  const imported = {
    externalId: 'INC1',
    source: 'servicenow',
    subject: 'Old incident',
    customer: 'Location 1',
    requester: 'Caller 1',
    priority: 'high',
    team: 'Group 1',
    channel: 'phone',
    createdAt: '2016-02-29T01:16:00Z',
    history: [
      { at: '2016-02-29T01:23:00Z', type: 'status', status: 'open' },
      { at: '2016-02-29T01:23:00Z', type: 'assigned', team: 'Group 1', assignee: 'Resolver 1' },
      { at: '2016-02-29T12:00:00Z', type: 'status', status: 'resolved' },
      { at: '2016-03-01T12:00:00Z', type: 'status', status: 'open' },
      { at: '2016-03-01T12:30:00Z', type: 'status', status: 'closed' },
    ],
  };
  const actor = { id: 'agt_machine', role: 'integration' } as const;

  test('is evaluated at its own instants, breaches and all, and alerts nobody', async () => {
    const [result] = await importTickets(desk, actor, [imported]);
    const events = await eventsOf(result!.ticketId!);
    expect(events.map(({ type, at }) => `${at} ${type}`)).toEqual([
      '2016-02-29T01:16:00.000Z ticket.created',
      '2016-02-29T01:23:00.000Z ticket.statusChanged',
      '2016-02-29T01:23:00.000Z ticket.assigned',
      '2016-02-29T02:16:00.000Z sla.breached',
      '2016-02-29T12:00:00.000Z ticket.statusChanged',
      '2016-03-01T12:00:00.000Z ticket.reopened',
      '2016-03-01T12:30:00.000Z ticket.statusChanged',
    ]);
    expect(events.every((event) => event.alertId === undefined)).toBe(true);
  });

  test('again changes nothing; other content of the same id is rejected; parallel imports make one ticket', async () => {
    const fresh = { ...imported, externalId: 'INC2' };
    const outcomes = await Promise.all([1, 2, 3].map(() => importTickets(desk, actor, [fresh])));
    expect(
      outcomes
        .flat()
        .map(({ outcome }) => outcome)
        .toSorted(),
    ).toEqual(['created', 'unchanged', 'unchanged']);
    expect(new Set(outcomes.flat().map(({ ticketId }) => ticketId)).size).toBe(1);
    const [other] = await importTickets(desk, actor, [{ ...fresh, subject: 'Rewritten' }]);
    expect(other).toMatchObject({ outcome: 'rejected', errors: [{ path: 'externalId' }] });
  });

  test('an empty name is an unknown one', async () => {
    const [result] = await importTickets(desk, actor, [
      { ...imported, externalId: 'INC6', team: '', customer: '', history: [] },
    ]);
    expect((await desk.tickets.find(result!.ticketId!))?.ticket).toMatchObject({ teamId: null, customerId: null });
  });

  test('one that cannot be taken names its fields and does not spoil the others', async () => {
    const results = await importTickets(desk, actor, [
      { ...imported, externalId: 'INC3', priority: 'urgent' },
      { ...imported, externalId: 'INC4', history: [{ at: '2015-01-01T00:00:00Z', type: 'status', status: 'open' }] },
      { ...imported, externalId: 'INC5' },
      'not a ticket',
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'created', 'rejected']);
    expect(results[0]?.errors[0]?.path).toBe('priority');
    expect(results[1]?.errors[0]?.path).toBe('history.0.at');
  });
});

type Command =
  | { kind: 'wait'; minutes: number }
  | { kind: 'reply'; visibility: 'public' | 'internal'; size: number }
  | { kind: 'status'; status: (typeof statuses)[number] }
  | { kind: 'priority'; priority: (typeof priorities)[number] }
  | { kind: 'attend' };

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 1, max: 600 }) }),
  fc.record({
    kind: fc.constant('reply' as const),
    visibility: fc.constantFrom('public' as const, 'internal' as const),
    size: fc.constantFrom(5, 399, 2000),
  }),
  fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(...statuses) }),
  fc.record({ kind: fc.constant('priority' as const), priority: fc.constantFrom(...priorities) }),
  fc.record({ kind: fc.constant('attend' as const) }),
);

/** Refusals that a caller has to expect; anything else is a fault. */
const expected = new Set(['IllegalTransition', 'LostRace', 'Busy', 'StaleVersion']);

const run = async (ticketId: string, step: Command): Promise<void> => {
  const target = { ticketId, ifMatch: null };
  try {
    if (step.kind === 'wait') clock.at += step.minutes * 60_000;
    if (step.kind === 'attend') await attend(ticketId);
    if (step.kind === 'priority') await change(desk, agent, { ...target, changes: { priority: step.priority } });
    if (step.kind === 'status')
      await setStatus(desk, agent, { ...target, status: step.status, reason: null, note: null }, nothing);
    if (step.kind === 'reply') {
      await reply(
        desk,
        agent,
        {
          ...target,
          body: 'x'.repeat(step.size),
          visibility: step.visibility,
          channel: 'web',
          onBehalfOf: null,
          automatic: false,
        },
        nothing,
      );
    }
  } catch (error) {
    if (!(error instanceof Error && expected.has(error.name))) throw error;
  }
};

test('whatever happens, in whatever company: versions without a gap, an unbroken chain, one breach a clock', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(command, { minLength: 1, maxLength: 3 }), { maxLength: 8 }), async (rounds) => {
      clock.at = start;
      const ticket = await openOne();
      for (const round of rounds) await Promise.all(round.map((step) => run(ticket.id, step)));
      await attend(ticket.id);
      const events = await eventsOf(ticket.id);
      const head = (await desk.tickets.find(ticket.id))!;
      expect(events.map(({ version }) => version)).toEqual(events.map((_event, index) => index + 1));
      expect(head.ticket.version).toBe(events.length);
      let chain = '';
      for (const event of events) {
        expect(event.digest).toBe(payloadDigest(event.salt, event));
        chain = chainHash(chain, event.version, event.digest);
        expect(event.hash).toBe(chain);
      }
      expect(head.chain).toBe(chain);
      const breaches = events
        .filter(({ type }) => type === 'sla.breached')
        .map(({ data }) => `${data['metric']}#${data['cycle']}`);
      expect(new Set(breaches).size).toBe(breaches.length);
      const instants = events.map(({ at }) => at);
      expect(instants).toEqual(instants.toSorted());
    }),
    { numRuns: 60 },
  );
}, 480_000);
