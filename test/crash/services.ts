import type { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { derivedId } from '../../functions/platform/ids.ts';
import type { Chance } from '../sla/reference/chance.ts';
import type { Invocation, Turns } from './invocation.ts';
import { cancelled, type MemoryTable } from './memory-table.ts';

/** What SNS took: what it was about, and by whom. */
export interface Publication {
  readonly at: number;
  readonly route: string;
  readonly alertId: string | null;
  readonly summaryId: string | null;
  readonly text: string;
  readonly invocation: Invocation;
  readonly call: number;
  /** Whether the alert that it tells was in the table. */
  readonly known: boolean;
  /** The same invocation has written that it is out. */
  marked: boolean;
}

export interface Message {
  readonly body: string;
  visibleAt: number;
  received: number;
}

/** How much goes wrong, as probabilities. All 0: nothing. */
export interface Weather {
  kill: number;
  fail: number;
  conflict: number;
  /** Of hints: lost on the way, late, twice. */
  lost: number;
  late: number;
  twice: number;
  /** Of index rows written in the last second. */
  behind: number;
  /** Of calls that take seconds. */
  slow: number;
  /** Of batches of the stream: again after success, given up after failure. */
  again: number;
  givenUp: number;
  /** Of looks at tickets: somebody changes it at the same time. */
  crowd: number;
}

export const fairWeather: Weather = {
  kill: 0,
  fail: 0,
  conflict: 0,
  lost: 0,
  late: 0,
  twice: 0,
  behind: 0,
  slow: 0,
  again: 0,
  givenUp: 0,
  crowd: 0,
};

export interface Surroundings {
  readonly table: MemoryTable;
  readonly turns: Turns;
  readonly chance: Chance;
  readonly weather: Weather;
  readonly publications: Publication[];
  readonly queue: Message[];
  now(): number;
}

/** Which publications of its invocation a write marks as out: those of a delivery, or of a portion of a parcel. */
const markedBy = (command: unknown): ((one: Publication) => boolean) | null => {
  if (!(command instanceof UpdateCommand)) return null;
  const { Key, ExpressionAttributeValues: values } = command.input;
  const [PK, SK] = [String(Key?.['PK']), String(Key?.['SK'])];
  if (values?.[':published'] === 'published') {
    return ({ route, alertId }) => `ALT#${alertId}` === PK && `DLV#${route}` === SK;
  }
  if (values?.[':state'] !== 'sent') return null;
  // An invocation may have two parcels of one address: a portion of one alert went out as that alert.
  const wanted = values[':outcome'] === 'published' ? null : derivedId('pcl', PK, String(values[':readPortion']));
  return ({ route, summaryId }) => route === PK.split('#')[1] && summaryId === wanted;
};

const send = (around: Surroundings, invocation: Invocation, command: unknown): unknown => {
  const { table, chance, weather } = around;
  if (command instanceof TransactWriteCommand && chance.is(weather.conflict)) {
    throw cancelled((command.input.TransactItems ?? []).map(() => 'TransactionConflict'));
  }
  const answer = table.send(command, (changedAt) => around.now() - changedAt < 1_000 && chance.is(weather.behind));
  const marked = markedBy(command);
  if (marked !== null) {
    const last = around.publications.findLast((one) => one.invocation === invocation && !one.marked && marked(one));
    if (last !== undefined) last.marked = true;
  }
  return answer;
};

const publish = (around: Surroundings, invocation: Invocation, { input }: PublishCommand): unknown => {
  const attribute = (name: string): string | null => input.MessageAttributes?.[name]?.StringValue ?? null;
  const alertId = attribute('alertId');
  around.publications.push({
    at: around.now(),
    route: attribute('subscriptionId') ?? '',
    alertId,
    summaryId: attribute('summaryId'),
    text: input.Message ?? '',
    invocation,
    call: invocation.calls,
    known: alertId === null || around.table.get({ PK: `ALT#${alertId}`, SK: 'A' }) !== undefined,
    marked: false,
  });
  return { MessageId: 'm' };
};

const enqueue = (around: Surroundings, { input }: SendMessageBatchCommand): unknown => {
  const { chance, weather, queue } = around;
  const Failed: { Id: string | undefined }[] = [];
  for (const { Id, MessageBody = '', DelaySeconds = 0 } of input.Entries ?? []) {
    if (chance.is(weather.fail)) {
      Failed.push({ Id });
      continue;
    }
    if (chance.is(weather.lost)) continue;
    for (let copy = chance.is(weather.twice) ? 2 : 1; copy > 0; copy -= 1) {
      const late = chance.is(weather.late) ? chance.between(0, 600_000) : 0;
      queue.push({ body: MessageBody, visibleAt: around.now() + DelaySeconds * 1000 + late, received: 0 });
    }
  }
  return { Failed };
};

/** The clients of one function as its sandbox has them: whatever they are asked for waits for its turn. */
export const clientsOf = (around: Surroundings, current: () => Invocation) => {
  const { turns } = around;
  const client = {
    send: (command: unknown) => {
      const invocation = current();
      return turns.call(invocation, () => send(around, invocation, command));
    },
  } as unknown as DynamoDBDocumentClient;
  const sns = {
    send: (command: PublishCommand) => {
      const invocation = current();
      return turns.call(invocation, () => publish(around, invocation, command));
    },
  } as unknown as SNSClient;
  const sqs = {
    send: (command: SendMessageBatchCommand) => turns.call(current(), () => enqueue(around, command)),
  } as unknown as SQSClient;
  return { client, sns, sqs };
};
