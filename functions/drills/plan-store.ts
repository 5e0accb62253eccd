import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../platform/actor.ts';
import { dueAttributes } from '../platform/due/due-index.ts';
import type { Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, readItem } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { type DrillPlan, planAttentionAt, planSchema } from './domain/plan.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | drill plan | `DPL#<id>` / `H` | by id; its events beside it; due at its next instant, or when its drill is looked after |
 * | list | index `queue`: `L#drill-plan` / `<name>#<id>` | page by name |
 */
const listKey = 'L#drill-plan';
export const planKey = (id: string): string => `DPL#${id}`;

export const planKind = itemKind('drill plan', planSchema.extend({ chain: z.string() }));

export interface ReadPlan {
  readonly plan: DrillPlan;
  readonly chain: string;
}

export interface PlanChange {
  readonly event: {
    readonly type: `drillPlan.${string}`;
    readonly at: string;
    readonly actor: Actor;
    readonly data: Readonly<Record<string, unknown>>;
  };
  readonly alert?: { readonly alertId: string; readonly item: TransactItem } | null;
  readonly once?: TransactItem | undefined;
}

export class PlanStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async find(id: string): Promise<ReadPlan | null> {
    const item = await readItem(this.#client, this.#table, { PK: planKey(id), SK: 'H' });
    if (item === undefined) return null;
    const { chain, ...plan } = planKind.read(item);
    return { plan, chain };
  }

  /** A page by name, archived ones included. */
  async list(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly plans: readonly DrillPlan[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, { table: this.#table, list: listKey, limit, after });
    return { plans: heads.map((head) => planSchema.parse(planKind.read(head))), next };
  }

  /** Writes a plan over the one that was read (null: it is new), with its event. @throws LostRace, AlreadyRecorded, AlsoRefused, Busy */
  async commit(before: ReadPlan | null, plan: DrillPlan, { event, alert, once }: PlanChange): Promise<ReadPlan> {
    const { version: _version, ...attributes } = plan;
    const { version, chain } = await this.#committer.commit({
      entity: { kind: 'drill plan', id: plan.id, key: planKey(plan.id), headKey: 'H' },
      head: {
        ...attributes,
        queue: listKey,
        queueSort: `${plan.name}#${plan.id}`,
        ...planKind.stamp,
        ...dueAttributes(planKey(plan.id), planAttentionAt(plan), 'drills'),
      },
      readVersion: before?.plan.version ?? 0,
      readChain: before?.chain ?? '',
      event: { ...event, ...(alert == null ? {} : { alertId: alert.alertId }) },
      also: alert == null ? [] : [alert.item],
      once,
    });
    return { plan: { ...plan, version }, chain };
  }

  /** Moves the next attention of a plan, which is no change of it; nothing when it was changed meanwhile. */
  async postpone({ id, version }: DrillPlan, to: string): Promise<void> {
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { PK: planKey(id), SK: 'H' },
          UpdateExpression: 'SET dueAt = :to',
          ConditionExpression: '#version = :version AND attribute_exists(dueAt)',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':to': to, ':version': version },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }
}
