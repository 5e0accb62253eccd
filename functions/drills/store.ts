import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../platform/actor.ts';
import { dueAttributes } from '../platform/due/due-index.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { AlsoRefused, type Committer, LostRace } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import type { Contribution } from '../platform/store/contribution.ts';
import { type Position, queryHeads, readItem, readItems } from '../platform/store/heads.ts';
import { itemKind, migration } from '../platform/store/item-kind.ts';
import { type Drill, drillSchema, isOver } from './domain/drill.ts';
import type { DrillEvent } from './domain/drill-event.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | drill | `DRL#<id>` / `H` | by id; its events beside it; due until it is over and reported |
 * | list | index `queue`: `L#drill` / `<requestedAt>#<id>` | page, newest first |
 * | drill of a table | `DRT#<table>` / `L` | which drill runs on a table: one at a time; which was concluded last |
 */
const listKey = 'L#drill';
export const drillKey = (id: string): string => `DRL#${id}`;
const headOf = (id: string) => ({ PK: drillKey(id), SK: 'H' });
const lockOf = (table: string) => ({ PK: `DRT#${table}`, SK: 'L' });
const lane = 'drills';

const itemSchema = drillSchema.extend({ chain: z.string(), updatedAt: z.string(), dueAt: z.string().optional() });
export const drillKind = itemKind('drill', itemSchema, [
  // Nobody could give that word then.
  migration(
    () => itemSchema.omit({ atRest: true }),
    (old) => ({ ...old, atRest: false }),
  ),
]);
export const tableDrillKind = itemKind(
  'drill of a table',
  z.object({ drillId: z.string(), live: z.boolean(), concludedId: z.string().optional() }),
);

export interface ReadDrill {
  readonly drill: Drill;
  readonly chain: string;
  readonly dueAt: string | null;
}

/** Another drill of the table is not over. */
export class TableInDrill extends Error {
  override readonly name = 'TableInDrill';
}

/** What stands or falls with a change of a drill. */
export interface DrillChange {
  readonly event: DrillEvent & { readonly at: string; readonly actor: Actor };
  /** When it needs attention next; null: no more. */
  readonly dueAt: string | null;
  readonly facts?: readonly Contribution[];
  readonly alert?: { readonly alertId: string; readonly item: TransactItem } | null;
  readonly once?: TransactItem | undefined;
}

const readOf = (item: Record<string, unknown>): ReadDrill => {
  const { chain, updatedAt: _updatedAt, dueAt, ...drill } = drillKind.read(item);
  return { drill, chain, dueAt: dueAt ?? null };
};

export class DrillStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;
  readonly #hints: Pick<DueHints, 'afterCommit'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    committer: Committer;
    hints: Pick<DueHints, 'afterCommit'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
    this.#hints = options.hints;
  }

  async find(id: string): Promise<ReadDrill | null> {
    const item = await readItem(this.#client, this.#table, headOf(id));
    return item === undefined ? null : readOf(item);
  }

  /** A page, newest first. */
  async list(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly drills: readonly Drill[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, {
      table: this.#table,
      list: listKey,
      descending: true,
      limit,
      after,
    });
    return { drills: heads.map((head) => readOf(head).drill), next };
  }

  /** The drills that are not over, of these tables. */
  async running(tables: readonly string[]): Promise<readonly ReadDrill[]> {
    const locks = await readItems(this.#client, this.#table, tables.map(lockOf), { consistent: true });
    const ids = locks.map((lock) => tableDrillKind.read(lock)).flatMap(({ live, drillId }) => (live ? [drillId] : []));
    const heads = await readItems(this.#client, this.#table, ids.map(headOf), { consistent: true });
    return heads.map(readOf);
  }

  async runningOf(table: string): Promise<string | null> {
    const item = await readItem(this.#client, this.#table, lockOf(table));
    if (item === undefined) return null;
    const { live, drillId } = tableDrillKind.read(item);
    return live ? drillId : null;
  }

  /** The last drill of a table that came to a verdict and is over, or null. */
  async lastConcludedOf(table: string): Promise<Drill | null> {
    const item = await readItem(this.#client, this.#table, lockOf(table));
    const id = item === undefined ? undefined : tableDrillKind.read(item).concludedId;
    return id === undefined ? null : ((await this.find(id))?.drill ?? null);
  }

  /**
   * Writes a drill over the one that was read (null: it is new, and takes its table). One that is over lets go of the table in the
   * same transaction. Answers it as it is now read. @throws LostRace, AlreadyRecorded, TableInDrill, Busy
   */
  async commit(before: ReadDrill | null, drill: Drill, change: DrillChange): Promise<ReadDrill> {
    const { version: _version, ...attributes } = drill;
    const { event, dueAt, facts, alert, once } = change;
    const lets = isOver(drill) && (before === null || !isOver(before.drill));
    const lock = before === null ? [this.#taken(drill)] : lets ? [this.#released(drill)] : [];
    try {
      const { version, chain } = await this.#committer.commit({
        entity: { kind: 'drill', id: drill.id, key: drillKey(drill.id), headKey: 'H' },
        head: {
          ...attributes,
          updatedAt: event.at,
          queue: listKey,
          queueSort: `${drill.requestedAt}#${drill.id}`,
          ...drillKind.stamp,
          ...dueAttributes(drillKey(drill.id), dueAt, lane),
        },
        readVersion: before?.drill.version ?? 0,
        readChain: before?.chain ?? '',
        event: {
          ...event,
          ...(facts === undefined ? {} : { facts }),
          ...(alert == null ? {} : { alertId: alert.alertId }),
        },
        also: [...lock, ...(alert == null ? [] : [alert.item])],
        once,
      });
      return { drill: { ...drill, version }, chain, dueAt };
    } catch (error) {
      if (error instanceof AlsoRefused && before === null) throw new TableInDrill();
      // The alert is there, or the table was let go: whoever did that has changed the drill too.
      if (error instanceof AlsoRefused) throw new LostRace(drillKey(drill.id), before?.drill.version ?? 0);
      throw error;
    }
  }

  /**
   * Moves the next attention of a drill, which is no change of it; only as it was read. An executor holds it so while it works,
   * so that hints which come meanwhile find nothing to do. False: somebody else was first.
   */
  async postpone({ drill: { id, version }, dueAt }: ReadDrill, to: string): Promise<boolean> {
    if (dueAt === null) return false;
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: headOf(id),
          UpdateExpression: 'SET dueAt = :to',
          ConditionExpression: '#version = :version AND dueAt = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':to': to, ':version': version, ':read': dueAt },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
    await this.#hints.afterCommit([{ ...headOf(id), ...dueAttributes(drillKey(id), to, lane) }]);
    return true;
  }

  #taken({ id, table }: Drill): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: lockOf(table),
        UpdateExpression: 'SET drillId = :id, live = :yes',
        ConditionExpression: 'attribute_not_exists(PK) OR live = :no',
        ExpressionAttributeValues: { ':id': id, ':yes': true, ':no': false },
      },
    };
  }

  #released({ id, table, verdict }: Drill): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: lockOf(table),
        UpdateExpression: verdict === null ? 'SET live = :no' : 'SET live = :no, concludedId = :id',
        ConditionExpression: 'drillId = :id',
        ExpressionAttributeValues: { ':id': id, ':no': false },
      },
    };
  }
}
