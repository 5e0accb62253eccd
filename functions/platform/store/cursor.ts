import { GetCommand, PutCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';
import { ValidationFailed } from '../errors.ts';
import { itemKind } from './item-kind.ts';

const keyItem = { PK: 'SYS#cursor-key', SK: 'K' };
export const cursorKeyKind = itemKind('cursor key', z.object({ secret: z.string() }));

/**
 * Signs page cursors. The key is an item of the operations table, made by whoever needs it first: no secret in an
 * environment, none to rotate by hand. A cursor also carries the scope it was made for (route, filters, caller's customer),
 * so that it cannot be carried over to another list.
 */
export class Cursors {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  #secret: Promise<string> | null = null;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  async seal(scope: unknown, position: unknown): Promise<string> {
    const payload = Buffer.from(JSON.stringify(position)).toString('base64url');
    return `${payload}.${await this.#sign(scope, payload)}`;
  }

  /** @throws ValidationFailed when the cursor is not ours, was altered, or belongs to another list. */
  async open<Schema extends z.ZodType>(scope: unknown, cursor: string, schema: Schema): Promise<z.output<Schema>> {
    const [payload = '', signature = '', ...more] = cursor.split('.');
    const expected = Buffer.from(await this.#sign(scope, payload));
    const given = Buffer.from(signature);
    const genuine = more.length === 0 && expected.length === given.length && timingSafeEqual(expected, given);
    const parsed = genuine ? schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))) : null;
    if (parsed?.success !== true) {
      throw new ValidationFailed([
        { path: 'cursor', message: 'is not a cursor of this list with these filters; begin again without it' },
      ]);
    }
    return parsed.data;
  }

  async #sign(scope: unknown, payload: string): Promise<string> {
    this.#secret ??= this.#loadSecret().catch((error: unknown) => {
      this.#secret = null;
      throw error;
    });
    return createHmac('sha256', await this.#secret)
      .update(JSON.stringify(scope))
      .update(payload)
      .digest('base64url')
      .slice(0, 22);
  }

  async #loadSecret(): Promise<string> {
    const found = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyItem, ConsistentRead: true }),
    );
    if (found.Item !== undefined) return cursorKeyKind.read(found.Item).secret;
    const secret = randomBytes(32).toString('base64url');
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...keyItem, secret, ...cursorKeyKind.stamp },
          ConditionExpression: 'attribute_not_exists(PK)',
        }),
      );
      return secret;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return this.#loadSecret();
      throw error;
    }
  }
}
