import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { ItemKey } from '../../platform/store/heads.ts';
import { itemKind } from '../../platform/store/item-kind.ts';
import type { Lease } from '../use-cases/lease.ts';
import { leaseKey } from './keys.ts';

export const leaseKind = itemKind(
  'lease',
  z.object({ owner: z.string(), until: z.number(), epoch: z.number(), wanted: z.string().optional() }),
);

/** The single flight of a job, of the rollup unless another key is given: one item, taken by whoever finds it free or past its end. Its epoch only ever grows. */
export class LeaseStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #forMs: number;
  readonly #key: ItemKey;

  constructor(options: { client: DynamoDBDocumentClient; table: string; clock: Clock; forMs: number; key?: ItemKey }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock;
    this.#forMs = options.forMs;
    this.#key = options.key ?? leaseKey;
  }

  /** The lease, or null when another run holds it: that run has then been asked to look once more before it ends. */
  async take(): Promise<Lease | null> {
    const now = this.#clock.now();
    const owner = randomUUID();
    const taken = await this.#update({
      UpdateExpression: 'SET #owner = :owner, #until = :until REMOVE #wanted ADD #epoch :one',
      ConditionExpression: 'attribute_not_exists(PK) OR #until <= :now',
      ExpressionAttributeValues: { ':owner': owner, ':until': now + this.#forMs, ':now': now, ':one': 1 },
    });
    if (taken !== null) return { owner, epoch: leaseKind.read(taken).epoch };
    const asked = await this.#update({
      UpdateExpression: 'SET #wanted = :owner',
      ConditionExpression: '#until > :now',
      ExpressionAttributeValues: { ':owner': owner, ':now': now },
    });
    return asked === null ? this.take() : null;
  }

  /** Gives the lease back. False when another run asked meanwhile: nothing is given back then, and there may be more to do. */
  async release({ owner }: Lease): Promise<boolean> {
    const released = await this.#update({
      UpdateExpression: 'SET #until = :past',
      ConditionExpression: '#owner = :owner AND attribute_not_exists(#wanted)',
      ExpressionAttributeValues: { ':owner': owner, ':past': 0 },
    });
    if (released !== null) return true;
    const answered = await this.#update({
      UpdateExpression: 'REMOVE #wanted',
      ConditionExpression: '#owner = :owner',
      ExpressionAttributeValues: { ':owner': owner },
    });
    return answered === null;
  }

  /** Gives the lease back whoever asked: for a run whose time is up, or that failed. */
  async abandon({ owner }: Lease): Promise<void> {
    await this.#update({
      UpdateExpression: 'SET #until = :past REMOVE #wanted',
      ConditionExpression: '#owner = :owner',
      ExpressionAttributeValues: { ':owner': owner, ':past': 0 },
    });
  }

  /** The item after the update, or null when the condition did not hold. */
  async #update(
    update: Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>,
  ): Promise<Record<string, unknown> | null> {
    const text = `${update.UpdateExpression} ${update.ConditionExpression}`;
    const names = ['owner', 'until', 'wanted', 'epoch'].filter((name) => text.includes(`#${name}`));
    try {
      const answer = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: this.#key,
          ReturnValues: 'ALL_NEW',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ...update,
        }),
      );
      return answer.Attributes ?? {};
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  }
}
