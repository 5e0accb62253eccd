import { type DynamoDBClient, paginateListTables, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { instant } from './answers.ts';
import { drillTag } from './options.ts';
import type { ScratchNames } from './scratch-names.ts';
import { TableSource } from './table-source.ts';

/** A scratch table that is there, whether its drill still wants it or not. */
export interface LeftOverTable {
  readonly name: string;
  readonly createdAt: string | null;
  /** Of its tag; null when it is not tagged, or not yet: its name says the same. */
  readonly drillId: string | null;
  readonly status: string;
}

/** Finds every scratch table, so that none is paid for after its drill. */
export class LeftOverTables {
  readonly #client: DynamoDBClient;
  readonly #names: ScratchNames;
  readonly #tables: TableSource;

  constructor(client: DynamoDBClient, names: ScratchNames) {
    this.#client = client;
    this.#names = names;
    this.#tables = new TableSource(client);
  }

  async list(): Promise<readonly LeftOverTable[]> {
    const names: string[] = [];
    for await (const { TableNames = [] } of paginateListTables({ client: this.#client }, {})) {
      names.push(...TableNames.filter((name) => this.#names.allows(name)));
    }
    const found: LeftOverTable[] = [];
    for (const name of names) found.push(...(await this.#describe(name)));
    return found;
  }

  /** Nothing for a table that has gone since it was listed. */
  async #describe(name: string): Promise<LeftOverTable[]> {
    const table = await this.#tables.table(name);
    if (table === null) return [];
    const drillId = table.TableArn === undefined ? null : await this.#drillOf(table.TableArn);
    return [{ name, createdAt: instant(table.CreationDateTime), drillId, status: table.TableStatus ?? '' }];
  }

  async #drillOf(arn: string): Promise<string | null> {
    try {
      return (await this.#tables.tags(arn))[drillTag] ?? null;
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return null;
      throw error;
    }
  }
}
