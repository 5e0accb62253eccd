import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Access } from '../operator/access.ts';
import { readStageParameter } from '../operator/stage-parameter.ts';
import type { TableName } from './every-kind.ts';

/** As lib/constructs/item-upgrader.ts writes it. */
const tablesSchema = z.object({
  operations: z.string(),
  idempotency: z.string(),
  lists: z.string(),
  kpis: z.string(),
});

export interface Tables {
  readonly client: DynamoDBDocumentClient;
  /** As AWS calls them. */
  readonly names: Readonly<Record<TableName, string>>;
  close(): void;
}

/** The tables of a stage. @throws CommandFailure when there is no such stage. */
export const openTables = async (stage: string, access: Access): Promise<Tables> => {
  const names = tablesSchema.parse(await readStageParameter(stage, 'upgrade-tables', access));
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(access.config));
  return { client, names, close: () => client.destroy() };
};
