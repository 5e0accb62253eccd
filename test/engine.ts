import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { resolve } from 'node:path';
import { currentAssembly } from '../local/assembly/current-assembly.ts';
import { readAssembly } from '../local/assembly/read-assembly.ts';
import type { TableModel } from '../local/model.ts';
import { createTables } from '../local/services/dynamodb/create-tables.ts';
import { startDatabase } from '../local/services/dynamodb/start-database.ts';

const projectDir = resolve(import.meta.dirname, '..');

/** The tables as the template has them: tests and production cannot differ in a key. Synthesized once for all test files. */
const synthesizedTables = async (): Promise<readonly TableModel[]> =>
  readAssembly(await currentAssembly({ projectDir, stage: 'local' })).tables;

export interface Engine {
  readonly client: DynamoDBDocumentClient;
  readonly tables: {
    readonly operations: string;
    readonly idempotency: string;
    readonly lists: string;
    readonly kpis: string;
  };
  stop(): Promise<void>;
}

/** A real DynamoDB engine with the tables of the synthesized template, empty, for one test file. */
export const startTestEngine = async (): Promise<Engine> => {
  const database = await startDatabase({ dataDir: null });
  const models = await synthesizedTables();
  await createTables(database.endpoint, models);
  const named = (part: string): string => {
    const found = models.find((model) => model.id.toLowerCase().includes(part));
    if (found === undefined) throw new Error(`no table like ${part} in the template`);
    return found.name;
  };
  const raw = new DynamoDBClient({
    endpoint: database.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  return {
    client: DynamoDBDocumentClient.from(raw, { marshallOptions: { removeUndefinedValues: true } }),
    tables: {
      operations: named('operations'),
      idempotency: named('idempotency'),
      lists: named('lists'),
      kpis: named('kpis'),
    },
    stop: async () => {
      raw.destroy();
      await database.stop();
    },
  };
};
