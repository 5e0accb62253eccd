import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ParcelEntry } from '../../functions/alerts/domain/parcel.ts';
import { AlertStore } from '../../functions/alerts/index.ts';
import { ParcelSender } from '../../functions/alerts/parcel-sender.ts';
import { raise, startEngine, table, TestClock } from './alert-world.ts';
import { dueItems, noting, subscribeTo, untilNothingIsDue } from './parcel-world.ts';
import { type Fault, type Publication, type Turn, Worker } from './worker.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
let clock: TestClock;
let behind: TestClock;
let publications: Publication[];
beforeEach(async () => {
  ({ client, stop } = await startEngine());
  clock = new TestClock();
  behind = new TestClock();
  publications = [];
  await subscribeTo(client, 'sub_DIGEST', { digest: 'hourly' });
});
afterEach(() => stop());

const partition = 'PCL#sub_DIGEST#2026-03-01T10:00:00.000Z';
const hints = { afterCommit: async () => undefined };
const store = () => new AlertStore({ client, table, clock, hints });
const sender = () => new ParcelSender({ client, table, clock, hints });
const head = async () => (await sender().find(partition))?.parcel;
const sealOf = async (portion: number): Promise<readonly string[]> => {
  const found = await sender().find(partition);
  if (found === null) throw new Error('no parcel');
  return sender().sealed({ partition, parcel: { ...found.parcel, portion } });
};
const worker = (
  more: { readonly fault?: Fault; readonly turn?: Turn; readonly client?: DynamoDBDocumentClient } = {},
) => new Worker({ client, clock, stage: [], publications, ...more });

/** Alerts that wait for ten o'clock. */
const held = async (count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { alertId } = await raise(client, behind);
    await new Worker({ client, clock: behind, stage: [], publications }).project(alertId);
    ids.push(alertId);
  }
  return ids;
};
const finish = () => untilNothingIsDue(client, clock, publications);
const told = () => publications.map(({ input }) => /^(\d+) alerts/.exec(input.Message ?? '')?.[1] ?? '1');
const expectDelivered = async (ids: readonly string[]): Promise<void> => {
  for (const id of ids) expect((await store().find(id))?.alert.state).toBe('delivered');
};

/** Stops before the n-th call until it is let go. */
const gate = (call: number) => {
  const arrived = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  let calls = 0;
  const turn: Turn = async (run) => {
    calls += 1;
    if (calls === call) {
      arrived.resolve();
      await open.promise;
    }
    await run();
  };
  return { turn, arrived: arrived.promise, go: () => open.resolve() };
};

// Of a look: find 1, take 2, entries 3, seal 4, state 5, attempt 6, publish 7, state 8.

it('a look that died between the seal and the state: what came afterwards is in the next portion', async () => {
  const ids = await held(2);
  clock.advance(28 * 60);
  const fault = { call: 4, when: 'after', kind: 'crash' } as const;
  await worker({ fault })
    .attendParcel(partition)
    .catch(() => undefined);
  expect(await head()).toMatchObject({ state: 'open', portion: 1 });
  expect([...(await sealOf(1))].sort()).toEqual([...ids].sort());
  const late = await held(1);
  await finish();
  expect(told()).toEqual(['2', '1']);
  expect(await sealOf(2)).toEqual(late);
  await expectDelivered([...ids, ...late]);
});

it('of two looks at once the first seal stands, also when it knows less', async () => {
  const ids = await held(2);
  clock.advance(28 * 60);
  const slow = gate(4);
  const first = worker({ turn: slow.turn }).attendParcel(partition);
  await slow.arrived;
  const late = await held(1);
  clock.advance(61);
  const quick = gate(4);
  const second = worker({ turn: quick.turn }).attendParcel(partition);
  await quick.arrived;
  slow.go();
  await expect(first).rejects.toThrow('somebody else has the parcel');
  quick.go();
  await second;
  expect(told()).toEqual(['2']);
  await finish();
  expect(told()).toEqual(['2', '1']);
  await expectDelivered([...ids, ...late]);
});

it('of two looks at once the first seal stands, also when it knows more than was read', async () => {
  const ids = await held(2);
  clock.advance(28 * 60);
  const slow = gate(3);
  const first = worker({ turn: slow.turn }).attendParcel(partition);
  await slow.arrived;
  clock.advance(61);
  const quick = gate(4);
  const second = worker({ turn: quick.turn }).attendParcel(partition);
  await quick.arrived;
  const late = await held(1);
  slow.go();
  await expect(first).rejects.toThrow('somebody else has the parcel');
  quick.go();
  await second;
  expect(told()).toEqual(['3']);
  await finish();
  expect(told()).toEqual(['3']);
  await expectDelivered([...ids, ...late]);
});

