import * as z from 'zod';
import type { Aggregate } from '../domain/aggregate.ts';
import { noValues } from '../domain/distribution.ts';
import type { Fact } from '../domain/fact.ts';
import { decodeDistribution, encodeDistribution } from './distribution-bytes.ts';

/** A set of strings, as the document client reads it. */
export const stringSet = z.set(z.string());

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
});

export const readFact = (item: unknown): Fact => {
  const { SK, retracted, ...fact } = factItem.parse(item);
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

const { SK: _sk, c: _c, ...figures } = aggregateItem.shape;

/** A part of an hour with its groups. */
const hourItem = z.object({ SK: z.string(), g: z.record(z.string(), z.object(figures)) });

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

export const readAggregate = (item: unknown): StoredAggregate => {
  const { SK, c, ...own } = aggregateItem.parse(item);
  return { SK, computedAt: c, aggregate: aggregateFrom(own) };
};

/** The groups of a part of an hour, by name. */
export const readHour = (item: unknown): { readonly SK: string; readonly groups: ReadonlyMap<string, Aggregate> } => {
  const { SK, g } = hourItem.parse(item);
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

const percentileItem = z.object({ SK: z.string(), dist: bytes.optional() });

export const readPercentiles = (item: unknown) => {
  const { SK, dist } = percentileItem.parse(item);
  return { SK, distribution: dist === undefined ? noValues : decodeDistribution(dist) };
};
