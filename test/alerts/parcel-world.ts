import { type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Timing } from '../../functions/alerts/domain/wanted-times.ts';
import { table, type TestClock } from './alert-world.ts';
import { type Publication, Worker } from './worker.ts';

export const everything = { severity: [], kind: [], teamId: [], customerId: [] };

/** Puts a subscription into the roster, as the API does; its route is its id. */
export const subscribeTo = async (
  client: DynamoDBDocumentClient,
  id: string,
  timing: Timing & { readonly channel?: string; readonly filter?: object } = {},
): Promise<void> => {
  const Item = {
    PK: 'SUBSCRIPTIONS',
    SK: id,
    id,
    channel: 'email',
    target: `${id}@desk.example`,
    route: id,
    filter: everything,
    state: 'live',
    createdAt: '2026-01-01T00:00:00.000Z',
    version: 1,
    ...timing,
  };
  await client.send(new PutCommand({ TableName: table, Item }));
};

/** What is due, the oldest first. */
export const dueItems = async (
  client: DynamoDBDocumentClient,
): Promise<readonly { readonly pk: string; readonly dueAt: number }[]> => {
  const shards = [0, 1, 2, 3, 4, 5, 6, 7].map(async (shard) => {
    const page = await client.send(
      new QueryCommand({
        TableName: table,
        IndexName: 'due',
        KeyConditionExpression: 'dueShard = :shard',
        ExpressionAttributeValues: { ':shard': shard },
      }),
    );
    return (page.Items ?? []).map((item) => ({ pk: String(item['PK']), dueAt: Date.parse(String(item['dueAt'])) }));
  });
  return (await Promise.all(shards)).flat().sort((one, other) => one.dueAt - other.dueAt);
};

/** Goes from one due instant to the next and attends to what is due, until nothing is; answers how many looks that took. */
export const untilNothingIsDue = async (
  client: DynamoDBDocumentClient,
  clock: TestClock,
  publications: Publication[],
  stage: ConstructorParameters<typeof Worker>[0]['stage'] = [],
): Promise<number> => {
  let looks = 0;
  for (let due = await dueItems(client); due.length > 0; due = await dueItems(client)) {
    const first = due[0]?.dueAt ?? 0;
    if (first > clock.now()) clock.advance((first - clock.now()) / 1000);
    for (const { pk, dueAt } of due.filter((one) => one.dueAt <= clock.now())) {
      looks += 1;
      if (looks > 5_000) throw new Error(`never done: ${pk} ${dueAt}`);
      const worker = new Worker({ client, clock, stage, publications });
      await (pk.startsWith('ALT#') ? worker.attend(pk.slice(4)) : worker.attendParcel(pk));
    }
  }
  return looks;
};

interface Asked {
  readonly name: string;
  readonly PK: string;
  readonly SK: string;
}

const keyed = (input: Record<string, unknown>): { readonly PK?: unknown; readonly SK?: unknown } =>
  (input['Key'] ?? input['Item'] ?? {}) as { PK?: unknown; SK?: unknown };

/** The client, and what it was asked to write, one entry an item. */
export const noting = (client: DynamoDBDocumentClient) => {
  const writes: Asked[] = [];
  const note = (name: string, input: Record<string, unknown>): void => {
    const { PK, SK } = keyed(input);
    writes.push({ name, PK: String(PK), SK: String(SK) });
  };
  const send = (command: { readonly input: Record<string, unknown> }) => {
    const { name } = command.constructor;
    const items = command.input['TransactItems'] as readonly Record<string, Record<string, unknown>>[] | undefined;
    for (const item of items ?? []) for (const [kind, input] of Object.entries(item)) note(kind, input);
    if (/^(Put|Update|Delete)Command$/.test(name)) note(name.replace('Command', ''), command.input);
    return client.send(command as unknown as Parameters<DynamoDBDocumentClient['send']>[0]);
  };
  const noted: DynamoDBDocumentClient = Object.create(client, { send: { value: send } });
  return { client: noted, writes };
};
