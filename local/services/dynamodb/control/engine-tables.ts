import * as z from 'zod';
import type { EngineCalls } from '../engine-calls.ts';
import { ServiceError } from '../../service-error.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.string() }));
const index = z.looseObject({
  IndexName: z.string(),
  KeySchema: keySchema,
  Projection: z.looseObject({ ProjectionType: z.string().optional() }),
});
const description = z.looseObject({
  TableName: z.string(),
  KeySchema: keySchema,
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.string() })),
  GlobalSecondaryIndexes: z.array(index).default([]),
  StreamSpecification: z.looseObject({ StreamEnabled: z.boolean(), StreamViewType: z.string().optional() }).optional(),
  LatestStreamLabel: z.string().optional(),
  CreationDateTime: z.number().optional(),
});
export type EngineDescription = z.output<typeof description>;

/** What makes a table of the same keys and indexes. */
export const tableDefinition = z.object({
  KeySchema: keySchema,
  AttributeDefinitions: description.shape.AttributeDefinitions,
  GlobalSecondaryIndexes: z.array(
    z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: z.record(z.string(), z.unknown()) }),
  ),
});
export type TableDefinition = z.output<typeof tableDefinition>;

export const definitionOf = (table: EngineDescription): TableDefinition => ({
  KeySchema: table.KeySchema,
  AttributeDefinitions: table.AttributeDefinitions,
  GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
    IndexName,
    KeySchema,
    Projection,
  })),
});

const tableNames = z.object({ TableNames: z.array(z.string()), LastEvaluatedTableName: z.string().optional() });

const writersAtOnce = 4;

/** Tables as the engine has them. */
export class EngineTables {
  readonly #calls: EngineCalls;

  constructor(calls: EngineCalls) {
    this.#calls = calls;
  }

  /** Null when there is no such table. */
  async find(TableName: string): Promise<EngineDescription | null> {
    const answer = await this.#calls.tryCall('DescribeTable', { TableName });
    return answer === null ? null : z.object({ Table: description }).parse(answer).Table;
  }

  /** @throws ServiceError in the words of DynamoDB when there is no such table. */
  async get(TableName: string): Promise<EngineDescription> {
    const found = await this.find(TableName);
    if (found !== null) return found;
    throw new ServiceError('ResourceNotFoundException', `Requested resource not found: Table: ${TableName} not found`);
  }

  async create(TableName: string, definition: TableDefinition): Promise<void> {
    const { GlobalSecondaryIndexes, ...keys } = definition;
    await this.#calls.call('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      ...keys,
      ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
    });
  }

  async update(TableName: string, change: object): Promise<void> {
    await this.#calls.call('UpdateTable', { TableName, ...change });
  }

  async remove(TableName: string): Promise<void> {
    if ((await this.find(TableName)) !== null) await this.#calls.call('DeleteTable', { TableName });
  }

  /** Puts items that are JSON already. */
  async fill(TableName: string, items: readonly string[]): Promise<void> {
    const puts = items.map((item) => ({ PutRequest: { Item: JSON.parse(item) } }));
    const share = Math.ceil(puts.length / writersAtOnce);
    const shares = Array.from({ length: writersAtOnce }, (_, index) => puts.slice(index * share, (index + 1) * share));
    await Promise.all(shares.map((part) => this.#calls.write(TableName, part)));
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    let ExclusiveStartTableName: string | undefined;
    do {
      const page = tableNames.parse(await this.#calls.call('ListTables', { ExclusiveStartTableName }));
      names.push(...page.TableNames);
      ExclusiveStartTableName = page.LastEvaluatedTableName;
    } while (ExclusiveStartTableName !== undefined);
    return names;
  }
}
