import * as z from 'zod';
import type { Action } from '../domain/action.ts';
import type { Fault, Finding } from './compare-partition.ts';

export type CompareAction = Extract<Action, { do: 'compare' }>;

const tallySchema = z.object({
  /** Items, or entities when they are torn. */
  count: z.number().int(),
  samples: z.array(z.string()),
});
export type Tally = z.infer<typeof tallySchema>;

/** Where a comparison stands. */
export const comparePositionSchema = z.object({
  part: z.number().int(),
  copyLines: z.number().int(),
  sourceLines: z.number().int(),
  compared: z.number().int(),
  explained: z.number().int(),
  entities: z.number().int(),
  lost: z.number().int(),
  oldestLostAt: z.number().nullable(),
  faults: z.object({
    missing: tallySchema,
    foreign: tallySchema,
    altered: tallySchema,
    broken: tallySchema,
    torn: tallySchema,
    index: tallySchema,
    unchecked: tallySchema,
  }),
  shards: tallySchema,
  shardsCompared: z.number().int(),
  /** Partitions that were read again. */
  confirmed: z.number().int(),
  /** Partitions of another table that were not what the scan had seen of them when they were read again: somebody writes to it. */
  moved: z.number().int().default(0),
  /** What makes the whole comparison void, if anything does. */
  void: z.string().nullable(),
  /** How keys and indexes of the copy differ; empty when they do not, null when that was not looked at. */
  schema: z.array(z.string()).nullable(),
});
export type ComparePosition = z.infer<typeof comparePositionSchema>;

const none = (): Tally => ({ count: 0, samples: [] });

export const beginComparison = (): ComparePosition => ({
  part: 0,
  copyLines: 0,
  sourceLines: 0,
  compared: 0,
  explained: 0,
  entities: 0,
  lost: 0,
  oldestLostAt: null,
  faults: {
    missing: none(),
    foreign: none(),
    altered: none(),
    broken: none(),
    torn: none(),
    index: none(),
    unchecked: none(),
  },
  shards: none(),
  shardsCompared: 0,
  confirmed: 0,
  moved: 0,
  void: null,
  schema: null,
});

/** So many of each fault are named. */
const namedAtMost = 5;

export const note = (tally: Tally, what: string, count = 1): void => {
  tally.count += count;
  if (tally.samples.length < namedAtMost) tally.samples.push(what);
};

/** Keys that hold addresses, logins or foreign ids are named by their kind and length: a report is kept for years. */
const telling = /^(EPT|PRN|EXT)#/;

export const shownKey = (PK: string, SK: string): string => {
  const kind = telling.exec(PK)?.[1];
  const shown = kind === undefined ? PK : `${kind}#(${PK.length - kind.length - 1} characters)`;
  return (SK === '' ? shown : `${shown} ${SK}`).slice(0, 120);
};

/** Adds what was found in a partition: each item once a fault, a torn entity once. */
export const noteFindings = (position: ComparePosition, findings: readonly Finding[]): void => {
  const seen = new Set<string>();
  for (const { fault, PK, SK, what } of findings) {
    const about = fault === 'torn' ? fault : `${fault} ${SK}`;
    if (seen.has(about)) continue;
    seen.add(about);
    note(position.faults[fault], `${shownKey(PK, SK)}: ${what}`);
  }
};

export const countOf = (position: ComparePosition, fault: Fault): number => position.faults[fault].count;
