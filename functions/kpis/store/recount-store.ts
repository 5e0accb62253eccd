import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AlreadyRecorded } from '../../platform/store/commit.ts';
import { type TransactItem, transact } from '../../platform/store/transact.ts';
import { type Position, queryPage } from '../../platform/store/heads.ts';
import { itemKind } from '../../platform/store/item-kind.ts';
import { milliseconds } from '../../platform/clock.ts';
import { type Lease, LeaseLost } from '../use-cases/lease.ts';
import { type RecountJob, recountJobSchema } from '../use-cases/recount-job.ts';
import { openRecounts, recounts } from './keys.ts';

export const recountKind = itemKind('recount', recountJobSchema);
export const openRecountKind = itemKind('open recount', z.object({ jobId: z.string() }));

/** Recounts, and what of them is not done: a slot for each, so that nothing is asked for twice and the rest need not be looked at. */
export class RecountStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  async open(): Promise<RecountJob | null> {
    const { items } = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: openRecounts },
      consistent: true,
      limit: 1,
    });
    return items[0] === undefined ? null : this.find(openRecountKind.read(items[0]).jobId);
  }

  async find(id: string): Promise<RecountJob | null> {
    const { items } = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: recounts },
      sort: { name: 'SK', from: id, to: id },
      consistent: true,
      limit: 1,
    });
    return items[0] === undefined ? null : recountKind.read(items[0]);
  }

  /** The newest first. */
  async list(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly jobs: readonly RecountJob[]; readonly next: Position | null }> {
    const page = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: recounts },
      descending: true,
      limit,
      after,
    });
    return { jobs: page.items.map((item) => recountKind.read(item)), next: page.next };
  }

  /** What makes a new job be there and its slot taken, for a transaction. */
  startItems(job: RecountJob): TransactItem[] {
    const ConditionExpression = 'attribute_not_exists(PK)';
    const slot = { PK: openRecounts, SK: job.slot, jobId: job.id, ...openRecountKind.stamp };
    return [
      { Put: { TableName: this.#table, Item: slot, ConditionExpression } },
      { Put: { TableName: this.#table, Item: this.#item(job, 0), ConditionExpression } },
    ];
  }

  /** False when the slot is taken. @throws AlreadyRecorded when the Idempotency-Key was used meanwhile. */
  async start(job: RecountJob, once?: TransactItem): Promise<boolean> {
    const items = [...this.startItems(job), ...(once === undefined ? [] : [once])];
    const refused = await transact(this.#client, items);
    if (refused?.[2] === true) throw new AlreadyRecorded();
    return refused === null;
  }

  async save(job: RecountJob, lease: Lease): Promise<void> {
    try {
      await this.#client.send(new PutCommand(this.#put(job, lease)));
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new LeaseLost();
      throw error;
    }
  }

  /** Saves it, and gives its slot free in the same moment. */
  async finish(job: RecountJob, lease: Lease): Promise<void> {
    const Key = { PK: openRecounts, SK: job.slot };
    const refused = await transact(this.#client, [
      { Put: this.#put(job, lease) },
      { Delete: { TableName: this.#table, Key } },
    ]);
    if (refused !== null) throw new LeaseLost();
  }

  /** Looks at the last hundred: a period that begins before those knows no number, which only makes more be examined. */
  async numberedBefore(at: number): Promise<number> {
    const { jobs } = await this.list(100, null);
    return jobs.find(({ startedAt }) => startedAt !== null && milliseconds(startedAt) <= at)?.numbered ?? 0;
  }

  #item(job: RecountJob, epoch: number): Record<string, unknown> {
    return { ...job, PK: recounts, SK: job.id, epoch, ...recountKind.stamp };
  }

  #put(job: RecountJob, { epoch }: Lease) {
    return {
      TableName: this.#table,
      Item: this.#item(job, epoch),
      ConditionExpression: '#epoch <= :epoch',
      ExpressionAttributeNames: { '#epoch': 'epoch' },
      ExpressionAttributeValues: { ':epoch': epoch },
    };
  }
}
