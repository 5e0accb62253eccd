import { type DynamoDBDocumentClient, PutCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { type Clock, isoInstant, milliseconds } from '../platform/clock.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { type Position, queryPage } from '../platform/store/heads.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import type { Acknowledgement, Alert } from './domain/alert.ts';
import { claimMs, type Delivery, type Owner } from './domain/delivery.ts';
import { alertKind, deliveryKind } from './item-kinds.ts';
import { alertKey, deliveryKey, deliveryPrefix } from './keys.ts';
import { unlessRefused } from './refused-writes.ts';
import type { FoundAlert } from './use-cases/deliver-alert.ts';
import type { AttendPorts } from './use-cases/attend-alert.ts';

type AlertPorts = AttendPorts['alerts'];
type Change = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>;

/** Alerts and their deliveries: one partition an alert (see keys.ts). */
export class AlertStore implements AlertPorts {
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

  async find(alertId: string): Promise<FoundAlert | null> {
    const partition = { name: 'PK', value: alertKey(alertId).PK };
    const items: Record<string, unknown>[] = [];
    let after: Position | null = null;
    do {
      const page = await queryPage(this.#client, {
        table: this.#table,
        partition,
        consistent: true,
        limit: 1000,
        after,
      });
      items.push(...page.items);
      after = page.next;
    } while (after !== null);
    const head = items.find((item) => item['SK'] === 'A');
    const deliveries = items.filter((item) => String(item['SK']).startsWith(deliveryPrefix));
    return head === undefined
      ? null
      : { alert: alertKind.read(head), deliveries: deliveries.map((item) => deliveryKind.read(item)) };
  }

  async plan(alertId: string, delivery: Delivery): Promise<void> {
    const Item = { ...deliveryKey(alertId, delivery.route), ...delivery, ...deliveryKind.stamp };
    const ConditionExpression = 'attribute_not_exists(PK)';
    await unlessRefused(this.#client.send(new PutCommand({ TableName: this.#table, Item, ConditionExpression })));
  }

  /** The delivery as it is now ours, or null when it is no longer as it was read. */
  async claim(alertId: string, delivery: Delivery, owner: Owner): Promise<Delivery | null> {
    const claimed: Delivery = {
      ...delivery,
      state: 'publishing',
      owner,
      claimedUntil: this.#clock.now() + claimMs,
      attempts: delivery.attempts + 1,
    };
    const done = await this.#update(deliveryKey(alertId, delivery.route), {
      UpdateExpression: 'SET #state = :publishing, #owner = :owner, claimedUntil = :until, attempts = :attempts',
      ConditionExpression: '#state = :readState AND attempts = :readAttempts AND attribute_not_exists(parcel)',
      ExpressionAttributeNames: { '#state': 'state', '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':publishing': claimed.state,
        ':owner': owner,
        ':until': claimed.claimedUntil,
        ':attempts': claimed.attempts,
        ':readState': delivery.state,
        ':readAttempts': delivery.attempts,
      },
    });
    return done === null ? null : claimed;
  }

  /** Whoever published marks it, also when the claim has run out meanwhile: it is out. */
  async published(alertId: string, delivery: Delivery): Promise<void> {
    await this.#update(deliveryKey(alertId, delivery.route), {
      UpdateExpression: 'SET #state = :published, publishedAt = :now REMOVE claimedUntil',
      ConditionExpression: '#state <> :published',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':published': 'published', ':now': isoInstant(this.#clock.now()) },
    });
  }

  async missed(alertId: string, delivery: Delivery, error: string, state: 'waiting' | 'failed'): Promise<void> {
    await this.#update(deliveryKey(alertId, delivery.route), {
      UpdateExpression: 'SET #state = :state, lastError = :error REMOVE claimedUntil',
      ConditionExpression: '#state = :publishing AND attempts = :attempts',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': state,
        ':error': error,
        ':publishing': 'publishing',
        ':attempts': delivery.attempts,
      },
    });
  }

  async close(alertId: string, state: 'delivered' | 'failed'): Promise<void> {
    await this.#update(alertKey(alertId), {
      UpdateExpression: 'SET #state = :state, #version = #version + :one REMOVE dueShard, dueAt, dueLane',
      ConditionExpression: '#state = :raised',
      ExpressionAttributeNames: { '#state': 'state', '#version': 'version' },
      ExpressionAttributeValues: { ':state': state, ':raised': 'raised', ':one': 1 },
    });
  }

  /** Writes who takes care of an alert, for the transaction that tells its ticket; refused when somebody has said so already. */
  acknowledgement(alertId: string, acknowledgement: Acknowledgement): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: alertKey(alertId),
        UpdateExpression: 'SET acknowledgement = :acknowledgement, #version = #version + :one',
        ConditionExpression: 'attribute_exists(PK) AND attribute_not_exists(acknowledgement)',
        ExpressionAttributeNames: { '#version': 'version' },
        ExpressionAttributeValues: { ':acknowledgement': acknowledgement, ':one': 1 },
      },
    };
  }

  async postpone(alert: Alert, dueAt: number): Promise<boolean> {
    const done = await this.#update(alertKey(alert.id), {
      UpdateExpression: 'SET dueAt = :dueAt, dueAttempts = :attempts',
      ConditionExpression: '#state = :raised AND dueAt = :readDueAt',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':dueAt': isoInstant(dueAt),
        ':attempts': alert.dueAttempts + 1,
        ':raised': 'raised',
        ':readDueAt': alert.dueAt,
      },
    });
    if (done === null) return false;
    await this.#hints.afterCommit([done]);
    return true;
  }

  async wait(alert: Alert, dueAt: number): Promise<void> {
    if (alert.dueAt === undefined || milliseconds(alert.dueAt) >= dueAt) return;
    await this.#update(alertKey(alert.id), {
      UpdateExpression: 'SET dueAt = :dueAt, planned = :planned',
      ConditionExpression: '#state = :raised AND dueAt = :readDueAt',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':dueAt': isoInstant(dueAt),
        ':planned': true,
        ':raised': 'raised',
        ':readDueAt': alert.dueAt,
      },
    });
  }

  /** The item as it is now, or null when the condition did not hold. */
  async #update(Key: Record<string, string>, change: Change): Promise<Record<string, unknown> | null> {
    const command = new UpdateCommand({ TableName: this.#table, Key, ...change, ReturnValues: 'ALL_NEW' });
    const answer = await unlessRefused(this.#client.send(command));
    return answer === null ? null : (answer.Attributes ?? {});
  }
}