it('a look that comes to its seal when all is over changes nothing', async () => {
  await held(2);
  clock.advance(28 * 60);
  const slow = gate(4);
  const first = worker({ turn: slow.turn }).attendParcel(partition);
  await slow.arrived;
  clock.advance(61);
  await finish();
  slow.go();
  await expect(first).rejects.toThrow('somebody else has the parcel');
  expect(told()).toEqual(['2']);
  expect(await head()).toMatchObject({ state: 'closed', portion: 1 });
});

it('a parcel that is opened again for nothing seals a portion of nothing, and closes', async () => {
  await held(2);
  clock.advance(28 * 60);
  await finish();
  await sender().reopen(partition);
  await finish();
  expect(told()).toEqual(['2']);
  expect(await head()).toMatchObject({ state: 'closed', portion: 2, size: 0 });
  expect(await sealOf(2)).toEqual([]);
});

it('the seal has the most severe in front, of those the oldest', async () => {
  const ids: string[] = [];
  for (const priority of ['low', 'critical', 'normal', 'critical'] as const) {
    const { alertId } = await raise(client, behind, { priority });
    await new Worker({ client, clock: behind, stage: [], publications }).project(alertId);
    ids.push(alertId);
    behind.advance(1);
  }
  clock.advance(28 * 60);
  await finish();
  const [low, older, normal, younger] = ids;
  expect(await sealOf(1)).toEqual([older, younger, normal, low]);
});

describe('marking', () => {
  const count = 60;
  /** Every call takes 0.2 s: some 25 of them can be marked in a look. */
  const turn: Turn = async (run) => {
    clock.advance(0.2);
    await run();
  };
  const marksOf = (writes: readonly { readonly SK: string; readonly PK: string }[]): readonly string[] =>
    writes.filter(({ SK }) => SK.startsWith('DLV#')).map(({ PK }) => PK.slice('ALT#'.length));

  it('that takes longer than a look goes on where it was, and needs no entry for that', async () => {
    const ids = await held(count);
    clock.advance(28 * 60);
    await worker({ turn }).attendParcel(partition);
    const { marked = 0, state } = (await head()) ?? {};
    expect(state).toBe('sent');
    expect(marked).toBeGreaterThan(0);
    expect(marked).toBeLessThan(count);
    const sealed = await sealOf(1);
    await expectDelivered(sealed.slice(0, marked));
    const noted = noting(client);
    await worker({ turn, client: noted.client }).attendParcel(partition);
    const next = marksOf(noted.writes);
    expect([...next].sort()).toEqual(sealed.slice(marked, marked + next.length).sort());
    await finish();
    expect(told()).toEqual([String(count)]);
    await expectDelivered(ids);
  });

  it('that dies is repeated from there', async () => {
    const ids = await held(count);
    clock.advance(28 * 60);
    await worker({ turn }).attendParcel(partition);
    const marked = (await head())?.marked ?? 0;
    const fault = { call: 40, when: 'after', kind: 'crash' } as const;
    await worker({ fault })
      .attendParcel(partition)
      .catch(() => undefined);
    expect(await head()).toMatchObject({ state: 'sent', marked });
    clock.advance(61);
    const noted = noting(client);
    await worker({ client: noted.client }).attendParcel(partition);
    expect(marksOf(noted.writes)).toHaveLength(count - marked);
    await finish();
    expect(told()).toEqual([String(count)]);
    await expectDelivered(ids);
    expect(await head()).toMatchObject({ state: 'closed', portion: 1, marked });
  });
});

it('writes one seal, a few times the head, and no entry again', async () => {
  const ids = await held(45);
  const entry = async (alertId = '') =>
    (await client.send(new GetCommand({ TableName: table, Key: { PK: partition, SK: `E#${alertId}` } }))).Item;
  const before = (await entry(ids[0])) as ParcelEntry | undefined;
  expect(before).toBeDefined();
  clock.advance(28 * 60);
  const noted = noting(client);
  await worker({ client: noted.client }).attendParcel(partition);
  const onParcel = noted.writes.filter(({ PK }) => PK === partition).map(({ name, SK }) => `${name} ${SK}`);
  expect(onParcel).toEqual(['Update P', 'Put S#00000001', ...Array<string>(4).fill('Update P')]);
  expect(noted.writes.filter(({ PK }) => PK.startsWith('ALT#'))).toHaveLength(2 * ids.length);
  expect(await entry(ids[0])).toEqual(before);
  expect(await dueItems(client)).toEqual([]);
});
