import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Desk } from '../../bin/cutover/desk.ts';
import { forgetLostAnswers } from '../../bin/cutover/lost-answers.ts';
import { sealEvent } from '../../functions/platform/store/event.ts';
import { newId } from '../../functions/platform/ids.ts';
import { OnceRecords, type RecordedAnswer } from '../../functions/platform/store/once.ts';
import { type Engine, startTestEngine } from '../engine.ts';

/** Which answers survive a restore, on a real engine: the operations table stands for the restored one. */
const at = Date.UTC(2026, 0, 6, 9);
const second = 1_000;

let engine: Engine;
let desk: Pick<Desk, 'client' | 'settings'>;
let keys = 0;

beforeAll(async () => {
  engine = await startTestEngine();
  const { idempotency, lists, kpis } = engine.tables;
  const none = { prefix: '', keys: [], indexes: [], pointInTimeRecovery: false, deletionProtection: false, tags: {} };
  desk = { client: engine.client, settings: { idempotency, lists, kpis, ...none } };
}, 480_000);
afterAll(() => engine.stop());

const recordsAt = (now: number): OnceRecords =>
  new OnceRecords({ client: engine.client, table: engine.tables.idempotency, clock: { now: () => now } });

/** Records an answer, and answers whether it is still replayed. */
const recorded = async (now: number, answer: RecordedAnswer) => {
  keys += 1;
  const once = { principalId: 'prn', route: 'POST /v1/tickets', key: `key-${keys}`, payload: {} };
  await recordsAt(now).remember(once, answer);
  return { isReplayed: async () => (await recordsAt(now).find(once)) !== null, once };
};

const ticket = (): { id: string; key: string } => {
  const id = newId('tkt', at);
  return { id, key: `TKT#${id}` };
};

const event = async ({ id, key }: { id: string; key: string }, version: number, now: number): Promise<void> => {
  const actor = { id: 'prn', role: 'agent' } as const;
  const draft = { type: 'ticket.replied', at: new Date(now).toISOString(), actor, data: {} };
  const Item = sealEvent({ key, kind: 'ticket', id }, version, '', draft, now);
  await engine.client.send(new PutCommand({ TableName: engine.tables.operations, Item }));
};

const answerOf = (id: string, version: number): RecordedAnswer => ({
  status: 201,
  headers: { etag: `"${version}"` },
  body: { id, number: 'T-1204', version },
});

const forget = (oldestCanary: string | null, really = true) =>
  forgetLostAnswers({ ...desk, tables: engine.client } as unknown as Desk, engine.tables.operations, {
    oldestCanary,
    really,
  });

const canary = new Date(at - 60 * second).toISOString();

it('keeps what the table has, and forgets what it has not', async () => {
  const [kept, lost, behind] = [ticket(), ticket(), ticket()];
  await event(kept, 2, at);
  await event(behind, 1, at);
  const replayed = await recorded(at + second / 2, answerOf(kept.id, 2));
  const forgotten = [await recorded(at, answerOf(lost.id, 1)), await recorded(at, answerOf(behind.id, 2))];
  const shown = await forget(canary, false);
  expect(shown).toMatchObject({ lost: 2, unread: 0, highestNumber: 1204 });
  for (const { isReplayed } of [replayed, ...forgotten]) expect(await isReplayed()).toBe(true);
  expect(await forget(canary)).toEqual(shown);
  expect(await replayed.isReplayed()).toBe(true);
  for (const { isReplayed } of forgotten) expect(await isReplayed()).toBe(false);
  expect(await forget(canary)).toMatchObject({ lost: 0 });
});

it('is not taken in by a version that was given again since: that is another change', async () => {
  const again = ticket();
  const lost = await recorded(at, answerOf(again.id, 2));
  await event(again, 2, at + 600 * second);
  const mine = await recorded(at + 600 * second, answerOf(again.id, 2));
  await forget(canary);
  expect([await lost.isReplayed(), await mine.isReplayed()]).toEqual([false, true]);
});

it('does not look at what had been committed when the canaries were written; without canaries it looks at all', async () => {
  const old = await recorded(at - 200 * second, answerOf(ticket().id, 1));
  await forget(canary);
  expect(await old.isReplayed()).toBe(true);
  await forget(null);
  expect(await old.isReplayed()).toBe(false);
});

it('forgets an import of which one ticket is lost: done again, it makes that one', async () => {
  const [there, lost] = [ticket(), ticket()];
  await event(there, 1, at);
  const imported = (...ids: string[]): RecordedAnswer => ({
    status: 200,
    headers: {},
    body: { results: ids.map((ticketId) => ({ externalId: 'INC1', outcome: 'created', ticketId, errors: [] })) },
  });
  const whole = await recorded(at, imported(there.id));
  const torn = await recorded(at, imported(there.id, lost.id));
  await forget(canary);
  expect([await whole.isReplayed(), await torn.isReplayed()]).toEqual([true, false]);
});

it('leaves and counts what it does not understand', async () => {
  const strange = await recorded(at, { status: 201, headers: {}, body: { what: 'is this' } });
  expect(await forget(canary)).toMatchObject({ unread: 1, lost: 0 });
  expect(await strange.isReplayed()).toBe(true);
});

it('an acknowledgement is there when the alert says the same', async () => {
  const alert = newId('alt', at);
  const acknowledgement = { at: new Date(at).toISOString(), by: 'agt', note: null };
  const Item = { PK: `ALT#${alert}`, SK: 'A', acknowledgement };
  await engine.client.send(new PutCommand({ TableName: engine.tables.operations, Item }));
  const body = (by: string) => ({
    status: 200,
    headers: {},
    body: { id: alert, acknowledgement: { ...acknowledgement, by } },
  });
  const kept = await recorded(at, body('agt'));
  const lost = await recorded(at, body('somebody else'));
  await forget(canary);
  expect([await kept.isReplayed(), await lost.isReplayed()]).toEqual([true, false]);
  expect(
    (await engine.client.send(new GetCommand({ TableName: engine.tables.operations, Key: { PK: Item.PK, SK: 'A' } })))
      .Item,
  ).toEqual(Item);
});
