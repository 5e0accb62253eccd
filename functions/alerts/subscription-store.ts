import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../platform/actor.ts';
import { AlsoRefused, type Committer, type TransactItem } from '../platform/store/commit.ts';
import { readItem } from '../platform/store/heads.ts';
import type { Channel, Endpoint, Subscription } from './domain/subscription.ts';
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
    const { chain: _chain, ...subscription } = subscriptionKind.read(item);
    return subscription;
  }

  async endpoint(channel: Channel, target: string): Promise<Endpoint | null> {
    const item = await readItem(this.#client, this.#table, endpointKey(channel, target));
    return item === undefined ? null : endpointKind.read(item);
  }

  async create(
    subscription: Subscription,
    { read, arn }: { readonly read: Endpoint | null; readonly arn: string },
    options: { readonly actor: Actor; readonly once: TransactItem | undefined },
  ): Promise<void> {
    const { id, channel, target, filter, createdAt } = subscription;
    const ids = [...(read?.ids ?? []), id];
    await this.#change(subscription, {
      head: { ...subscription, ...subscriptionKind.stamp },
      readVersion: 0,
      readChain: '',
      event: {
        type: 'alertSubscription.created',
        at: createdAt,
        actor: options.actor,
        data: { id, channel, target, filter },
      },
      roster: { ...subscription },
      endpoint: { read, next: { arn, ids, endingSince: null } },
      once: options.once,
    });
  }

  async remove(
    subscription: Subscription,
    { read, endingSince }: { readonly read: Endpoint; readonly endingSince: string | null },
    options: { readonly actor: Actor; readonly at: string },
  ): Promise<void> {
    const item = subscriptionKind.read(
      (await readItem(this.#client, this.#table, subscriptionKey(subscription.id))) ?? {},
    );
    const ids = read.ids.filter((one) => one !== subscription.id);
    await this.#change(subscription, {
      head: { ...subscription, target: '', state: 'deleted', ...subscriptionKind.stamp },
      readVersion: subscription.version,
      readChain: item.chain,
      event: { type: 'alertSubscription.deleted', at: options.at, actor: options.actor, data: { id: subscription.id } },
      roster: { gone: true },
      endpoint: { read, next: { arn: read.arn, ids, endingSince } },
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
      readonly endpoint: { readonly read: Endpoint | null; readonly next: Omit<Endpoint, 'version'> };
    },
  ): Promise<void> {
    const { roster: rosterItem, endpoint, ...rest } = change;
    const version = endpoint.read?.version ?? 0;
    const key = subscriptionKey(id);
    try {
      await this.#committer.commit({
        ...rest,
        entity: { kind: 'alertSubscription', id, key: key.PK, headKey: key.SK },
        also: [
          {
            Put: {
              TableName: this.#table,
              Item: { ...endpointKey(channel, target), ...endpoint.next, version: version + 1, ...endpointKind.stamp },
              ConditionExpression: version === 0 ? 'attribute_not_exists(PK)' : '#version = :read',
              ...(version === 0
                ? {}
                : {
                    ExpressionAttributeNames: { '#version': 'version' },
                    ExpressionAttributeValues: { ':read': version },
                  }),
            },
          },
          { Put: { TableName: this.#table, Item: { ...rosterKey(id), ...rosterItem, ...rosterEntryKind.stamp } } },
        ],
      });
    } catch (error) {
      if (error instanceof AlsoRefused) throw new EndpointMoved(`the endpoint of ${id} was changed meanwhile`);
      throw error;
    }
  }
}
