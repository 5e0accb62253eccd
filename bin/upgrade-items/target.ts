import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { awsAccess, localAccess } from '../operator/access.ts';
import { readStageParameter } from '../operator/stage-parameter.ts';
import type { TableName } from './every-kind.ts';

/** Whose tables: those of a stage in the account of the environment's credentials, or those of a local desk. */
export interface Target {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  readonly tableOf: (table: TableName) => Promise<string>;
}

/** As lib/constructs/item-upgrader.ts writes it. */
const tablesSchema = z.object({
  operations: z.string(),
  idempotency: z.string(),
  lists: z.string(),
  kpis: z.string(),
});

/** @throws CommandFailure when the desk does not answer, or there is no such stage. */
export const openTarget = async (desk: { readonly stage: string; readonly url: string | null }): Promise<Target> => {
  const access = desk.url === null ? awsAccess({}) : await localAccess(desk.url);
  const tables = tablesSchema.parse(await readStageParameter(desk.stage, 'upgrade-tables', access));
  return {
    name: desk.url ?? `stage ${desk.stage}`,
    client: DynamoDBDocumentClient.from(new DynamoDBClient(access.config)),
    tableOf: async (table) => tables[table],
  };
};
