import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { everyKind } from '../../bin/upgrade-items/every-kind.ts';
import { ticketRowSchema } from '../../functions/desk/domain/ticket.ts';
import { ticketKind } from '../../functions/desk/store.ts';
import { type Item, itemKind, migration } from '../../functions/platform/store/item-kind.ts';
import { type PinnedSchemas, problemsOf, readable, type Samples } from './pinned.ts';

const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'));
const pinned: PinnedSchemas = read('item-schemas.json');
const samples: Samples = read('samples.json');

test('every stored kind has the schema that was pinned, and reads what its earlier versions wrote', () => {
  expect(
    problemsOf(
      everyKind.map(({ kind }) => kind),
      pinned,
      samples,
    ).join('\n\n'),
  ).toBe('');
});

test('what the indexes show of an old ticket is what they show of it today: they carry no schema version', () => {
  for (const sample of Object.values(samples[ticketKind.name] ?? {}).flat()) {
    expect(ticketRowSchema.parse(sample)).toEqual(ticketRowSchema.parse(ticketKind.bringCurrent(sample)));
  }
});

describe('a changed schema', () => {
  const one = z.object({ name: z.string() });
  const two = z.object({ name: z.string(), size: z.number() });
  const grow = migration(
    () => one,
    (old) => ({ ...old, size: old.name.length }),
  );
  const pinnedOne = { box: { 1: readable(one) } };
  const pinnedTwo = { box: { 1: readable(one), 2: readable(two) } };
  const kept = (item: Item): Samples => ({ box: { 1: [item] } });

  test.each([
    ['nothing changed', [itemKind('box', one)], pinnedOne, {}, []],
    ['another schema', [itemKind('box', two)], pinnedOne, {}, [/not the one that version 1[^]*raise the version/]],
    ['a looser schema', [itemKind('box', one.partial())], pinnedOne, {}, [/not the one that version 1/]],
    ['a kind removed', [], pinnedOne, {}, [/No kind is named "box"/]],
    ['a kind renamed', [itemKind('crate', one)], pinnedOne, {}, [/No kind is named "box"/, /"crate" is new/]],
    ['two of one name', [itemKind('box', one), itemKind('box', one)], pinnedOne, {}, [/same name/]],
    [
      'not pinned yet',
      [itemKind('box', two, [grow])],
      pinnedOne,
      kept({ name: 'a' }),
      [/Version 2 of "box" is not pinned/],
    ],
    ['all done', [itemKind('box', two, [grow])], pinnedTwo, kept({ name: 'a' }), []],
    ['no sample', [itemKind('box', two, [grow])], pinnedTwo, {}, [/no sample of version 1/]],
    [
      'a sample of today',
      [itemKind('box', two, [grow])],
      pinnedTwo,
      kept({ name: 'a', schema: 2, size: 1 }),
      [/says another/],
    ],
    ['a sample that is not read', [itemKind('box', two, [grow])], pinnedTwo, kept({ size: 1 }), [/cannot be read/]],
    ['a version taken back', [itemKind('box', one)], pinnedTwo, {}, [/never taken back/]],
    [
      'a migration from elsewhere',
      [
        itemKind('box', two, [
          migration(
            () => one.extend({ colour: z.string() }),
            (old) => ({ ...old, size: 1 }),
          ),
        ]),
      ],
      pinnedTwo,
      kept({ name: 'a', colour: 'red' }),
      [/begins with another schema/],
    ],
  ] as const)('%s', (_what, kinds, before, keptSamples, expected) => {
    const problems = problemsOf(kinds, before, keptSamples);
    expect(problems).toEqual(expected.map((pattern) => expect.stringMatching(pattern)));
  });
});
