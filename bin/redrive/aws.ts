import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import * as z from 'zod';
import type { Access } from './access.ts';
import { RedriveFailure } from './failure.ts';
import type { Cloud, DeadLetters, FailedRecords, Functions, TakenHint } from './ports.ts';

/** Long enough to send and remove ten messages; what was not removed then is there again. */
const hiddenSeconds = 60;

const sourcesSchema = z.object({
  hints: z.array(z.object({ name: z.string(), deadLetters: z.string(), queue: z.string() })),
  failedRecords: z.string(),
});

/** What the stage says of itself in one parameter, made by lib/constructs/redrive-operator.ts. */
const sourcesOf = async (stage: string, { config }: Access): Promise<z.output<typeof sourcesSchema>> => {
  const Name = `/cloud-service-desk/${stage}/redrive-sources`;
  const client = new SSMClient(config);
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name }));
    return sourcesSchema.parse(JSON.parse(Parameter?.Value ?? ''));
  } catch (error) {
    if (error instanceof Error && error.name === 'ParameterNotFound')
      throw new RedriveFailure(
        `There is no parameter ${Name} in ${await client.config.region()}.\nIs the stage deployed in this region, by a version that knows npm run redrive? Deploy it, or choose another --stage or AWS_REGION.`,
      );
    throw error;
  } finally {
    client.destroy();
  }
};

const deadLettersOf = (sqs: SQSClient, of: { name: string; deadLetters: string; queue: string }): DeadLetters => {
  const receive = async (most: number, seconds: number): Promise<readonly Message[]> => {
    const { Messages } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: of.deadLetters,
        MaxNumberOfMessages: most,
        VisibilityTimeout: seconds,
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['SentTimestamp'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages ?? [];
  };
  const shown = ({ Body = '', Attributes }: Message) => ({ body: Body, sentAt: Number(Attributes?.SentTimestamp) });
  const taken = (message: Message): TakenHint => ({
    ...shown(message),
    sendAgain: async () => {
      const { Body, MessageAttributes } = message;
      await sqs.send(
        new SendMessageCommand({
          QueueUrl: of.queue,
          MessageBody: Body,
          ...(MessageAttributes && { MessageAttributes }),
        }),
      );
    },
    remove: async () => {
      await sqs.send(new DeleteMessageCommand({ QueueUrl: of.deadLetters, ReceiptHandle: message.ReceiptHandle }));
    },
  });
  return {
    name: of.name,
    count: async () => {
      const { Attributes } = await sqs.send(
        new GetQueueAttributesCommand({
          QueueUrl: of.deadLetters,
          AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
        }),
      );
      return Object.values(Attributes ?? {}).reduce((sum, count) => sum + Number(count), 0);
    },
    peek: async () => (await receive(10, 0)).map(shown),
    take: async (most) => (await receive(most, hiddenSeconds)).map(taken),
  };
};

const failedRecordsOf = (s3: S3Client, bucket: string): FailedRecords => ({
  bucket,
  keys: async () => {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket }))
      for (const { Key } of Contents) if (Key !== undefined) keys.push(Key);
    return keys;
  },
  read: async (key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return (await Body?.transformToString()) ?? '';
  },
  remove: async (key) => {
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  },
});

const functionsOf = (lambda: LambdaClient): Functions => ({
  invoke: async (name, payload) => {
    const answer = await lambda.send(
      new InvokeCommand({ FunctionName: name, Qualifier: 'live', Payload: Buffer.from(payload) }),
    );
    const text = Buffer.from(answer.Payload ?? []).toString();
    return answer.FunctionError === undefined
      ? { kind: 'answered', payload: text }
      : { kind: 'failed', reason: `${answer.FunctionError}: ${text.slice(0, 400)}` };
  },
});

/** The stage as the command sees it. @throws RedriveFailure when there is no such stage. */
export const openCloud = async (stage: string, access: Access): Promise<Cloud & { close(): void }> => {
  const { hints, failedRecords } = await sourcesOf(stage, access);
  // The addresses in the parameter are those of AWS; the endpoint that was chosen answers for them.
  const sqs = new SQSClient({ ...access.config, useQueueUrlAsEndpoint: false });
  const s3 = new S3Client({ ...access.config, forcePathStyle: access.pathStyle });
  // A function may take its whole timeout, and a call is not to be repeated while it still runs.
  const lambda = new LambdaClient({ ...access.config, requestHandler: { requestTimeout: 180_000 } });
  return {
    deadLetters: hints.map((of) => deadLettersOf(sqs, of)),
    failedRecords: failedRecordsOf(s3, failedRecords),
    functions: functionsOf(lambda),
    now: access.now,
    close: () => {
      for (const client of [sqs, s3, lambda]) client.destroy();
    },
  };
};
