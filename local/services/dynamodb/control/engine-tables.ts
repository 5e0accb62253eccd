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

/** https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html */
const mostOfTransaction = { items: 100, characters: 1_500_000 };

const portionsOf = (items: readonly string[]): readonly (readonly string[])[] => {
  const portions: string[][] = [];
  let characters = Infinity;
  for (const item of items) {
    const last = portions.at(-1);
    characters += item.length;
    if (last !== undefined && last.length < mostOfTransaction.items && characters <= mostOfTransaction.characters)
      last.push(item);
    else {
      portions.push([item]);
      characters = item.length;
    }
  }
  return portions;
};

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

  /** On demand; without a stream where that is left out. */
  async create(
    TableName: string,
    { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes }: TableDefinition,
    StreamSpecification?: object,
  ): Promise<void> {
    await this.#calls.call('CreateTable', {
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema,
      AttributeDefinitions,
      ...(GlobalSecondaryIndexes.length > 0 && { GlobalSecondaryIndexes }),
      ...(StreamSpecification !== undefined && { StreamSpecification }),
    });
  }

  async update(TableName: string, change: object): Promise<void> {
    await this.#calls.call('UpdateTable', { TableName, ...change });
  }

  async remove(TableName: string): Promise<void> {
    if ((await this.find(TableName)) !== null) await this.#calls.call('DeleteTable', { TableName });
  }

  /** Puts items that are JSON already, all of a call in one commit of the engine: on a disk each of them costs a sync. */
  async fill(TableName: string, items: readonly string[]): Promise<void> {
    for (const portion of portionsOf(items)) {
      const TransactItems = portion.map((item) => ({ Put: { TableName, Item: JSON.parse(item) } }));
      await this.#calls.call('TransactWriteItems', { TransactItems });
    }
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
