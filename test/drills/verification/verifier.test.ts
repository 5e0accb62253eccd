import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Integrity } from '../../../functions/drills/domain/integrity.ts';
import type { Pages } from '../../../functions/drills/verification/pages.ts';
import { open } from '../../../functions/desk/use-cases/open.ts';
import { reply } from '../../../functions/desk/use-cases/reply.ts';
import { agent, deskOn, TestClock } from '../../desk/desk-on-engine.ts';
import { type Engine, startTestEngine } from '../../engine.ts';
import { allItems, copyOf, emptyLike, type Item, putAll } from './copies.ts';
import {
  canaries,
  canariesAt,
  declaredAt,
  detailOf,
  iso,
  livedDesk,
  manifestOf,
  put,
  resultsOf,
  start,
  type Verification,
  verify,
  workingItems,
} from './drill-on-engine.ts';
import '../../quiet.ts';

const minute = 60_000;
const nothing = () => undefined;
let engine: Engine;
let lived: Awaited<ReturnType<typeof livedDesk>>;
beforeAll(async () => {
  engine = await startTestEngine();
  lived = await livedDesk(engine);
}, 240_000);
afterAll(() => engine.stop());

/** A drill of the desk whose copy has a fault. */
const drill = async (
  change: (item: Item) => Item | null,
  options: Partial<Verification> = {},
  besides: (scratchTable: string) => Promise<unknown> = async () => undefined,
): Promise<Integrity> => {
  const table = options.source ?? lived.table;
  const named = (item: Item): Item => (item['SK'] === 'C' && item['table'] === lived.table ? { ...item, table } : item);
  const scratchTable = await copyOf(engine, lived.table, (item) => {
    const copied = change(item);
    return copied === null ? null : named(copied);
  });
  await besides(scratchTable);
  return verify(engine, { ...lived, source: lived.table, scratchTable, ...options });
};

const results = (found: Integrity, others: Record<string, string> = {}): void =>
  expect(resultsOf(found)).toEqual({
    ...Object.fromEntries(
      ['scan', 'schema', 'canaries', 'items', 'contents', 'chains', 'snapshot', 'indexes', 'manifest'].map((name) => [
        name,
        'passed',
      ]),
    ),
    ...others,
  });

const is = (PK: string, SK: string | RegExp) => (item: Item) =>
  item['PK'] === PK && (typeof SK === 'string' ? item['SK'] === SK : SK.test(String(item['SK'])));
const without = (gone: (item: Item) => boolean) => (item: Item) => (gone(item) ? null : item);
const changed = (which: (item: Item) => boolean, change: Item) => (item: Item) =>
  which(item) ? { ...item, ...change } : item;
const ticket = (index: number): string => `TKT#${lived.tickets[index]}`;

it('passes a clean copy', async () => {
  const found = await drill((item) => item);
  results(found);
  const items = await allItems(engine, lived.table);
  expect(found).toMatchObject({ items: items.length, compared: items.length, missing: 0, altered: 0, torn: 0 });
  expect(found).toMatchObject({ lostRecords: 0, oldestLostAt: null, newestCanaryAt: iso(canariesAt) });
});

