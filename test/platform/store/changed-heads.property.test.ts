import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { toldTicket } from '../../../functions/alerts/index.ts';
import { ticketDueHandler } from '../../../functions/desk/index.ts';
import { change } from '../../../functions/desk/use-cases/change.ts';
import { importTickets } from '../../../functions/desk/use-cases/import-tickets.ts';
import { open } from '../../../functions/desk/use-cases/open.ts';
import { reply } from '../../../functions/desk/use-cases/reply.ts';
import { setStatus } from '../../../functions/desk/use-cases/set-status.ts';
import { registerTeam } from '../../../functions/people/use-cases/register.ts';
import { changedHeads, type ChangedHeadsPlace } from '../../../functions/platform/store/changed-heads.ts';
import { type Engine, startTestEngine } from '../../engine.ts';
import { agent, deskOn, TestClock } from '../../desk/desk-on-engine.ts';

const minute = 60_000;
const start = Date.parse('2026-03-02T09:00:00Z');
const nothing = () => undefined;
const actor = { id: 'importer', role: 'admin' } as const;

let engine: Engine;
let desk: Awaited<ReturnType<typeof deskOn>>;
const clock = new TestClock(start);
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await deskOn(engine, clock);
});
afterAll(() => engine.stop());

const step = fc.record({
  kind: fc.constantFrom('open', 'open', 'import', 'team', 'change', 'reply', 'solve', 'attend', 'attend', 'attend'),
  pick: fc.nat(),
  /** Deadlines of a critical ticket are an hour and four away. */
  minutes: fc.integer({ min: 1, max: 120 }),
});

let imports = 0;
const importOne = async (): Promise<string> => {
  imports += 1;
  const history = [{ at: '2016-02-01T10:00:00Z', type: 'reply', visibility: 'public', author: 'agent', body: 'Done.' }];
  const input = {
    externalId: `INC${imports}`,
    source: 'servicenow',
    subject: 'Printer',
    description: '',
    customer: 'Location 1',
    requester: 'Caller 1',
    priority: 'low',
    team: '',
    channel: 'phone',
    createdAt: '2016-02-01T09:00:00Z',
    history,
  };
  const [result] = await importTickets(desk, actor, [input]);
  return result?.ticketId ?? '';
};

/** What is in the table's events: who was changed at or after the instant. */
const changedByEvents = async (since: number): Promise<Set<string>> => {
  const changed = new Set<string>();
  let from: Record<string, unknown> | undefined;
  do {
    const page = await engine.client.send(
      new ScanCommand({
        TableName: engine.tables.operations,
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const item of page.Items ?? [])
      if (String(item['SK']).startsWith('EV#') && String(item['recordedAt']) >= new Date(since).toISOString())
        changed.add(String(item['PK']));
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return changed;
};

const ticketsNumbered = async (): Promise<number> => {
  const page = await engine.client.send(
    new ScanCommand({
      TableName: engine.tables.operations,
      FilterExpression: 'PK = :counter',
      ExpressionAttributeValues: { ':counter': 'SYS#counter' },
    }),
  );
  return Number(page.Items?.[0]?.['value'] ?? 0);
};

test('are exactly those that the events say, whatever happened, however the reading is cut', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 5, maxLength: 25 }),
      fc.nat({ max: 12 }),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 5, max: 60 }),
      async (steps, sinceStep, segments, pageSize) => {
        const tickets: string[] = [];
        clock.at += minute;
        let since = clock.at;
        let numberedAfter = await ticketsNumbered();
        for (const [index, { kind, pick, minutes }] of steps.entries()) {
          clock.at += minutes * minute;
          if (index === sinceStep) {
            since = clock.at;
            numberedAfter = await ticketsNumbered();
          }
          const ticketId = tickets[pick % Math.max(1, tickets.length)];
          const at = { ticketId: ticketId ?? '', ifMatch: null };
          if (kind === 'open')
            tickets.push((await open(desk, agent, { ...desk.newTicket, priority: 'critical' }, nothing)).id);
          else if (kind === 'import') tickets.push(await importOne());
          else if (kind === 'team') await registerTeam(desk.people, { name: `Team ${pick}` }, { actor });
          else if (ticketId === undefined) continue;
          else if (kind === 'change') await change(desk, agent, { ...at, changes: { subject: `Subject ${pick}` } });
          else if (kind === 'reply')
            await reply(
              desk,
              agent,
              { ...at, body: 'On it.', visibility: 'public', channel: 'email', onBehalfOf: null, automatic: false },
              nothing,
            ).catch(nothing);
          else if (kind === 'solve')
            await setStatus(desk, agent, { ...at, status: 'resolved', reason: null, note: null }, nothing).catch(
              nothing,
            );
          else for (const id of tickets) await ticketDueHandler(desk)({ pk: `TKT#${id}`, sk: 'T', dueAt: '' });
        }
        const options = { client: engine.client, table: engine.tables.operations, since, numberedAfter };
        const found = new Set<string>();
        let place: ChangedHeadsPlace | null = null;
        do {
          const page = await changedHeads({ ...options, tells: toldTicket, segments, pageSize }, place);
          for (const { key } of page.heads) if (!key.PK.startsWith('ALT#')) found.add(key.PK);
          // As it is kept between two invocations.
          place = JSON.parse(JSON.stringify(page.next));
        } while (place !== null);
        expect([...found].sort()).toEqual([...(await changedByEvents(since))].sort());
      },
    ),
    { numRuns: 15 },
  );
});
