import * as z from 'zod';
import type { Aggregate } from '../domain/aggregate.ts';
import { noValues } from '../domain/distribution.ts';
import type { Fact } from '../domain/fact.ts';
import { type Item, itemKind, itemVersions } from '../../platform/store/item-kind.ts';
import { decodeDistribution, encodeDistribution } from './distribution-bytes.ts';

/** A set of strings, as the document client reads it. */
export const stringSet = z.set(z.string());

const firstFact = () =>
  z.object({
    SK: z.string(),
    ticketId: z.string(),
    version: z.number(),
    at: z.string(),
    value: z.number().nullable(),
    excluded: z.string().nullable(),
    team: z.string().nullable(),
    customer: z.string().nullable(),
    priority: z.string(),
    retracted: z.literal(true).optional(),
  });

/** Version 2 may have a `detail`; a fact of version 1 has none, and is one of today as it is. */
export const factVersions = itemVersions('fact', [{ before: firstFact, change: (item) => item }]);
const factItem = z.object({
  SK: z.string(),
  ticketId: z.string(),
  version: z.number(),
  at: z.string(),
  value: z.number().nullable(),
  excluded: z.string().nullable(),
  team: z.string().nullable(),
  customer: z.string().nullable(),
  priority: z.string(),
  retracted: z.literal(true).optional(),
  detail: z.record(z.string(), z.unknown()).optional(),
});

export const factKind = itemKind(factVersions, factItem);

export const readFact = (item: Item): Fact => {
  const { SK, retracted, ...fact } = factKind.read(item);
  return { ...fact, subject: SK, retracted: retracted === true };
};

const bytes = z.instanceof(Uint8Array);

/** Short names, since 90 of these are one query: n, sum, least, most, x(cluded), computed at (ms), e(poch of the rollup). */
const aggregateItem = z.object({
  SK: z.string(),
  n: z.number(),
  sum: z.number(),
  lo: z.number().optional(),
  hi: z.number().optional(),
  x: z.record(z.string(), z.number()).optional(),
  c: z.number(),
  dist: bytes.optional(),
});

/** Days of a group and months of a group are the same. */
export const dayKind = itemKind('day of a group', aggregateItem);
export const monthKind = itemKind('month of a group', aggregateItem);

const { SK: _sk, c: _c, ...figures } = aggregateItem.shape;

const hourItem = z.object({ SK: z.string(), g: z.record(z.string(), z.object(figures)) });

/** A part of an hour with its groups. */
export const hourPartKind = itemKind('part of an hour', hourItem);

/** Retired: an hour whole (`08`), or in parts that come behind (`08#others`). Still read, never written; `npm run upgrade-items` replaces it. */
export const formerHourKind = itemKind('former hour', hourItem);

const isFormerHour = ({ SK }: Item): boolean => /^\d\d(#|$)/.test(String(SK));

export interface StoredAggregate {
  readonly SK: string;
  readonly aggregate: Aggregate;
  readonly computedAt: number;
}

type Figures = Omit<z.infer<typeof aggregateItem>, 'SK' | 'c'>;

/** `distribution` is null when the item keeps none: then it has values, but elsewhere. */
const aggregateFrom = ({ n, sum, lo, hi, x, dist }: Figures): Aggregate => ({
  n,
  sum,
  min: lo ?? null,
  max: hi ?? null,
  excluded: x ?? {},
  distribution: dist === undefined ? (n === 0 ? noValues : null) : decodeDistribution(dist),
});

const stored = ({ SK, c, ...own }: z.infer<typeof aggregateItem>): StoredAggregate => {
  return { SK, computedAt: c, aggregate: aggregateFrom(own) };
};
export const readDay = (item: Item): StoredAggregate => stored(dayKind.read(item));
export const readMonth = (item: Item): StoredAggregate => stored(monthKind.read(item));

export interface StoredHour {
  readonly SK: string;
  readonly groups: ReadonlyMap<string, Aggregate>;
}

/** The groups of a part of an hour, or of a former one, by name. */
export const readHour = (item: Item): StoredHour => {
  const { SK, g } = (isFormerHour(item) ? formerHourKind : hourPartKind).read(item);
  return { SK, groups: new Map(Object.entries(g).map(([group, own]) => [group, aggregateFrom(own)])) };
};

const figureAttributes = ({ n, sum, min, max, excluded }: Aggregate): Record<string, unknown> => ({
  n,
  sum,
  ...(min === null ? {} : { lo: min }),
  ...(max === null ? {} : { hi: max }),
  ...(Object.keys(excluded).length === 0 ? {} : { x: excluded }),
});

export const plainAttributes = (aggregate: Aggregate, computedAt: number): Record<string, unknown> => ({
  ...figureAttributes(aggregate),
  c: computedAt,
});

export const hourAttributes = (
  groups: ReadonlyMap<string, Aggregate>,
  computedAt: number,
): Record<string, unknown> => ({
  g: Object.fromEntries(
    [...groups].map(([group, own]) => [group, { ...figureAttributes(own), ...distributionAttributes(own) }]),
  ),
  c: computedAt,
});

/** Nothing at all for counts, which have no percentiles. */
export const distributionAttributes = ({ n, distribution }: Aggregate): Record<string, unknown> =>
  n === 0 || distribution === null || (distribution.kind === 'values' && distribution.values.length === 0)
    ? {}
    : { dist: encodeDistribution(distribution) };

export const percentilesKind = itemKind('percentiles of a day', z.object({ SK: z.string(), dist: bytes.optional() }));

export const readPercentiles = (item: Item) => {
  const { SK, dist } = percentilesKind.read(item);
  return { SK, distribution: dist === undefined ? noValues : decodeDistribution(dist) };
};
