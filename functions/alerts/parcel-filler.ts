import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { type Clock, isoInstant, milliseconds } from '../platform/clock.ts';
import { dueAttributes } from '../platform/due/due-index.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { type TransactItem, transact } from '../platform/store/transact.ts';
import type { Alert } from './domain/alert.ts';
import type { Delivery } from './domain/delivery.ts';
import { floodLimit, type Parcel, type ParcelEntry } from './domain/parcel.ts';
import { deliveryKind, paceKind, parcelEntryKind, parcelKind } from './item-kinds.ts';
import { deliveryKey, paceKey, parcelEntryKey, parcelKey, parcelPartition } from './keys.ts';
import { unlessRefused } from './refused-writes.ts';
import { reopenParcel } from './reopen-parcel.ts';
import type { ParcelFilling, Place } from './use-cases/parcels.ts';

const minuteMs = 60_000;
/** A parcel that goes out this soon is asked for again: clocks differ. */
const surelyOpenMs = 5_000;

const entryOf = (alert: Alert): ParcelEntry => ({
  alertId: alert.id,
  kind: alert.kind,
  severity: alert.severity,
  ticketId: alert.ticketId,
  ticketNumber: alert.ticketNumber,
  subject: alert.subject,
  customer: alert.customerName ?? alert.customerId,
  metric: alert.metric,
  level: alert.level,
  ...(alert.repetition === undefined ? {} : { repetition: alert.repetition }),
  at: alert.at,
  claimedAt: alert.claimedAt,
});

/**
 * Puts deliveries into parcels (see keys.ts). Entry and delivery are one transaction, the parcel itself comes after: entries of
 * a burst then share no item that their transactions would fight for. What this remembers only saves calls: a minute that had
 * too many alerts stays so, and a parcel that is due later is open until then.
 */
export class ParcelFiller implements ParcelFilling {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #hints: Pick<DueHints, 'afterCommit'>;
  /** By route: the minute that had too many alerts. */
  readonly #floods = new Map<string, number>();
  /** By partition: when it is due. */
  readonly #open = new Map<string, number>();

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

  /** One call in a minute that had one before, two in the first of a minute, none once it is known that they are too many. */
  async pace(route: string): Promise<number> {
    const minute = Math.floor(this.#clock.now() / minuteMs);
    if (this.#floods.get(route) === minute) return floodLimit + 1;
    const alerts = (await this.#oneMore(route, minute)) ?? (await this.#first(route, minute));
    if (alerts > floodLimit) this.#floods.set(route, minute);
    return alerts;
  }

  place(route: string, at: number, anyTime: boolean): Place {
    return { partition: parcelPartition(route, isoInstant(at), anyTime), at, anyTime };
  }

  async add(alert: Alert, delivery: Delivery, read: Delivery | null, { partition }: Place): Promise<boolean> {
    const { PK, SK } = parcelEntryKey(partition, alert.id);
    const entry: TransactItem = {
      Put: {
        TableName: this.#table,
        Item: { PK, SK, ...entryOf(alert), ...parcelEntryKind.stamp },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    };
    const items = [this.#deliveryWrite(alert.id, delivery, read), entry];
    return (await transact(this.#client, items)) === null;
  }

  async ensure(delivery: Delivery, alert: Alert): Promise<number> {
    const { parcel: partition, notBefore } = delivery;
    if (partition === undefined || notBefore === undefined) throw new Error(`no parcel: ${delivery.route}`);
    const now = this.#clock.now();
    const known = this.#open.get(partition);
    if (known !== undefined && known > now + surelyOpenMs) return known;
    const dueAt = await this.#openOrReopen(partition, delivery, alert, now);
    if (this.#open.size > 1000) this.#open.clear();
    this.#open.set(partition, dueAt);
    return dueAt;
  }

  #deliveryWrite(alertId: string, delivery: Delivery, read: Delivery | null): TransactItem {
    const Key = deliveryKey(alertId, delivery.route);
    if (read === null) {
      return {
        Put: {
          TableName: this.#table,
          Item: { ...Key, ...delivery, ...deliveryKind.stamp },
          ConditionExpression: 'attribute_not_exists(PK)',
        },
      };
    }
    return {
      Update: {
        TableName: this.#table,
        Key,
        UpdateExpression: 'SET #state = :waiting, parcel = :parcel, notBefore = :at REMOVE claimedUntil',
        ConditionExpression: '#state = :readState AND attempts = :readAttempts AND attribute_not_exists(parcel)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: {
          ':waiting': 'waiting',
          ':parcel': delivery.parcel,
          ':at': delivery.notBefore,
          ':readState': read.state,
          ':readAttempts': read.attempts,
        },
      },
    };
  }

  async #openOrReopen(partition: string, delivery: Delivery, alert: Alert, now: number): Promise<number> {
    const { route, channel, subscriptionIds, notBefore = '' } = delivery;
    const head: Parcel = {
      route,
      channel,
      subscriptionIds,
      anyTime: !partition.endsWith('#held'),
      state: 'open',
      portion: 1,
      size: 0,
      attempts: 0,
      marked: 0,
      dueAttempts: 0,
    };
    const lane = alert.severity === 'critical' ? 'critical' : 'rest';
    const due = dueAttributes(partition, notBefore, lane);
    const Item = { ...parcelKey(partition), ...head, ...due, ...parcelKind.stamp };
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item,
          ConditionExpression: 'attribute_not_exists(PK)',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      await this.#hints.afterCommit([Item]);
      return milliseconds(notBefore);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const there = parcelKind.read(unmarshall(error.Item ?? {}));
      if (there.state !== 'closed') return there.dueAt === undefined ? now : milliseconds(there.dueAt);
    }
    await reopenParcel({ client: this.#client, table: this.#table, hints: this.#hints }, partition, now);
    return now;
  }

  async #oneMore(route: string, minute: number): Promise<number | null> {
    const answer = await unlessRefused(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: paceKey(route),
          UpdateExpression: 'ADD alerts :one',
          // A minute later than ours is the clock of somebody else: it counts there.
          ConditionExpression: '#minute >= :minute',
          ExpressionAttributeNames: { '#minute': 'minute' },
          ExpressionAttributeValues: { ':one': 1, ':minute': minute },
          ReturnValues: 'ALL_NEW',
        }),
      ),
    );
    return answer === null ? null : paceKind.read(answer.Attributes ?? {}).alerts;
  }

  async #first(route: string, minute: number): Promise<number> {
    const begun = await unlessRefused(
      this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...paceKey(route), minute, alerts: 1, ...paceKind.stamp },
          ConditionExpression: 'attribute_not_exists(PK) OR #minute < :minute',
          ExpressionAttributeNames: { '#minute': 'minute' },
          ExpressionAttributeValues: { ':minute': minute },
        }),
      ),
    );
    return begun === null ? ((await this.#oneMore(route, minute)) ?? 1) : 1;
  }
}
