import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type Clock, isoInstant } from '../platform/clock.ts';
import type { DueHints } from '../platform/due/hints.ts';
import type { TransactItem } from '../platform/store/commit.ts';
import { readItem } from '../platform/store/heads.ts';
import { queryAll } from '../platform/store/query-all.ts';
import type { ParcelEntry } from './domain/parcel.ts';
import { parcelEntryKind, parcelKind } from './item-kinds.ts';
import { deliveryKey, parcelEntryKey, parcelEntryPrefix, parcelKey } from './keys.ts';
import { transacted, unlessRefused } from './refused-writes.ts';
import { reopenParcel } from './reopen-parcel.ts';
import type { FoundParcel, ParcelSending } from './use-cases/parcels.ts';

/** Items of one transaction: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const transactionSize = 100;
/** Transactions under way at once. */
const width = 4;

const chunks = <One>(all: readonly One[], size: number): readonly (readonly One[])[] =>
  Array.from({ length: Math.ceil(all.length / size) }, (_unused, index) => all.slice(index * size, (index + 1) * size));

type Update = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Takes parcels through their states (see `attendParcel`): every write holds only over what was read. */
export class ParcelSender implements ParcelSending {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #hints: Pick<DueHints, 'afterCommit'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    clock: Clock;
    hints: Pick<DueHints, 'afterCommit'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock;
    this.#hints = options.hints;
  }

  async find(partition: string): Promise<FoundParcel | null> {
    const item = await readItem(this.#client, this.#table, parcelKey(partition));
    return item === undefined ? null : { partition, parcel: parcelKind.read(item) };
  }

  async entries(partition: string): Promise<readonly ParcelEntry[]> {
    const range = { from: parcelEntryPrefix, to: `${parcelEntryPrefix}~` };
    const items = await queryAll(this.#client, { table: this.#table, partition, range, consistent: true });
    return items.map((item) => parcelEntryKind.read(item));
  }

  async take(found: FoundParcel, dueAt: number): Promise<FoundParcel | null> {
    const attributes = await this.#update(found, {
      UpdateExpression: 'SET dueAt = :dueAt, dueAttempts = :looks',
      ConditionExpression: 'dueAt = :readDueAt',
      ExpressionAttributeValues: {
        ':dueAt': isoInstant(dueAt),
        ':looks': found.parcel.dueAttempts + 1,
        ':readDueAt': found.parcel.dueAt,
      },
    });
    return attributes === null ? null : { partition: found.partition, parcel: parcelKind.read(attributes) };
  }

  async wait(found: FoundParcel, dueAt: number): Promise<void> {
    const attributes = await this.#update(found, {
      UpdateExpression: 'SET dueAt = :dueAt, dueAttempts = :none',
      ConditionExpression: 'dueAt = :readDueAt',
      ExpressionAttributeValues: { ':dueAt': isoInstant(dueAt), ':none': 0, ':readDueAt': found.parcel.dueAt },
    });
    if (attributes !== null) await this.#hints.afterCommit([attributes]);
  }

  async stamp(partition: string, portion: number, entries: readonly ParcelEntry[]): Promise<void> {
    const writes = entries.map(({ alertId }) => this.#entryUpdate(partition, alertId, 'SET portion = :value', portion));
    await this.#inTransactions(chunks(writes, transactionSize));
  }

  async change(found: FoundParcel, to: Parameters<ParcelSending['change']>[1]): Promise<FoundParcel> {
    const names = Object.keys(to);
    const attributes = await this.#update(found, {
      UpdateExpression: `SET ${names.map((name) => `#${name} = :${name}`).join(', ')}`,
      ConditionExpression: 'dueAt = :readDueAt AND portion = :readPortion',
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(Object.entries(to).map(([name, value]) => [`:${name}`, value])),
        ':readDueAt': found.parcel.dueAt,
        ':readPortion': found.parcel.portion,
      },
    });
    if (attributes === null) throw new ParcelTaken('somebody else has the parcel');
    return { partition: found.partition, parcel: parcelKind.read(attributes) };
  }

  async mark(
    { partition, parcel }: FoundParcel,
    entries: readonly ParcelEntry[],
    how: Parameters<ParcelSending['mark']>[2],
  ): Promise<void> {
    const now = isoInstant(this.#clock.now());
    const pairs = entries.map(({ alertId }) => [
      this.#deliveryMark(alertId, parcel.route, partition, { ...how, attempts: parcel.attempts, now }),
      this.#entryUpdate(partition, alertId, 'SET doneAt = :value', now),
    ]);
    for (const some of chunks(pairs, transactionSize / 2)) {
      if (await this.#transact(some.flat())) continue;
      // Something of these was marked by somebody else: one by one, and what is no longer waiting stays as it is.
      for (const pair of some) {
        if (!(await this.#transact(pair))) await this.#transact(pair.slice(1));
      }
    }
  }

  async close(found: FoundParcel): Promise<void> {
    await this.#update(found, {
      UpdateExpression: 'SET #state = :closed REMOVE dueShard, dueAt, dueLane',
      ConditionExpression: 'dueAt = :readDueAt AND portion = :readPortion',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':closed': 'closed',
        ':readDueAt': found.parcel.dueAt,
        ':readPortion': found.parcel.portion,
      },
    });
  }

  async reopen(partition: string): Promise<void> {
    const to = { client: this.#client, table: this.#table, hints: this.#hints };
    await reopenParcel(to, partition, this.#clock.now());
  }

  #entryUpdate(partition: string, alertId: string, expression: string, value: string | number): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: parcelEntryKey(partition, alertId),
        UpdateExpression: expression,
        ConditionExpression: 'attribute_exists(PK)',
        ExpressionAttributeValues: { ':value': value },
      },
    };
  }

  #deliveryMark(
    alertId: string,
    route: string,
    partition: string,
    how: Parameters<ParcelSending['mark']>[2] & { readonly attempts: number; readonly now: string },
  ): TransactItem {
    const { state, summaryId, lastError, attempts, now } = how;
    const sets = [
      '#state = :state, attempts = :attempts',
      ...(state === 'failed' ? [] : ['publishedAt = :now']),
      ...(state === 'summarised' ? ['summaryId = :summary'] : []),
      ...(lastError === null ? [] : ['lastError = :error']),
    ];
    return {
      Update: {
        TableName: this.#table,
        Key: deliveryKey(alertId, route),
        UpdateExpression: `SET ${sets.join(', ')}`,
        ConditionExpression: '#state = :waiting AND parcel = :parcel',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':state': state,
          ':attempts': attempts,
          ':waiting': 'waiting',
          ':parcel': partition,
          ...(state === 'failed' ? {} : { ':now': now }),
          ...(state === 'summarised' ? { ':summary': summaryId } : {}),
          ...(lastError === null ? {} : { ':error': lastError }),
        },
      },
    };
  }

  async #inTransactions(all: readonly (readonly TransactItem[])[]): Promise<void> {
    for (const some of chunks(all, width)) await Promise.all(some.map((items) => this.#transact(items)));
  }

  #transact(items: readonly TransactItem[]): Promise<boolean> {
    return transacted(() => this.#client.send(new TransactWriteCommand({ TransactItems: [...items] })));
  }

  async #update({ partition }: FoundParcel, update: Update): Promise<Record<string, unknown> | null> {
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: parcelKey(partition),
      ...update,
      ReturnValues: 'ALL_NEW',
    });
    const answer = await unlessRefused(this.#client.send(command));
    return answer === null ? null : (answer.Attributes ?? {});
  }
}

/** Whoever holds the parcel goes on with it. */
class ParcelTaken extends Error {
  override readonly name = 'ParcelTaken';
}
