import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTables } from '../../local/services/dynamodb/create-tables.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';
import type { Bench } from '../row.ts';

/** The engine whose capacity figures are reported. */
export const engineName = (process.env['DYNAMODB_ENDPOINT'] ?? '') === '' ? 'dynoxide' : 'DYNAMODB_ENDPOINT';

export interface Tables {
  readonly client: DynamoDBDocumentClient;
  /** Without a meter, for seeds and for what the streams would read. */
  readonly raw: DynamoDBClient;
  readonly names: {
    readonly operations: string;
    readonly idempotency: string;
    readonly lists: string;
    readonly kpis: string;
  };
  stop(): Promise<void>;
}

/** A real DynamoDB engine in memory with the empty tables of the synthesized app. */
export const startTables = async ({ model }: Pick<Bench, 'model'>): Promise<Tables> => {
  const database = await startDatabase({ dataDir: null });
  await createTables(database.endpoint, model.tables);
  const named = (part: string): string => {
    const found = model.tables.find((table) => table.id.toLowerCase().includes(part));
    if (found === undefined) throw new Error(`no table like ${part} in the template`);
    return found.name;
  };
  const open = (): DynamoDBClient =>
    new DynamoDBClient({
      endpoint: database.endpoint,
      region: model.region,
      credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
    });
  const raw = open();
  const metered = open();
  return {
    raw,
    client: DynamoDBDocumentClient.from(metered, { marshallOptions: { removeUndefinedValues: true } }),
    names: {
      operations: named('operations'),
      idempotency: named('idempotency'),
      lists: named('lists'),
      kpis: named('kpis'),
    },
    stop: async () => {
      raw.destroy();
      metered.destroy();
      await database.stop();
    },
  };
};
