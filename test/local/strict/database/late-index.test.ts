import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, cloudOf, get, inQueue, patiently, put, remove, transact } from './strict-cloud.ts';

let comfortable: Cloud;
let strict: Cloud;

beforeAll(async () => {
  [comfortable, strict] = await Promise.all([cloudOf(null), cloudOf({ seed: 3 })]);
});
afterAll(() => Promise.all([comfortable.stop(), strict.stop()]));

/** What an index shows of a queue: `id:subject`, in order. */
const shown = async (cloud: Cloud, queue: string): Promise<string[]> =>
  ((await cloud.open.db.send(inQueue(queue))).Items ?? []).map((item) => `${item['PK']?.S}:${item['subject']?.S}`);

/** Lets virtual time pass, and what arrives in it be written. */
const pass = async (cloud: Cloud, seconds: number): Promise<void> => {
  await cloud.clock.advance(seconds);
  while (cloud.services.busy) await new Promise((resolve) => setTimeout(resolve, 2));
};

const queued = (id: string, queue: string, subject: string) =>
  put(id, { queue: { S: queue }, subject: { S: subject } });

describe('an index', () => {
  it('hurts who looks for what was just written', async () => {
    const finds = async (cloud: Cloud): Promise<number> => {
      let found = 0;
      for (let index = 0; index < 10; index += 1) {
        await cloud.open.db.send(queued(`fresh-${index}`, 'fresh', 'new'));
        if ((await shown(cloud, 'fresh')).includes(`fresh-${index}:new`)) found += 1;
      }
      return found;
    };
    expect(await finds(comfortable)).toBe(10);
    expect(await finds(strict)).toBeLessThan(5);
    await pass(strict, 1.1);
    expect((await shown(strict, 'fresh')).length).toBe(10);
  });

  it('shows a row as it was before, where it was before', async () => {
    await strict.open.db.send(queued('moving', 'here', 'old'));
    await pass(strict, 1.1);
    await strict.open.db.send(queued('moving', 'there', 'new'));
    expect([await shown(strict, 'here'), await shown(strict, 'there')]).toEqual([['moving:old'], []]);
    await pass(strict, 1.1);
    expect([await shown(strict, 'here'), await shown(strict, 'there')]).toEqual([[], ['moving:new']]);
    await strict.open.db.send(remove('moving'));
    expect(await shown(strict, 'there')).toEqual(['moving:new']);
    await pass(strict, 1.1);
    expect(await shown(strict, 'there')).toEqual([]);
  });

  it('may show a later write before an earlier one of another item', async () => {
    for (let index = 0; index < 8; index += 1) await strict.open.db.send(queued(`mixed-${index}`, 'mixed', 'x'));
    const sets: string[][] = [];
    for (let step = 0; step < 12; step += 1) {
      await pass(strict, 0.1);
      sets.push(await shown(strict, 'mixed'));
    }
    const gaps = sets.filter((set) => !set.every((one, index) => one === `mixed-${index}:x`));
    expect(gaps.length).toBeGreaterThan(0);
    expect(sets.at(-1)).toHaveLength(8);
  });

  it('leaves no trace of the table that it is read from', async () => {
    const answer = await strict.open.db.send(
      Object.assign(inQueue('fresh'), { input: { ...inQueue('fresh').input, ReturnConsumedCapacity: 'TOTAL' } }),
    );
    expect(answer.ConsumedCapacity?.TableName).toBe('operations');
  });
});

describe('the table itself', () => {
  it('is exact for consistent reads, and behind for others', async () => {
    await strict.open.db.send(put('exact', { subject: { S: 'one' } }));
    await pass(strict, 1.1);
    let stale = 0;
    for (let version = 0; version < 10; version += 1) {
      await strict.open.db.send(put('exact', { subject: { S: String(version) } }));
      expect((await strict.open.db.send(get('exact'))).Item?.['subject']?.S).toBe(String(version));
      if ((await strict.open.db.send(get('exact', false))).Item?.['subject']?.S !== String(version)) stale += 1;
    }
    expect(stale).toBeGreaterThan(5);
  });

  /** Whatever is written, and whatever is read in between: each read is a state that the item had, never older than the one before. */
  it('never goes back: eventual reads of an item only ever move forward, and arrive within a second', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('write', 'pass', 'remove'), { minLength: 1, maxLength: 25 }),
        async (steps) => {
          run += 1;
          const id = `forward-${run}`;
          const history: (string | null)[] = [null];
          let seen = 0;
          const look = async () => {
            const subject = (await strict.open.db.send(get(id, false))).Item?.['subject']?.S ?? null;
            const at = history.findIndex((one, index) => index >= seen && one === subject);
            expect(at).toBeGreaterThanOrEqual(seen);
            seen = at;
          };
          for (const [index, step] of steps.entries()) {
            if (step === 'write') {
              await strict.open.db.send(put(id, { subject: { S: String(index) } }));
              history.push(String(index));
            } else if (step === 'remove') {
              await strict.open.db.send(remove(id));
              history.push(null);
            } else await pass(strict, 0.25);
            await look();
          }
          await pass(strict, 1.1);
          expect((await strict.open.db.send(get(id, false))).Item?.['subject']?.S ?? null).toBe(history.at(-1));
        },
      ),
      { numRuns: 15 },
    );
  });

  it('shows what a transaction changed as late as anything', async () => {
    await patiently(() => strict.open.db.send(transact('late-a', 'late-b')));
    await pass(strict, 1.1);
    const read = async (id: string) => (await strict.open.db.send(get(id, false))).Item?.['n']?.N;
    expect([await read('late-a'), await read('late-b')]).toEqual(['1', '1']);
  });
});

it('shows everything after a restart, also what was still on its way', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'desk-late-'));
  try {
    const before = await cloudOf({ seed: 3 }, dataDir);
    for (let index = 0; index < 30; index += 1) await before.open.db.send(queued(`kept-${index}`, 'kept', 'x'));
    expect((await shown(before, 'kept')).length).toBeLessThan(30);
    await before.stop();
    const after = await cloudOf({ seed: 4 }, dataDir);
    expect(await shown(after, 'kept')).toHaveLength(30);
    await after.services.reset();
    expect(await shown(after, 'kept')).toEqual([]);
    await after.stop();
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
});
