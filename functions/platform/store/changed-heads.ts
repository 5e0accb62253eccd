import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { isoInstant } from '../clock.ts';
import { type ItemKey, positionSchema, readItems } from './heads.ts';

/** The index that every ticket, person and alert stands in by its head, see lib/constructs/operations-table.ts. */
const indexName = 'queue';

/** In how many parallel parts the index is read: each costs a request at once, and a part is read at some 1 MB a request. */
const defaultSegments = 4;

/** Where a reading stands: for each segment the key to go on after, null before its first page, `read` at its end. */
export const changedHeadsPlaceSchema = z.array(z.union([positionSchema, z.null(), z.literal('read')])).min(1);
export type ChangedHeadsPlace = z.infer<typeof changedHeadsPlaceSchema>;

/** A head that was changed, or may have been. */
export interface ChangedHead {
  readonly key: ItemKey;
  /** As the index shows it; null when only the event is known that changed it: read the head. */
  readonly version: number | null;
}

export interface ChangedHeadsOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  /** In ms. What was committed at or after it is found; clocks of writers may differ by seconds, so begin some minutes before. */
  readonly since: number;
  /** The ticket counter as it was at `since` or before; imported tickets with higher numbers are changed. 0: all imported ones are. */
  readonly numberedAfter: number;
  /**
   * The entity that a changed head tells a change of: an alert's ticket. The heads whose keys begin so are read (0.5 RRU each),
   * and what this answers is given out too. Null: of none.
   */
  readonly tells: { readonly prefix: string; readonly of: (head: unknown) => ItemKey | null };
  readonly segments?: number;
  /** Items looked at in each segment before this answers; left out: 1 MB. For tests. */
  readonly pageSize?: number;
}

export interface ChangedHeadsPage {
  readonly heads: readonly ChangedHead[];
  /** Hand it over to go on, in this invocation or in another; null when everything was read. */
  readonly next: ChangedHeadsPlace | null;
  /** Heads looked at, changed or not. */
  readonly looked: number;
}

const rowSchema = z.object({
  PK: z.string(),
  SK: z.string(),
  version: z.number(),
  updatedAt: z.string().optional(),
  number: z.string().optional(),
});

/**
 * The entities that were changed since an instant, without an index of their own and without a write unit: by scanning the
 * index `queue`, about 300 B an entity. A million tickets are 37,500 RRU, half a cent
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html: half a unit for each 4 KB).
 *
 * Found are, each perhaps more than once, since a head that moves in the index while it is read may be met in both places:
 * - heads whose `updatedAt` is at or after `since`: every change of a ticket or a person, but for two;
 * - a breach leaves a ticket's `updatedAt` as it is, on purpose, and cannot be seen in its row. It raises an alert in its
 *   own transaction, and that is seen: an alert has no `updatedAt`, its place in the index begins with when it was claimed.
 *   `tells` leads from there to the ticket;
 * - an imported ticket has the instants of its source, its id included. It is one transaction for ever, and takes the next
 *   number of the counter: so those numbered after what the counter said are new.
 *
 * Not in the index, and not found: subscriptions (all of them are in the partition `SUBSCRIPTIONS`), logins, counters. An
 * alert's later life (delivered, postponed) is no event and not found. Deliveries to the index are about a second late.
 */
export const changedHeads = async (
  options: ChangedHeadsOptions,
  place: ChangedHeadsPlace | null,
): Promise<ChangedHeadsPage> => {
  const { client, table, tells } = options;
  const begun = place ?? Array.from({ length: options.segments ?? defaultSegments }, () => null);
  const parts = await Promise.all(begun.map((after, segment) => readPart(options, begun.length, segment, after)));
  const rows = parts.flatMap((part) => part.rows);
  const told = rows.filter(({ PK }) => PK.startsWith(tells.prefix)).map(({ PK, SK }) => ({ PK, SK }));
  const tellers: Record<string, unknown>[] = [];
  for (let start = 0; start < told.length; start += 100)
    tellers.push(...(await readItems(client, table, told.slice(start, start + 100))));
  const next = parts.map((part) => part.next);
  return {
    heads: [
      ...rows.map(({ PK, SK, version }) => ({ key: { PK, SK }, version })),
      ...tellers.flatMap((head) => tells.of(head) ?? []).map((key) => ({ key, version: null })),
    ],
    next: next.every((after) => after === 'read') ? null : next,
    looked: parts.reduce((sum, part) => sum + part.looked, 0),
  };
};

const numberOf = (number: string | undefined): number => Number(/^T-(\d+)$/.exec(number ?? '')?.[1] ?? Infinity);

const readPart = async (
  { client, table, since, numberedAfter, pageSize }: ChangedHeadsOptions,
  segments: number,
  segment: number,
  after: ChangedHeadsPlace[number],
): Promise<{ rows: readonly z.infer<typeof rowSchema>[]; next: ChangedHeadsPlace[number]; looked: number }> => {
  if (after === 'read') return { rows: [], next: 'read', looked: 0 };
  const from = isoInstant(since);
  const answer = await client.send(
    new ScanCommand({
      TableName: table,
      IndexName: indexName,
      Segment: segment,
      TotalSegments: segments,
      FilterExpression:
        'updatedAt >= :since OR (attribute_not_exists(updatedAt) AND queueSort >= :since) OR attribute_type(externalId, :text)',
      ProjectionExpression: 'PK, SK, version, updatedAt, #number',
      ExpressionAttributeNames: { '#number': 'number' },
      ExpressionAttributeValues: { ':since': from, ':text': 'S' },
      ...(pageSize === undefined ? {} : { Limit: pageSize }),
      ...(after === null ? {} : { ExclusiveStartKey: after }),
    }),
  );
  return {
    rows: (answer.Items ?? [])
      .map((item) => rowSchema.parse(item))
      .filter(
        ({ updatedAt, number }) => updatedAt === undefined || updatedAt >= from || numberOf(number) > numberedAfter,
      ),
    next: answer.LastEvaluatedKey === undefined ? 'read' : positionSchema.parse(answer.LastEvaluatedKey),
    looked: answer.ScannedCount ?? 0,
  };
};
