import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { PublishCommand } from '@aws-sdk/client-sns';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { jest } from '@jest/globals';
import { type Call, firstAdmin, type Reply, startApi } from '../../api.ts';

type Run = (event: unknown, context: unknown) => Promise<unknown>;

const backgroundFunctions = ['stream-kpis', 'stream-alerts', 'queue-due', 'job-sweep', 'job-rollup'] as const;
type BackgroundFunction = (typeof backgroundFunctions)[number];

export const onCall = 'sub_stage_oncall';

// Tests read what they know to be there.
// oxlint-disable-next-line typescript/no-explicit-any
export type Line = Record<string, any>;

export interface Hint {
  readonly pk: string;
  readonly correlationId?: string;
}

/** All functions as they are deployed, on a real engine, in virtual time; and every line that they print. */
export const startWholeDesk = async () => {
  const api = await startApi();
  Object.assign(process.env, {
    LOG_LEVEL: 'info',
    ROLLUP_QUEUE_URL: 'http://127.0.0.1:1/rollup',
    SMS_MONTHLY_BUDGET_USD: '1000',
    SMS_PRICE_USD: '0.1',
    TICKET_LINK: '',
    STAGE_SUBSCRIPTIONS: JSON.stringify([
      {
        id: onCall,
        channel: 'email',
        target: 'oncall@desk.example',
        filter: { severity: [], kind: [], teamId: [], customerId: [] },
      },
    ]),
  });
  const functions = Object.fromEntries(
    await Promise.all(
      backgroundFunctions.map(async (name) => [
        name,
        (await import(`../../../functions/entrypoints/${name}.ts`)).handler as unknown as Run,
      ]),
    ),
  ) as Record<BackgroundFunction, Run>;

  let printed = '';
  const watched = [process.stdout, process.stderr].map((stream) =>
    jest.spyOn(stream, 'write').mockImplementation((chunk: unknown) => {
      printed += String(chunk);
      return true;
    }),
  );
  let now = Date.parse('2026-03-02T09:00:00Z');
  const clock = jest.spyOn(Date, 'now').mockImplementation(() => now);

  const seen = new Set<string>();
  let hints = 0;

  return {
    api,
    advance: (seconds: number) => void (now += seconds * 1000),
    call: async (call: Call): Promise<Reply> => api.send(firstAdmin, call),
    /** Runs a function with an invocation id; what it throws is answered. */
    run: async (name: BackgroundFunction, event: unknown, awsRequestId: string): Promise<unknown> => {
      try {
        return await functions[name](event, {
          functionName: name,
          awsRequestId,
          getRemainingTimeInMillis: () => 10_000,
        });
      } catch (error) {
        return error;
      }
    },
    /** The events and heads written since the last time, as a batch of the stream. */
    changes: async (): Promise<{ readonly Records: readonly Line[] }> => {
      const { Items = [] } = await api.engine.client.send(
        new ScanCommand({ TableName: api.engine.tables.operations, ConsistentRead: true }),
      );
      const fresh = Items.filter(({ PK, SK, version }) => {
        const key = `${PK} ${SK} ${version}`;
        if (seen.has(key) || !(String(SK).startsWith('EV#') || SK === 'T')) return false;
        seen.add(key);
        return true;
      }).sort((a, b) => `${a['PK']} ${a['SK']}`.localeCompare(`${b['PK']} ${b['SK']}`));
      return {
        Records: fresh.map((item) => ({
          eventName: 'INSERT',
          dynamodb: { SequenceNumber: String(seen.size), NewImage: marshall(item) },
        })),
      };
    },
    /** The hints sent since the last time. */
    hints: (): readonly Hint[] => {
      const entries = api.sqs
        .commandCalls(SendMessageBatchCommand)
        .flatMap(({ args }) => (args[0].input as { Entries: { MessageBody: string }[] }).Entries);
      const fresh = entries.slice(hints);
      hints = entries.length;
      return fresh.map(({ MessageBody }) => JSON.parse(MessageBody));
    },
    published: (): readonly Record<string, { StringValue: string }>[] =>
      api.sns
        .commandCalls(PublishCommand)
        .map(
          ({ args }) =>
            (args[0].input as { MessageAttributes: Record<string, { StringValue: string }> }).MessageAttributes,
        ),
    /** Everything printed since the last time, as it was. */
    output: (): string => {
      const all = printed;
      printed = '';
      return all;
    },
    stop: async () => {
      for (const spy of [...watched, clock]) spy.mockRestore();
      await api.stop();
    },
  };
};

export type WholeDesk = Awaited<ReturnType<typeof startWholeDesk>>;

export const linesOf = (output: string): readonly Line[] =>
  output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** A message of SQS with this body. */
export const messages = (...bodies: readonly string[]) => ({
  Records: bodies.map((body, index) => ({ messageId: `message-${index}`, body })),
});

export const newTicket = (customerId: string, over: Readonly<Record<string, unknown>> = {}) => ({
  customerId,
  requester: { name: 'Ada', email: 'ada@acme.example', phone: null },
  subject: 'Checkout answers 502',
  description: '',
  type: 'incident',
  priority: 'critical',
  channel: 'email',
  serviceId: null,
  teamId: null,
  tags: [],
  ...over,
});
