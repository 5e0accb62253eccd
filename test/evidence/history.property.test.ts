import * as fc from 'fast-check';
import { verifyHistory } from '../../functions/evidence/use-cases/verify-history.ts';
import { writeDigest } from '../../functions/evidence/use-cases/write-digest.ts';
import type { HistoryProblem } from '../../functions/evidence/use-cases/verify-history.ts';
import { type Entity, Killed, RememberedHistory } from './remembered-history.ts';

const hour = 3_600_000;

/** A story of changes and digests: some runs die on the way, some days are missed, some runs come twice. */
const stories = fc.record({
  pageSize: fc.integer({ min: 1, max: 4 }),
  steps: fc.array(
    fc.oneof(
      { weight: 6, arbitrary: fc.record({ kind: fc.constant('change' as const), id: fc.nat(7), text: fc.string() }) },
      {
        weight: 2,
        arbitrary: fc.record({ kind: fc.constant('hours' as const), hours: fc.integer({ min: 1, max: 60 }) }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('digest' as const), fuse: fc.option(fc.nat(12)) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('twice' as const) }) },
    ),
    { maxLength: 60 },
  ),
});
type Story = typeof stories extends fc.Arbitrary<infer One> ? One : never;

const digest = async (history: RememberedHistory, fuse: number | null): Promise<void> => {
  history.fuse = fuse ?? Infinity;
  await writeDigest(history.digestPorts()).catch((error: unknown) => {
    if (!(error instanceof Killed)) throw error;
  });
  history.fuse = Infinity;
};

/** Plays the story, and ends it by a whole digest of a new day. */
const play = async ({ pageSize, steps }: Story): Promise<RememberedHistory> => {
  const history = new RememberedHistory(pageSize);
  history.change(0, 'the first');
  for (const step of steps) {
    if (step.kind === 'change') history.change(step.id, step.text);
    if (step.kind === 'hours') history.now += step.hours * hour;
    if (step.kind === 'digest') await digest(history, step.fuse);
    if (step.kind === 'twice') await Promise.all([digest(history, null), digest(history, null)]);
    history.now += 1;
  }
  history.now += 48 * hour;
  await digest(history, null);
  history.now += 48 * hour;
  await digest(history, null);
  return history;
};

const verify = async (history: RememberedHistory) => {
  const problems: HistoryProblem[] = [];
  const result = await verifyHistory(history.verifyPorts(problems));
  expect(result.problems).toBe(problems.length);
  return { problems, result };
};

it('whatever dies or comes twice: every entity is written down as it stands, and a true history verifies', async () => {
  await fc.assert(
    fc.asyncProperty(stories, async (story) => {
      const history = await play(story);
      const written = history.writtenDown();
      for (const { key, head } of history.entities.values()) expect(written.get(key)).toBe(head?.version);
      const { problems, result } = await verify(history);
      expect(problems).toEqual([]);
      expect(result.entities).toBe(history.entities.size);
      expect(result.events).toBe([...history.entities.values()].reduce((sum, { events }) => sum + events.length, 0));
    }),
    { numRuns: 300 },
  );
});

/** What somebody with all rights on the table and none on the archive could do. */
const tamperings: Readonly<Record<string, (history: RememberedHistory, entity: Entity, at: number) => void>> = {
  'an event altered in place': (_history, entity, at) => {
    entity.events[at - 1] = { ...entity.events[at - 1]!, data: { text: 'never said' } };
  },
  'history written anew from an event on': (history, entity, at) => history.rewrite(entity, at, 'never said'),
  'an event taken out': (_history, entity, at) => void entity.events.splice(at - 1, 1),
  'the end cut off, head and all': (_history, entity, at) => {
    entity.events = entity.events.slice(0, at - 1);
    const last = entity.events.at(-1);
    entity.head = last === undefined ? null : { version: last.version, chain: last.hash };
  },
  'an entity removed': (history, entity) => void history.entities.delete(entity.key),
  'a head put back to an older one': (_history, entity, at) => {
    entity.head = { version: at - 1, chain: entity.events[at - 2]?.hash ?? '' };
  },
};

it.each(Object.keys(tamperings))('%s is found and named', async (name) => {
  await fc.assert(
    fc.asyncProperty(stories, fc.nat(), fc.nat(), async (story, which, event) => {
      const history = await play(story);
      const all = [...history.entities.values()];
      const entity = all[which % all.length]!;
      tamperings[name]?.(history, entity, 1 + (event % entity.events.length));
      const { problems } = await verify(history);
      expect(problems.map(({ about }) => about)).toContain(entity.key);
      expect(new Set(problems.map(({ about }) => about))).toEqual(new Set([entity.key]));
    }),
    { numRuns: 100 },
  );
});

it.each(['removed', 'altered', 'cut'])('a page that is %s is missed', async (how) => {
  await fc.assert(
    fc.asyncProperty(stories, fc.nat(), async (story, which) => {
      const history = await play(story);
      const names = [...history.archive.keys()].sort();
      const name = names[which % names.length]!;
      const text = history.archive.get(name)!;
      if (how === 'removed') history.archive.delete(name);
      if (how === 'altered') history.archive.set(name, text.replace('"begunAt":"2', '"begunAt":"3'));
      if (how === 'cut') history.archive.set(name, text.slice(0, -1));
      expect((await verify(history)).problems).not.toEqual([]);
    }),
    { numRuns: 100 },
  );
});

it('without a digest nothing is proved, and it says so', async () => {
  const history = new RememberedHistory(2);
  history.change(1, 'one');
  const { result } = await verify(history);
  expect(result).toMatchObject({ pages: 0, entities: 0, lastDay: null });
});
