import {
  DeleteTableCommand,
  type DynamoDBClient,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import type { Observation } from '../domain/action.ts';
import type { ScratchNames } from './scratch-names.ts';
import { TableSource } from './table-source.ts';

/** What the table is waited for; empty when it can be used, with every index. */
export const waitingFor = ({ TableStatus, GlobalSecondaryIndexes = [] }: TableDescription): string => {
  const table = TableStatus === 'ACTIVE' ? [] : [`table ${TableStatus ?? 'without a status'}`];
  const indexes = GlobalSecondaryIndexes.filter(
    ({ IndexStatus, Backfilling }) => IndexStatus !== 'ACTIVE' || Backfilling === true,
  ).map(({ IndexName, IndexStatus }) => `index ${IndexName} ${IndexStatus ?? 'without a status'}`);
  return [...table, ...indexes].join(', ');
};

/** The copy, as a table. */
export class ScratchTable {
  readonly #client: DynamoDBClient;
  readonly #names: ScratchNames;
  readonly #tables: TableSource;

  constructor(client: DynamoDBClient, names: ScratchNames) {
    this.#client = client;
    this.#names = names;
    this.#tables = new TableSource(client);
  }

  async look(name: string): Promise<Observation> {
    const of = 'look-at-table';
    const table = await this.#tables.table(name);
    if (table === null) return { of, table: null };
    if (table.TableStatus === 'INACCESSIBLE_ENCRYPTION_CREDENTIALS') {
      return { of, trouble: 'denied', message: `The key of the table ${name} cannot be used.` };
    }
    const waiting = waitingFor(table);
    return { of, table: { active: waiting === '', waitingFor: waiting } };
  }

  /**
   * One step nearer to its being gone. Without point-in-time recovery when it goes: else DynamoDB would keep a system backup
   * of all that is in it for 35 days, which nobody asked for.
   * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BackupDetails.html
   */
  async remove(name: string): Promise<Observation> {
    const of = 'remove-table';
    if (!this.#names.allows(name)) return { of, trouble: 'refused', message: this.#names.refusal(name) };
    const table = await this.#tables.table(name);
    if (table === null) return { of, removed: true };
    if (table.TableStatus === 'CREATING' || table.TableStatus === 'UPDATING' || table.TableStatus === 'DELETING') {
      return { of, removed: false };
    }
    if (table.DeletionProtectionEnabled === true) {
      await this.#client.send(new UpdateTableCommand({ TableName: name, DeletionProtectionEnabled: false }));
      return { of, removed: false };
    }
    if (table.TableStatus === 'ACTIVE') await this.#endPointInTimeRecovery(name);
    await this.#client.send(new DeleteTableCommand({ TableName: name }));
    return { of, removed: false };
  }

  async #endPointInTimeRecovery(name: string): Promise<void> {
    const { PointInTimeRecoveryStatus } = await this.#tables.pointInTimeRecovery(name);
    if (PointInTimeRecoveryStatus !== 'ENABLED') return;
    await this.#client.send(
      new UpdateContinuousBackupsCommand({
        TableName: name,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false },
      }),
    );
  }
}
