import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { systemActor } from '../platform/actor.ts';
import { dueAttributes } from '../platform/due/due-index.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { type Committer, LostRace } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, readItem, readItems } from '../platform/store/heads.ts';
import type * as z from 'zod';
import { type BackupRun, backupRunSchema } from './domain/backup-run.ts';
import type { FreshnessOfAll } from './domain/freshness.ts';
import { unwatched, type Watch } from './domain/watch.ts';
import { backupRunKind, freshnessKind, manifestJobKind, watchKind } from './item-kinds.ts';

const listKey = 'L#backup-run';
const runKey = (id: string): string => `BKR#${id}`;
const watchKey = (id: string): string => `BKW#${id}`;
const freshnessKey = { PK: 'SYS#backups', SK: 'F' } as const;
const manifestKey = { PK: 'MNF#nightly', SK: 'M' } as const;

export interface Raised {
  readonly alertId: string;
  readonly item: TransactItem;
}
export interface ReadRun {
  readonly run: BackupRun;
  readonly chain: string;
}
export interface ReadWatch {
  readonly watch: Watch;
  readonly chain: string;
}
export type ManifestJob = z.infer<typeof manifestJobKind.schema>;

export class BackupStore {
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

  /** Those of these runs that are known, consistently. */
  async runs(ids: readonly string[]): Promise<ReadonlyMap<string, ReadRun>> {
    const found = new Map<string, ReadRun>();
    for (let start = 0; start < ids.length; start += 100) {
      const keys = ids.slice(start, start + 100).map((id) => ({ PK: runKey(id), SK: 'H' }));
      for (const item of await readItems(this.#client, this.#table, keys, { consistent: true })) {
        const { chain, ...run } = backupRunKind.read(item);
        found.set(run.id, { run, chain });
      }
    }
    return found;
  }

  /** A page, newest first. */
  async listRuns(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly runs: readonly BackupRun[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, {
      table: this.#table,
      list: listKey,
      descending: true,
      limit,
      after,
    });
    return { runs: heads.map((head) => backupRunSchema.parse(backupRunKind.read(head))), next };
  }

  /** Writes a run over the one that was read, with what happened to it. @throws LostRace, AlsoRefused, Busy */
  async commitRun(
    before: ReadRun | null,
    run: BackupRun,
    event: { readonly type: `backupRun.${string}`; readonly data: Readonly<Record<string, unknown>> },
    alert: Raised | null,
  ): Promise<void> {
    const { version: _version, ...attributes } = run;
    await this.#committer.commit({
      entity: { kind: 'backup run', id: run.id, key: runKey(run.id), headKey: 'H' },
      head: { ...attributes, queue: listKey, queueSort: `${run.createdAt}#${run.id}`, ...backupRunKind.stamp },
      readVersion: before?.run.version ?? 0,
      readChain: before?.chain ?? '',
      event: {
        ...event,
        at: run.updatedAt,
        actor: systemActor,
        ...(alert === null ? {} : { alertId: alert.alertId }),
      },
      also: alert === null ? [] : [alert.item],
    });
  }

  async watch(id: string): Promise<ReadWatch> {
    const item = await readItem(this.#client, this.#table, { PK: watchKey(id), SK: 'H' });
    if (item === undefined) return { watch: unwatched(id), chain: '' };
    const { chain, ...watch } = watchKind.read(item);
    return { watch, chain };
  }

  /** @throws LostRace, AlsoRefused, Busy */
  async commitWatch(
    before: ReadWatch,
    watch: Watch,
    event: { readonly type: `backupWatch.${string}`; readonly data: Readonly<Record<string, unknown>> },
    alert: Raised | null,
  ): Promise<void> {
    const { version: _version, ...attributes } = watch;
    await this.#committer.commit({
      entity: { kind: 'backup watch', id: watch.id, key: watchKey(watch.id), headKey: 'H' },
      head: { ...attributes, ...watchKind.stamp },
      readVersion: before.watch.version,
      readChain: before.chain,
      event: {
        ...event,
        at: watch.updatedAt,
        actor: systemActor,
        ...(alert === null ? {} : { alertId: alert.alertId }),
      },
      also: alert === null ? [] : [alert.item],
    });
  }

  async freshness(): Promise<FreshnessOfAll | null> {
    const item = await readItem(this.#client, this.#table, freshnessKey);
    return item === undefined ? null : freshnessKind.read(item);
  }

  /** What a look has seen; the last one stands. */
  async keepFreshness(freshness: FreshnessOfAll): Promise<void> {
    await this.#client.send(
      new PutCommand({ TableName: this.#table, Item: { ...freshnessKey, ...freshness, ...freshnessKind.stamp } }),
    );
  }

  async manifestJob(): Promise<ManifestJob | null> {
    const item = await readItem(this.#client, this.#table, manifestKey);
    return item === undefined ? null : manifestJobKind.read(item);
  }

  /** Keeps the manifest's progress over exactly the version that was read (null: there is none). @throws LostRace */
  async keepManifestJob(before: ManifestJob | null, job: Omit<ManifestJob, 'version'>): Promise<ManifestJob> {
    const next = { ...job, version: (before?.version ?? 0) + 1 };
    const { dueAt, ...attributes } = next;
    const due = dueAttributes(manifestKey.PK, dueAt, 'drills');
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...manifestKey, ...attributes, ...manifestJobKind.stamp, ...due },
          ...(before === null
            ? { ConditionExpression: 'attribute_not_exists(PK)' }
            : {
                ConditionExpression: '#version = :read',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':read': before.version },
              }),
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new LostRace(manifestKey.PK, before?.version ?? 0);
      throw error;
    }
    await this.#hints.afterCommit([{ ...manifestKey, ...due }]);
    return next;
  }
}
