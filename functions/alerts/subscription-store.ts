import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../platform/actor.ts';
import { AlsoRefused, type Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { readItem } from '../platform/store/heads.ts';
import type { Channel, Endpoint, Subscription, SubscriptionWishes } from './domain/subscription.ts';
import { endpointKind, rosterEntryKind, subscriptionKind } from './item-kinds.ts';
import { endpointKey, rosterKey, subscriptionKey } from './keys.ts';
import { EndpointMoved, type Subscriptions } from './use-cases/endpoints.ts';

/** Subscriptions made by the API (see keys.ts). Nothing is ever deleted: what is gone stays behind without its address. */
export class SubscriptionStore implements Subscriptions {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async find(id: string): Promise<Subscription | null> {
    const item = await readItem(this.#client, this.#table, subscriptionKey(id));
    if (item === undefined) return null;
    const { chain: _chain, secret: _secret, ...subscription } = subscriptionKind.read(item);
    return subscription;
  }

  async endpoint(channel: Channel, target: string): Promise<Endpoint | null> {
    const item = await readItem(this.#client, this.#table, endpointKey(channel, target));
    return item === undefined ? null : endpointKind.read(item);
  }

  async create(
    subscription: Subscription,
    endpoint: { readonly read: Endpoint | null; readonly arn: string } | null,
    options: { readonly actor: Actor; readonly once: TransactItem | undefined; readonly secret: string | null },
  ): Promise<void> {
    const { id, channel, target, filter, createdAt } = subscription;
    const { secret } = options;
    await this.#change(subscription, {
      head: { ...subscription, ...(secret === null ? {} : { secret }), ...subscriptionKind.stamp },
      readVersion: 0,
      readChain: '',
      event: {
        type: 'alertSubscription.created',
        at: createdAt,
        actor: options.actor,
        data: { id, channel, target, filter },
      },
      roster: { ...subscription },
      endpoint:
        endpoint === null
          ? null
          : {
              read: endpoint.read,
              next: { arn: endpoint.arn, ids: [...(endpoint.read?.ids ?? []), id], endingSince: null },
            },
      once: options.once,
    });
  }

  async change(
    subscription: Subscription,
    wishes: Partial<SubscriptionWishes>,
    options: { readonly actor: Actor; readonly at: string },
  ): Promise<Subscription> {
    const { id } = subscription;
    const { chain, ...stored } = subscriptionKind.read(
      (await readItem(this.#client, this.#table, subscriptionKey(id))) ?? {},
    );
    const next = { ...subscription, ...wishes, version: subscription.version + 1 };
    await this.#change(subscription, {
      head: { ...stored, ...wishes, ...subscriptionKind.stamp },
      readVersion: subscription.version,
      readChain: chain,
      event: { type: 'alertSubscription.changed', at: options.at, actor: options.actor, data: { id, ...wishes } },
      roster: { ...next },
      endpoint: null,
      once: undefined,
    });
    return next;
  }

  async remove(
    subscription: Subscription,
    endpoint: { readonly read: Endpoint; readonly endingSince: string | null } | null,
    options: { readonly actor: Actor; readonly at: string },
  ): Promise<void> {
    const item = subscriptionKind.read(
      (await readItem(this.#client, this.#table, subscriptionKey(subscription.id))) ?? {},
    );
    await this.#change(subscription, {
      head: { ...subscription, target: '', state: 'deleted', ...subscriptionKind.stamp },
      readVersion: subscription.version,
      readChain: item.chain,
      event: { type: 'alertSubscription.deleted', at: options.at, actor: options.actor, data: { id: subscription.id } },
      roster: { gone: true },
      endpoint:
        endpoint === null
          ? null
          : {
              read: endpoint.read,
              next: {
                arn: endpoint.read.arn,
                ids: endpoint.read.ids.filter((one) => one !== subscription.id),
                endingSince: endpoint.endingSince,
              },
            },
      once: undefined,
    });
  }

  async ended(channel: Channel, target: string, read: Endpoint): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: endpointKey(channel, target),
          UpdateExpression: 'SET endingSince = :null, #version = #version + :one',
          ConditionExpression: '#version = :read',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':null': null, ':one': 1, ':read': read.version },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async #change(
    { id, channel, target }: Subscription,
    change: Pick<Parameters<Committer['commit']>[0], 'head' | 'readVersion' | 'readChain' | 'event' | 'once'> & {
      readonly roster: Readonly<Record<string, unknown>>;
      /** Null for what does not go by SNS, and for changes that do not touch the address. */
      readonly endpoint: { readonly read: Endpoint | null; readonly next: Omit<Endpoint, 'version'> } | null;
    },
  ): Promise<void> {
    const { roster: rosterItem, endpoint, ...rest } = change;
    const key = subscriptionKey(id);
    try {
      await this.#committer.commit({
        ...rest,
        entity: { kind: 'alertSubscription', id, key: key.PK, headKey: key.SK },
        also: [
          ...(endpoint === null ? [] : [this.#endpointWrite(channel, target, endpoint)]),
          { Put: { TableName: this.#table, Item: { ...rosterKey(id), ...rosterItem, ...rosterEntryKind.stamp } } },
        ],
      });
    } catch (error) {
      if (error instanceof AlsoRefused) throw new EndpointMoved(`the endpoint of ${id} was changed meanwhile`);
      throw error;
    }
  }

  #endpointWrite(
    channel: Channel,
    target: string,
    { read, next }: { readonly read: Endpoint | null; readonly next: Omit<Endpoint, 'version'> },
  ): TransactItem {
    const version = read?.version ?? 0;
    return {
      Put: {
        TableName: this.#table,
        Item: { ...endpointKey(channel, target), ...next, version: version + 1, ...endpointKind.stamp },
        ConditionExpression: version === 0 ? 'attribute_not_exists(PK)' : '#version = :read',
        ...(version === 0
          ? {}
          : {
              ExpressionAttributeNames: { '#version': 'version' },
              ExpressionAttributeValues: { ':read': version },
            }),
      },
    };
  }
}
