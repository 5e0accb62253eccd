import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Access, awsAccess, localAccess, type Surroundings } from '../operator/access.ts';
import { readStageParameter } from '../operator/stage-parameter.ts';

/** As lib/constructs/cutover-operator.ts writes it. */
const settingsSchema = z.object({
  idempotency: z.string(),
  lists: z.string(),
  kpis: z.string(),
  /** How the name of a table begins that may become the live one. */
  prefix: z.string(),
  keys: z.array(z.string()),
  indexes: z.array(z.object({ name: z.string(), keys: z.array(z.string()) })),
  pointInTimeRecovery: z.boolean(),
  deletionProtection: z.boolean(),
  tags: z.record(z.string(), z.string()),
});
export type Settings = z.infer<typeof settingsSchema>;

export interface LiveTable {
  readonly name: string;
  readonly streamArn: string;
}

const live = { name: 'operations-table-name', streamArn: 'operations-stream-arn' } as const;

/** The services of a stage, for as long as one deployment lasts. */
export interface Desk {
  readonly settings: Settings;
  readonly tables: DynamoDBClient;
  readonly client: DynamoDBDocumentClient;
  /** The desk's time. */
  readonly now: () => number;
  /** What the parameters say now. */
  readonly live: () => Promise<LiveTable>;
  readonly switchTo: (table: LiveTable) => Promise<void>;
  readonly close: () => void;
}

const timeOf = ({ now }: Access): (() => number) => {
  const began = performance.now();
  return () => Math.floor(now + performance.now() - began);
};

/** @throws CommandFailure when there is no such stage, or no desk. */
export const openDesk = async (stage: string, url: string | null, env: Surroundings['env']): Promise<Desk> => {
  const access = url === null ? awsAccess(env) : await localAccess(url);
  const settings = settingsSchema.parse(await readStageParameter(stage, 'cutover-desk', access));
  const tables = new DynamoDBClient(access.config);
  const ssm = new SSMClient(access.config);
  const path = (name: string): string => `/cloud-service-desk/${stage}/${name}`;
  const get = async (name: string): Promise<string> => {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: path(name) }));
    return Parameter?.Value ?? '';
  };
  const put = (name: string, Value: string) =>
    ssm.send(new PutParameterCommand({ Name: path(name), Value, Overwrite: true }));
  return {
    settings,
    tables,
    client: DynamoDBDocumentClient.from(tables),
    now: timeOf(access),
    live: async () => ({ name: await get(live.name), streamArn: await get(live.streamArn) }),
    // The name last: it says that both are switched.
    switchTo: async ({ name, streamArn }) => {
      await put(live.streamArn, streamArn);
      await put(live.name, name);
    },
    close: () => {
      tables.destroy();
      ssm.destroy();
    },
  };
};
