import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { resummed } from '../../functions/platform/store/head-sum.ts';
import type { Item } from '../../functions/platform/store/item-kind.ts';
import { kindsOf, type StoredKind, type TableName } from './every-kind.ts';
import { replace, rewrite } from './rewrite.ts';

/** What was found of one kind. */
export interface KindCount {
  current: number;
  /** Rewritten now; in a dry run what would be. */
  upgraded: number;
  /** Changed by somebody else between reading and rewriting; the next walk looks again. */
  overtaken: number;
  /** Old, and kept as written. */
  kept: number;
}
export type Counts = Map<string, KindCount>;

export const positionSchema = z.union([z.literal('done'), z.record(z.string(), z.string())]);
/** Where a segment goes on: after this key, or nowhere. */
export type SegmentPosition = z.infer<typeof positionSchema>;
/** By segment; a segment that is missing begins at its beginning. */
export type Positions = Readonly<Record<number, SegmentPosition>>;

export interface Walk {
  readonly client: DynamoDBDocumentClient;
  readonly table: TableName;
  /** As AWS calls it. */
  readonly tableName: string;
  readonly kinds: readonly StoredKind[];
  readonly segments: number;
  readonly dryRun: boolean;
  readonly resumeAt?: Positions;
  /** After each page, when all of it is written. */
  readonly onPage?: (segment: number, position: SegmentPosition, counts: Counts) => void;
  readonly pageSize?: number;
}

/** An item that no kind claims, or more than one: it was written by code that the list of kinds does not know. */
export class UnclaimedItem extends Error {
  override readonly name = 'UnclaimedItem';
}

/**
 * Walks a table in parallel segments and brings every item that is of an earlier schema version into today's shape
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan). Harmless to kill, to
 * repeat and beside a working desk: a rewrite holds only over what was read, and what is current costs reading alone.
 * @throws NewerThanThisCode, UnclaimedItem, ZodError: nothing is written over what is not understood.
 */
export const walkTable = async (walk: Walk): Promise<Counts> => {
  const counts: Counts = new Map();
  await Promise.all(Array.from({ length: walk.segments }, (_unused, segment) => walkSegment(walk, segment, counts)));
  return counts;
};

const walkSegment = async (walk: Walk, segment: number, counts: Counts): Promise<void> => {
  let position: SegmentPosition = walk.resumeAt?.[segment] ?? {};
  // Items that others take the place of are removed after the scan: no page shall begin behind a key that is gone.
  const atTheEnd: (() => Promise<void>)[] = [];
  while (position !== 'done') {
    const page = await walk.client.send(
      new ScanCommand({
        TableName: walk.tableName,
        ConsistentRead: true,
        Segment: segment,
        TotalSegments: walk.segments,
        ...(walk.pageSize === undefined ? {} : { Limit: walk.pageSize }),
        ...(Object.keys(position).length === 0 ? {} : { ExclusiveStartKey: position }),
      }),
    );
    for (const item of page.Items ?? []) {
      const later = await bringCurrent(walk, item, counts);
      if (later !== null) atTheEnd.push(later);
    }
    position = positionSchema.parse(page.LastEvaluatedKey ?? 'done');
    // Of a retired kind younger items sort behind older ones; they are the first to take their new places.
    if (position === 'done') for (const replaceOne of atTheEnd.toReversed()) await replaceOne();
    // A walk that is stopped with some of them left comes by here again.
    if (position === 'done' || atTheEnd.length === 0) walk.onPage?.(segment, position, counts);
  }
};

/** Rewrites one item when it is old; answers what has to wait for the end of the segment. */
const bringCurrent = async (walk: Walk, item: Item, counts: Counts): Promise<(() => Promise<void>) | null> => {
  const { client, tableName, dryRun } = walk;
  const [claim, ...others] = kindsOf(walk.kinds, walk.table, item);
  if (claim === undefined || others.length > 0) {
    throw new UnclaimedItem(
      `${walk.table}: ${claim === undefined ? 'no kind claims' : 'several kinds claim'} an item.`,
    );
  }
  const { kind, keptAsWritten, replacedBy } = claim;
  const count = counts.get(kind.name) ?? { current: 0, upgraded: 0, overtaken: 0, kept: 0 };
  counts.set(kind.name, count);
  const tally = (done: boolean): void => void (done ? (count.upgraded += 1) : (count.overtaken += 1));
  kind.read(item);
  if (replacedBy !== undefined) {
    const next = replacedBy(kind.bringCurrent(item));
    return async () => tally(dryRun || (await replace(client, tableName, item, next)));
  }
  if (kind.versionOf(item) === kind.current) {
    count.current += 1;
  } else if (keptAsWritten !== undefined) {
    count.kept += 1;
  } else {
    tally(dryRun || (await rewrite(client, tableName, item, resummed(item, kind.bringCurrent(item)))));
  }
  return null;
};