describe('one item of the copy is missing', () => {
  it('the last event of a ticket', async () => {
    const found = await drill(without(is(ticket(0), 'EV#00000002')));
    results(found, { items: 'failed', chains: 'failed', manifest: 'failed' });
    expect(found).toMatchObject({ missing: 1, altered: 0, lostRecords: 1 });
    expect(detailOf(found, 'items')).toContain(`${ticket(0)} EV#00000002: event 2 is not in the copy`);
    expect(detailOf(found, 'chains')).toContain('event 2 is missing that its head knows (version 2)');
    expect(detailOf(found, 'manifest')).toMatch(/shard \d+: -1 events, 0 entities/);
  });

  it('a middle event', async () => {
    const found = await drill(without(is(ticket(1), 'EV#00000002')));
    results(found, { items: 'failed', chains: 'failed', manifest: 'failed' });
    expect(detailOf(found, 'chains')).toContain(`${ticket(1)} EV#00000002: event 2 is missing between events`);
  });

  it('a head', async () => {
    const found = await drill(without(is(ticket(2), 'T')));
    results(found, { items: 'failed', chains: 'failed' });
    expect(detailOf(found, 'items')).toContain(`${ticket(2)} T: is not in the copy`);
    expect(detailOf(found, 'chains')).toContain('has events and no head');
  });

  it('a long text', async () => {
    const found = await drill(without(is(ticket(0), /BODY#/)));
    results(found, { items: 'failed' });
    expect(found.missing).toBe(2);
    expect(detailOf(found, 'items')).toContain('BODY#');
  });

  it('an item without history', async () => {
    const found = await drill(without(is('ALT#alt_00000000000000000000000001', 'A')));
    results(found, { items: 'failed' });
    expect(detailOf(found, 'items')).toContain('ALT#alt_00000000000000000000000001 A: is not in the copy');
  });

  it('a whole ticket', async () => {
    const found = await drill(without(({ PK }) => PK === ticket(3)));
    results(found, { items: 'failed', manifest: 'failed' });
    expect(detailOf(found, 'items')).toContain(ticket(3));
    expect(detailOf(found, 'manifest')).toMatch(/-2 events, -1 entities/);
  });

  it('a whole ticket, which the source has lost too: the manifest tells', async () => {
    const gone = without(({ PK }) => PK === ticket(3));
    const found = await drill(gone, { source: await copyOf(engine, lived.table, gone) });
    expect(resultsOf(found)).toMatchObject({ items: 'passed', chains: 'passed', manifest: 'failed' });
    expect(detailOf(found, 'manifest')).toMatch(/-2 events, -1 entities/);
  });

  it('a canary', async () => {
    results(await drill(without(is('CAN#03', 'C'))), { canaries: 'failed' });
  });
});

describe('one byte of the copy is another', () => {
  it('in the payload of an event', async () => {
    const found = await drill((item) =>
      is(ticket(4), 'EV#00000002')(item) ? { ...item, data: { ...(item['data'] as Item), channel: 'emaiL' } } : item,
    );
    results(found, { contents: 'failed' });
    expect(found.altered).toBe(1);
    expect(detailOf(found, 'contents')).toContain(`${ticket(4)} EV#00000002`);
  });

  it('in the hash of an event', async () => {
    const found = await drill(changed(is(ticket(4), 'EV#00000001'), { hash: 'x'.repeat(43) }));
    results(found, { contents: 'failed', chains: 'failed', manifest: 'failed' });
    expect(detailOf(found, 'chains')).toContain('does not follow from the one before');
  });

  it('in a head', async () => {
    const found = await drill(changed(is(ticket(5), 'T'), { subject: 'Checkout answers 503' }));
    results(found, { contents: 'failed' });
    expect(detailOf(found, 'contents')).toContain(`${ticket(5)} T: differs from the source at the same version`);
  });

  it('in a long text', async () => {
    const found = await drill((item) =>
      is(ticket(0), /^T#BODY#/)(item) ? { ...item, text: String(item['text']).replace('noon', 'dawn') } : item,
    );
    results(found, { contents: 'failed' });
    expect(detailOf(found, 'contents')).toContain('its text has another hash');
  });

  it('in an item that never changes', async () => {
    const version = changed(({ PK, SK }) => String(PK).startsWith('CAL#') && SK === 'V#00000001', { rules: {} });
    results(await drill(version), { contents: 'failed' });
  });

  it('in what never changes of an item that is worked on', async () => {
    const alert = changed(is('ALT#alt_00000000000000000000000001', 'A'), { subject: 'Checkout answers' });
    results(await drill(alert), { contents: 'failed' });
  });

  it('in an item with an address, which the detail does not tell', async () => {
    const found = await drill(
      without(({ PK }) => String(PK).startsWith('EPT#')),
      {},
      (table) => put(engine, table, { PK: 'EPT#email#eve@acme.example', SK: 'E', arn: 'arn:1', ids: [], version: 1 }),
    );
    results(found, { items: 'failed' });
    expect(JSON.stringify(found)).not.toContain('acme.example');
  });
});

it('finds what the source has not', async () => {
  const found = await drill(
    (item) => item,
    {},
    (table) => put(engine, table, { PK: 'ALT#foreign', SK: 'A' }),
  );
  results(found, { items: 'failed' });
  expect(detailOf(found, 'items')).toContain('ALT#foreign A: is not in the source');
});

describe('indexes', () => {
  /** Pages as an index that is behind would answer them; the engine has none that is. */
  const rows =
    (change: (rows: Item[]) => Item[]) =>
    (pages: Pages): Pages => ({
      scan: async (request) => {
        const page = await pages.scan(request);
        return request.index === 'queue' ? { ...page, items: change([...page.items]) as never } : page;
      },
      partition: (request) => pages.partition(request),
    });
  const of = (PK: string) => (row: Item) => (row['PK'] as { S: string }).S === PK;

  it('finds a row that its item has no longer', async () => {
    const stale = rows((all) => all.map((row) => (of(ticket(2))(row) ? { ...row, queueSort: { S: '0#old' } } : row)));
    const found = await drill((item) => item, { pages: stale });
    results(found, { indexes: 'failed' });
    expect(detailOf(found, 'indexes')).toContain(`${ticket(2)} T: an index has a row that its item has not`);
  });

  it('finds a row that is missing', async () => {
    const found = await drill((item) => item, { pages: rows((all) => all.filter((row) => !of(ticket(2))(row))) });
    results(found, { indexes: 'failed' });
    expect(detailOf(found, 'indexes')).toContain(`${ticket(2)} T: its row of an index is missing`);
  });

  it('finds a row without an item', async () => {
    const more = rows((all) =>
      all.flatMap((row) => (of(ticket(2))(row) ? [row, { ...row, PK: { S: 'TKT#x' } }] : [row])),
    );
    const found = await drill((item) => item, { pages: more });
    expect(detailOf(found, 'indexes')).toContain('TKT#x T: an index has a row');
  });

  it('finds an index that is not there at all', async () => {
    const scratchTable = await emptyLike(engine, lived.table, (index) => index !== 'customer');
    await putAll(engine, scratchTable, await allItems(engine, lived.table));
    const none = (pages: Pages): Pages => ({
      scan: (request) =>
        request.index === 'customer' ? Promise.resolve({ items: [], next: null, readUnits: 0 }) : pages.scan(request),
      partition: (request) => pages.partition(request),
    });
    const found = await verify(engine, { ...lived, source: lived.table, scratchTable, pages: none });
    results(found, { schema: 'failed', indexes: 'failed' });
    expect(detailOf(found, 'schema')).toContain('index customer is missing');
  });
});

describe('another copy than was meant', () => {
  it('an empty table', async () => {
    const found = await drill(() => null);
    expect(found).toMatchObject({ items: 0, compared: 0 });
    expect(Object.values(resultsOf(found)).filter((result) => result === 'passed')).toEqual(['passed']);
    expect(resultsOf(found)).toMatchObject({ schema: 'passed', items: 'failed', scan: 'unknown', canaries: 'unknown' });
  });

  it('a copy of another table', async () => {
    const found = await drill((item) => (item['SK'] === 'C' ? { ...item, table: 'staging-operations' } : item));
    results(found, { canaries: 'failed' });
    expect(detailOf(found, 'canaries')).toContain('of another table, staging-operations');
  });

  it('an older copy', async () => {
    const older = canaries(lived.table, canariesAt - 10 * minute);
    const found = await drill((item) => older.find(({ PK }) => PK === item['PK']) ?? item);
    results(found, { canaries: 'failed' });
    expect(detailOf(found, 'canaries')).toContain('older than its recovery point');
  });

  it('a copy of after the disaster', async () => {
    const later = canaries(lived.table, declaredAt + minute);
    const found = await drill((item) => later.find(({ PK }) => PK === item['PK']) ?? item);
    expect(resultsOf(found)).toMatchObject({ canaries: 'failed' });
    expect(detailOf(found, 'canaries')).toContain('later than the disaster');
  });

  it('a copy without canaries', async () => {
    const found = await drill((item) => (item['SK'] === 'C' ? null : item));
    results(found, { canaries: 'unknown', snapshot: 'unknown' });
    expect(found).toMatchObject({ newestCanaryAt: null, nextCanaryAt: null });
  });

  it('canaries of several minutes', async () => {
    const found = await drill((item) =>
      item['PK'] === 'CAN#05' ? { ...item, at: iso(canariesAt - 5 * minute) } : item,
    );
    results(found, { snapshot: 'failed' });
  });
});

describe('nothing passes that was not checked', () => {
  const cut = (meanwhile: Verification['meanwhile']) => drill((item) => item, { meanwhile: meanwhile! });
  const notChecked = (found: Integrity, why: string): void => {
    const { schema: _schema, canaries: _canaries, ...others } = resultsOf(found);
    expect(new Set(Object.values(others))).toEqual(new Set(['unknown']));
    expect(found.lostRecords).toBeNull();
    expect(detailOf(found, 'scan')).toContain(why);
  };

  it('when a scan was cut short', async () => {
    notChecked(await cut((scans) => Object.assign(scans.copyScan, { done: false })), 'a scan was cut short');
    notChecked(await cut((scans) => Object.assign(scans.sourceScan, { done: false })), 'a scan was cut short');
  });

  it('when a file of it is missing, shortened or damaged', async () => {
    const { kept } = lived.files;
    const last = () => [...kept.keys()].filter((name) => name.includes('/source/')).at(-1)!;
    notChecked(await cut(() => void kept.delete(last())), 'is missing');
    notChecked(await cut(() => void kept.set(last(), kept.get(last())!.replace(/\n[^\n]*$/, ''))), 'is cut short');
    notChecked(await cut(() => void kept.set(last(), kept.get(last())!.replace('\t', ' '))), 'damaged');
  });

  it('when fewer records come out of it than went in', async () => {
    const forgotten: Verification['meanwhile'] = ({ sourceScan }) =>
      (sourceScan.position['flushes'] as unknown[]).pop();
    notChecked(await cut(forgotten), 'were read');
  });

  it('when there is no manifest, or another one than was kept', async () => {
    results(await drill((item) => item, { manifest: null }), { manifest: 'unknown' });
    const manifest = { ...lived.manifest, sha256: 'another' };
    results(await drill((item) => item, { manifest }), { manifest: 'unknown' });
  });

  it('when a head was changed since and has no sum', async () => {
    const PK = ticket(7);
    const source = await copyOf(engine, lived.table);
    const { desk } = await deskAt(source);
    const target = {
      ticketId: PK.slice(4),
      ifMatch: null,
      visibility: 'internal' as const,
      channel: 'web' as const,
      automatic: false,
    };
    await reply(desk, agent, { ...target, onBehalfOf: null, body: 'since' }, nothing);
    const found = await drill(
      (item) => {
        const { sum: _sum, ...rest } = item;
        return is(PK, 'T')(item) ? rest : item;
      },
      { source, manifest: null },
    );
    expect(resultsOf(found)).toMatchObject({ contents: 'unknown', chains: 'passed' });
    expect(detailOf(found, 'contents')).toContain(`${PK} T: was changed since, and carries no sum`);
  });
});

/** The use cases of the desk on another table, five minutes after the copy. */
const deskAt = async (table: string, at = canariesAt + 5 * minute) => {
  const clock = new TestClock(at);
  const desk = await deskOn({ ...engine, tables: { ...engine.tables, operations: table } }, clock);
  return { clock, desk };
};

describe('the source goes on', () => {
  /** A table that goes on after its copy was made: what is lost with it, and what comes after the disaster. */
  const goesOn = async () => {
    const source = await copyOf(engine, lived.table);
    await putAll(engine, source, canaries(lived.table, canariesAt + 6 * minute));
    await putAll(engine, source, workingItems(start, true));
    const { desk, clock } = await deskAt(source);
    const say = (index: number, body: string) => {
      const said = { visibility: 'public' as const, channel: 'email' as const, onBehalfOf: null, automatic: false };
      return reply(desk, agent, { ticketId: lived.tickets[index]!, ifMatch: null, body, ...said }, nothing);
    };
    await say(0, 'A long answer that goes into an item of its own. '.repeat(9));
    await say(1, 'short');
    await open(desk, agent, { ...desk.newTicket, description: 'A new one, with a long text. '.repeat(12) }, nothing);
    await engine.client.send(
      new UpdateCommand({
        TableName: source,
        Key: { PK: 'SYS#counter', SK: 'tickets' },
        UpdateExpression: 'ADD #value :one',
        ExpressionAttributeNames: { '#value': 'value' },
        ExpressionAttributeValues: { ':one': 100 },
      }),
    );
    const before = await events(source);
    const ofDrill = { ...before.find(({ SK }) => SK === 'EV#00000001'), PK: 'DRL#drl_of_this_drill' };
    await engine.client.send(new PutCommand({ TableName: source, Item: { ...ofDrill, recordedAt: iso(declaredAt) } }));
    clock.at = declaredAt + minute;
    await say(2, 'after the disaster');
    return { source, lost: before.length - (await events(lived.table)).length };
  };
  const events = async (table: string) =>
    (await allItems(engine, table)).filter(({ SK }) => String(SK).startsWith('EV#'));
  let gone: Awaited<ReturnType<typeof goesOn>>;
  beforeAll(async () => {
    gone = await goesOn();
  });

  it('passes a clean copy, and counts exactly what is lost', async () => {
    const found = await drill((item) => item, { source: gone.source });
    results(found);
    expect(gone.lost).toBeGreaterThan(3);
    expect(found).toMatchObject({ lostRecords: gone.lost, oldestLostAt: iso(canariesAt + 5 * minute), missing: 0 });
    expect(found.nextCanaryAt).toBe(iso(canariesAt + minute));
  });

  it('finds a byte in a head that was changed since, by its own sum', async () => {
    const found = await drill(changed(is(ticket(1), 'T'), { subject: 'Checkout answers 501' }), {
      source: gone.source,
    });
    expect(detailOf(found, 'contents')).toContain(`${ticket(1)} T: does not fit its own sum`);
  });

  it('finds a settled delivery that was changed, and a counter that is ahead of its source', async () => {
    const delivery = changed(({ SK }) => SK === 'DLV#webhook#1', { state: 'failed' });
    const counter = changed(is('SYS#heartbeat', 'B'), { beat: 32 });
    const found = await drill((item) => counter(delivery(item)), { source: await copyOf(engine, lived.table) });
    expect(found.altered).toBe(2);
    expect(detailOf(found, 'contents')).toContain('was settled, and differs');
    expect(detailOf(found, 'contents')).toContain('has counted further');
  });

  it('finds a head of one instant with events of another', async () => {
    const head = (await allItems(engine, gone.source)).find(is(ticket(1), 'T'))!;
    const found = await drill(changed(is(ticket(1), 'T'), head), { source: gone.source });
    expect(resultsOf(found)).toMatchObject({ snapshot: 'failed', chains: 'failed', items: 'passed' });
    expect(found.torn).toBe(1);
    expect(detailOf(found, 'snapshot')).toContain(ticket(1));
  });

  it('finds events of one instant with a head of another', async () => {
    const event = (await events(gone.source)).find(({ PK, SK }) => PK === ticket(1) && SK === 'EV#00000004')!;
    const found = await drill(
      (item) => item,
      { source: gone.source },
      (table) => put(engine, table, event),
    );
    expect(resultsOf(found)).toMatchObject({ snapshot: 'failed', chains: 'failed' });
    expect(detailOf(found, 'snapshot')).toContain('its head is at version 3, its last event at 4');
  });

  it('asks both tables again before it accuses: a scan that was behind makes no alarm', async () => {
    const behind = (pages: Pages): Pages => ({
      scan: async (request) => {
        const page = await pages.scan(request);
        const stale = (item: Item) =>
          !(request.table !== lived.table && (item['SK'] as { S: string }).S === 'EV#00000002');
        return { ...page, items: page.items.filter((item) => stale(item as Item)) };
      },
      partition: (request) => pages.partition(request),
    });
    const found = await drill((item) => item, { pages: behind, manifest: null });
    results(found, { manifest: 'unknown' });
  });
});

describe('killed at every slice', () => {
  it('comes to the same result, clean or not', async () => {
    const scratchTable = await copyOf(engine, lived.table, without(is(ticket(1), 'EV#00000002')));
    const once = await verify(engine, { ...lived, source: lived.table, scratchTable });
    const dying = await verify(engine, { ...lived, source: lived.table, scratchTable, dying: true });
    expect(dying).toEqual(once);
    results(await drill((item) => item, { dying: true }));
  });
});

describe('manifests', () => {
  it('are found by table and instant, the newest of before', async () => {
    const { Verifier } = await import('../../../functions/drills/verification/verifier.ts');
    const clock = new TestClock(start + 10 * minute);
    const files = new (lived.files.constructor as new () => typeof lived.files)();
    const first = await manifestOf(engine, lived.table, files, clock);
    await manifestOf(engine, await copyOf(engine, lived.table), files, clock);
    clock.at += 5 * minute;
    const second = await manifestOf(engine, lived.table, files, clock);
    const verifier = new Verifier({ client: engine.client, work: files, archive: files, clock });
    const find = async (before: number) =>
      (await verifier.findManifest({ do: 'find-manifest', tableName: lived.table, before: iso(before) })).manifest;
    expect(files.kept.size).toBe(3);
    expect(await find(start + 60 * minute)).toEqual(second);
    expect(await find(Date.parse(second.asOf))).toEqual(first);
    expect(await find(Date.parse(first.asOf))).toBeNull();
  });
});

describe('a table of which nothing is known', () => {
  const other = { own: false, manifest: null } as const;

  it('passes when nothing differs, and says nothing that only the desk knows', async () => {
    const found = await drill((item) => item, other);
    const own = { canaries: 'not_applicable', chains: 'not_applicable', snapshot: 'not_applicable' } as const;
    results(found, { ...own, manifest: 'not_applicable' });
    expect(found.lostRecords).toBeNull();
  });

  it('is unknown when something differs or is missing', async () => {
    const found = await drill(changed(is(ticket(1), 'T'), { subject: 'x' }), other);
    expect(resultsOf(found)).toMatchObject({ contents: 'unknown', items: 'passed' });
    const less = await drill(without(is(ticket(1), 'T')), other);
    expect(resultsOf(less)).toMatchObject({ contents: 'passed', items: 'unknown' });
    const empty = await drill(() => null, other);
    expect(Object.values(resultsOf(empty)).filter((result) => result === 'passed')).toEqual(['passed']);
  });

  it('has failed when something differs of a table to which nobody writes, by the word of whoever asked', async () => {
    const atRest = { ...other, atRest: true };
    const left = ['canaries', 'chains', 'snapshot', 'manifest'].map((name) => [name, 'not_applicable']);
    results(await drill((item) => item, atRest), Object.fromEntries(left));
    const found = await drill(changed(is(ticket(1), 'T'), { subject: 'x' }), atRest);
    expect(resultsOf(found)).toMatchObject({ contents: 'failed', items: 'passed' });
    expect(detailOf(found, 'contents')).toMatch(new RegExp(`${ticket(1)} T: differs.*by the word of whoever asked`));
    const less = await drill(without(is(ticket(1), 'T')), atRest);
    expect(resultsOf(less)).toMatchObject({ contents: 'passed', items: 'failed' });
    const more = (table: string) => put(engine, table, { PK: 'A', SK: 'B' });
    expect(resultsOf(await drill((item) => item, atRest, more))).toMatchObject({ items: 'failed' });
  });

  it('does not take that word for what expires, nor when it sees the source move', async () => {
    const more = (table: string) => put(engine, table, { PK: 'A', SK: 'B' });
    const expiring = await drill((item) => item, { ...other, atRest: true, ttl: 'expiresAt' }, more);
    expect(resultsOf(expiring)).toMatchObject({ items: 'unknown' });
    const source = await copyOf(engine, lived.table);
    const moving = (pages: Pages): Pages => ({
      scan: (request) => pages.scan(request),
      partition: async (request) => {
        if (request.table === source) await put(engine, source, { PK: ticket(1), SK: 'X' });
        return pages.partition(request);
      },
    });
    const pages = { ...other, atRest: true, source, pages: moving };
    const found = await drill(changed(is(ticket(1), 'T'), { subject: 'x' }), pages);
    expect(resultsOf(found)).toMatchObject({ contents: 'unknown', items: 'unknown' });
    expect(detailOf(found, 'contents')).toContain('not at rest');
  });

  it('reads keys again that look like those of another type', async () => {
    for (const key of ['n:42', 'b:AAE=', 's:42']) {
      const more = { PK: key, SK: 'T', subject: 'x' };
      const found = await drill(
        (item) => item,
        other,
        (table) => put(engine, table, more),
      );
      expect(detailOf(found, 'items')).toContain(key);
    }
  });
});

it('leaves the trouble of a table that is not there to whoever called', async () => {
  const wanted = verify(engine, { ...lived, source: lived.table, scratchTable: 'not-there' });
  await expect(wanted).rejects.toThrow(/not.?found|non-existent/i);
});
