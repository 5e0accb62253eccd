import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Clock, isoInstant } from '../platform/clock.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { packIds, unpackIds } from '../platform/packed-ids.ts';
import { readItem } from '../platform/store/heads.ts';
import { queryAll } from '../platform/store/query-all.ts';
import type { ParcelEntry } from './domain/parcel.ts';
import { parcelEntryKind, parcelKind, parcelSealKind } from './item-kinds.ts';
import { deliveryKey, parcelEntryPrefix, parcelKey, parcelSealKey, parcelSealPrefix } from './keys.ts';
import { unlessRefused } from './refused-writes.ts';
import { reopenParcel } from './reopen-parcel.ts';
import type { FoundParcel, ParcelSending } from './use-cases/parcels.ts';

interface Range {
  readonly from: string;
  readonly to: string;
}
const allEntries: Range = { from: parcelEntryPrefix, to: `${parcelEntryPrefix}~` };
const allSeals: Range = { from: parcelSealPrefix, to: `${parcelSealPrefix}~` };

const namedBy = (seal: Record<string, unknown>): readonly string[] =>
  unpackIds('alt', parcelSealKind.read(seal).alertIds);

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
    const items = await queryAll(this.#client, this.#range(partition, allEntries));
    return items.map((item) => parcelEntryKind.read(item));
  }

  async namedBefore(partition: string, portion: number): Promise<ReadonlySet<string>> {
    if (portion === 1) return new Set();
    const last = parcelSealKey(partition, portion - 1).SK;
    return this.#named(partition, { from: parcelSealPrefix, to: last });
  }

  async seal({ partition, parcel }: FoundParcel, alertIds: readonly string[]): Promise<readonly string[]> {
    const { portion } = parcel;
    const seal = { portion, alertIds: packIds('alt', alertIds) };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...parcelSealKey(partition, portion), ...seal, ...parcelSealKind.stamp },
          ConditionExpression: 'attribute_not_exists(PK)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return alertIds;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return namedBy(unmarshall(error.Item ?? {}));
    }
  }

  async sealed({ partition, parcel }: FoundParcel): Promise<readonly string[]> {
    return namedBy((await readItem(this.#client, this.#table, parcelSealKey(partition, parcel.portion))) ?? {});
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

  async wait(found: FoundParcel, dueAt: number, marked = found.parcel.marked): Promise<void> {
    const attributes = await this.#update(found, {
      UpdateExpression: 'SET dueAt = :dueAt, dueAttempts = :none, marked = :marked',
      ConditionExpression: 'dueAt = :readDueAt AND portion = :readPortion',
      ExpressionAttributeValues: {
        ':dueAt': isoInstant(dueAt),
        ':none': 0,
        ':marked': marked,
        ':readDueAt': found.parcel.dueAt,
        ':readPortion': found.parcel.portion,
      },
    });
    if (attributes !== null) await this.#hints.afterCommit([attributes]);
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
    alertId: string,
    { state, summaryId, lastError }: Parameters<ParcelSending['mark']>[2],
  ): Promise<void> {
    const sets = [
      '#state = :state, attempts = :attempts',
      ...(state === 'failed' ? [] : ['publishedAt = :now']),
      ...(state === 'summarised' ? ['summaryId = :summary'] : []),
      ...(lastError === null ? [] : ['lastError = :error']),
    ];
    const command = new UpdateCommand({
      TableName: this.#table,
      Key: deliveryKey(alertId, parcel.route),
      UpdateExpression: `SET ${sets.join(', ')}`,
      // What is no longer waiting was marked by somebody else, and stays as it is.
      ConditionExpression: '#state = :waiting AND parcel = :parcel',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': state,
        ':attempts': parcel.attempts,
        ':waiting': 'waiting',
        ':parcel': partition,
        ...(state === 'failed' ? {} : { ':now': isoInstant(this.#clock.now()) }),
        ...(state === 'summarised' ? { ':summary': summaryId } : {}),
        ...(lastError === null ? {} : { ':error': lastError }),
      },
    });
    await unlessRefused(this.#client.send(command));
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

  async anyLeft(partition: string): Promise<boolean> {
    const entries = await queryAll(this.#client, { ...this.#range(partition, allEntries), only: ['SK'] });
    // After the entries: a seal that comes meanwhile is of another portion, and what it names is in that.
    const named = await this.#named(partition, allSeals);
    return entries.some(({ SK }) => !named.has(String(SK).slice(parcelEntryPrefix.length)));
  }

  async reopen(partition: string): Promise<void> {
    const to = { client: this.#client, table: this.#table, hints: this.#hints };
    await reopenParcel(to, partition, this.#clock.now());
  }

  #range(partition: string, range: Range) {
    return { table: this.#table, partition, range, consistent: true };
  }

  async #named(partition: string, range: Range): Promise<ReadonlySet<string>> {
    return new Set((await queryAll(this.#client, this.#range(partition, range))).flatMap(namedBy));
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
