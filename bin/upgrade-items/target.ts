import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type TableName, tableNames } from './every-kind.ts';

/** Whose tables: those of a stage in the account of the environment's credentials, or those of a local desk. */
export interface Target {
  readonly name: string;
  readonly client: DynamoDBDocumentClient;
  readonly tableOf: (table: TableName) => Promise<string>;
}

/** The target cannot be reached, or has no such table. The message is for the person at the terminal. */
export class NoTarget extends Error {
  override readonly name = 'NoTarget';
}

export const stageTarget = (stage: string): Target => {
  const parameters = new SSMClient({});
  return {
    name: `stage ${stage}`,
    client: DynamoDBDocumentClient.from(new DynamoDBClient({})),
    tableOf: async (table) => {
      const Name = `/cloud-service-desk/${stage}/${table}-table-name`;
      const { Parameter } = await parameters.send(new GetParameterCommand({ Name }));
      if (Parameter?.Value === undefined) throw new NoTarget(`The parameter ${Name} has no value.`);
      return Parameter.Value;
    },
  };
};

const awsSchema = z.object({
  AWS_ENDPOINT_URL: z.string(),
  AWS_REGION: z.string(),
  AWS_ACCESS_KEY_ID: z.string(),
  AWS_SECRET_ACCESS_KEY: z.string(),
  AWS_SESSION_TOKEN: z.string().optional(),
});

/** `GET /_local/aws` says where the desk's services are, and with which credentials an operator speaks to them. */
export const localTarget = async (url: string): Promise<Target> => {
  const answer = await fetch(`${url}/_local/aws`);
  const found = answer.ok ? awsSchema.safeParse(await answer.json()) : null;
  if (found?.success !== true)
    throw new NoTarget(`${url}/_local/aws does not tell where the services of the desk are.`);
  const raw = new DynamoDBClient({
    endpoint: found.data.AWS_ENDPOINT_URL,
    region: found.data.AWS_REGION,
    credentials: {
      accessKeyId: found.data.AWS_ACCESS_KEY_ID,
      secretAccessKey: found.data.AWS_SECRET_ACCESS_KEY,
      ...(found.data.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: found.data.AWS_SESSION_TOKEN }),
    },
  });
  const { TableNames = [] } = await raw.send(new ListTablesCommand({}));
  return {
    name: url,
    client: DynamoDBDocumentClient.from(raw),
    tableOf: async (table) => {
      const name = TableNames.find((one) => one.toLowerCase().includes(table));
      if (name === undefined)
        throw new NoTarget(`The desk at ${url} has no table of ${tableNames.join(', ')} named ${table}.`);
      return name;
    },
  };
};
