import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import { readItem } from '../../platform/store/heads.ts';
import { itemKind } from '../../platform/store/item-kind.ts';
import { transact } from '../../platform/store/transact.ts';
import type { Heartbeat } from '../../platform/stream/heartbeat.ts';
import type { RecountJob } from '../use-cases/recount-job.ts';
import { seenHeartbeatKey } from './keys.ts';
import type { RecountStore } from './recount-store.ts';

export const seenHeartbeatKind = itemKind('seen heartbeat', z.object({ beat: z.number(), at: z.string() }));

/** The last heartbeat that came through the stream: one item, moved on by one write unit a minute. */
export class HeartbeatStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #jobs: RecountStore;

  constructor(options: { client: DynamoDBDocumentClient; table: string; jobs: RecountStore }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#jobs = options.jobs;
  }

  async lastAt(): Promise<string | null> {
    const item = await readItem(this.#client, this.#table, seenHeartbeatKey);
    return item === undefined ? null : seenHeartbeatKind.read(item).at;
  }

  /** Moves on from the heartbeat just before it. Else nothing is written, and answered is what was seen last; null for nothing. */
  async follow(heartbeat: Heartbeat): Promise<{ readonly followed: boolean; readonly last: Heartbeat | null }> {
    try {
      await this.#client.send(new UpdateCommand(this.#update(heartbeat, heartbeat.beat - 1)));
      return { followed: true, last: null };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const last = error.Item === undefined ? null : seenHeartbeatKind.read(unmarshall(error.Item));
      return { followed: false, last };
    }
  }

  /** Moves on from what was seen last, and starts the recount of what lies between in the same moment. False when another did. */
  async jump(last: Heartbeat | null, heartbeat: Heartbeat, job: RecountJob | null): Promise<boolean> {
    const items = job === null ? [] : this.#jobs.startItems(job);
    const Update = this.#update(heartbeat, last?.beat ?? null);
    return (await transact(this.#client, [{ Update }, ...items])) === null;
  }

  #update({ beat, at }: Heartbeat, over: number | null) {
    return {
      TableName: this.#table,
      Key: seenHeartbeatKey,
      UpdateExpression: 'SET #beat = :beat, #at = :at',
      ConditionExpression: over === null ? 'attribute_not_exists(PK)' : '#beat = :over',
      ExpressionAttributeNames: { '#beat': 'beat', '#at': 'at' },
      ExpressionAttributeValues: { ':beat': beat, ':at': at, ...(over === null ? {} : { ':over': over }) },
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
  }
}
