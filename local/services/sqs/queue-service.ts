import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Faults } from '../../faults/faults.ts';
import type { QueueModel } from '../../model.ts';
import { parseRequest, readJson, sendJson } from '../endpoint/json-answer.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';
import type { LocalQueues, TakenMessage } from './local-queues.ts';
import { md5, md5OfAttributes, messageAttributes } from './message-attributes.ts';
import { queueAttributes } from './queue-attributes.ts';

/** Largest message, or batch of messages (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
const maximumBytes = 1024 * 1024;

const message = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: z.int().min(0).max(900).optional(),
  MessageAttributes: messageAttributes.optional(),
});
const sendMessage = message.extend({ QueueUrl: z.string() });
const sendBatch = z.object({ QueueUrl: z.string(), Entries: z.array(message.extend({ Id: z.string() })) });
const byUrl = z.object({ QueueUrl: z.string(), AttributeNames: z.array(z.string()).optional() });
const receiveMessage = z.object({
  QueueUrl: z.string(),
  MaxNumberOfMessages: z.int().min(1).max(10).default(1),
  VisibilityTimeout: z.int().min(0).max(43_200).optional(),
});
const deleteMessage = z.object({ QueueUrl: z.string(), ReceiptHandle: z.string() });
const byName = z.object({ QueueName: z.string() });

type Message = z.output<typeof message>;

export interface QueueServiceOptions {
  readonly queues: LocalQueues;
  readonly models: readonly QueueModel[];
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
}

/** SQS for the calls that functions and the operator's commands make. Long polling answers at once; functions receive by their event sources. */
export class QueueService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 400 };
  readonly #options: QueueServiceOptions;

  constructor(options: QueueServiceOptions) {
    this.#options = options;
  }

  async handle(call: ServiceCall): Promise<void> {
    const body = readJson(call.body);
    sendJson(call.response, call.requestId, 200, await this.#answer(call, body));
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    const queryCode = code === 'QueueDoesNotExist' ? 'AWS.SimpleQueueService.NonExistentQueue' : code;
    response.setHeader('x-amzn-query-error', `${queryCode};${status < 500 ? 'Sender' : 'Receiver'}`);
    const namespace = code === 'AccessDeniedException' ? 'com.amazon.coral.service' : 'com.amazonaws.sqs';
    sendJson(response, requestId, status, { __type: `${namespace}#${code}`, message });
  }

  async #answer(call: ServiceCall, body: unknown): Promise<unknown> {
    switch (call.operation) {
      case 'SendMessage': {
        const request = parseRequest(sendMessage, body, 'InvalidParameterValue');
        const queue = this.#queue(call, 'sqs:SendMessage', request.QueueUrl);
        requireSize([request]);
        return this.#send(call, queue, [request], ([result]) => result);
      }
      case 'SendMessageBatch': {
        const request = parseRequest(sendBatch, body, 'InvalidParameterValue');
        const queue = this.#queue(call, 'sqs:SendMessage', request.QueueUrl);
        requireBatch(request.Entries.map((entry) => entry.Id));
        requireSize(request.Entries);
        return this.#send(call, queue, request.Entries, (results) => ({
          Successful: results.map((result, index) => ({ Id: request.Entries[index]?.Id, ...result })),
          Failed: [],
        }));
      }
      case 'GetQueueUrl': {
        const { QueueName } = parseRequest(byName, body, 'InvalidParameterValue');
        const url = this.#options.models.find((model) => model.name === QueueName)?.url ?? QueueName;
        return { QueueUrl: this.#queue(call, 'sqs:GetQueueUrl', url).url };
      }
      case 'GetQueueAttributes': {
        const { QueueUrl, AttributeNames } = parseRequest(byUrl, body, 'InvalidParameterValue');
        const queue = this.#queue(call, 'sqs:GetQueueAttributes', QueueUrl);
        return { Attributes: queueAttributes(queue, this.#options.queues.depth(queue.arn), AttributeNames ?? []) };
      }
      case 'ReceiveMessage': {
        const request = parseRequest(receiveMessage, body, 'InvalidParameterValue');
        const queue = this.#queue(call, 'sqs:ReceiveMessage', request.QueueUrl);
        const { MaxNumberOfMessages: most, VisibilityTimeout: seconds = queue.visibilityTimeoutSeconds } = request;
        return { Messages: this.#options.queues.take(queue.arn, most, seconds).map(receivedMessage) };
      }
      case 'DeleteMessage': {
        const request = parseRequest(deleteMessage, body, 'InvalidParameterValue');
        const queue = this.#queue(call, 'sqs:DeleteMessage', request.QueueUrl);
        this.#options.queues.delete(queue.arn, request.ReceiptHandle);
        return {};
      }
      default:
        throw new ServiceError('UnsupportedOperation', `The local desk does not answer sqs:${call.operation}`);
    }
  }

  /** The queue at a URL, after the permission check. */
  #queue(call: ServiceCall, action: string, url: string): QueueModel {
    const queue = this.#options.queues.at(url);
    const refusal = call.caller.refusal([{ action, resource: queue?.arn ?? `arn:aws:sqs:::${url.split('/').at(-1)}` }]);
    if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal);
    if (queue === null) throw new ServiceError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  #send(
    call: ServiceCall,
    queue: QueueModel,
    messages: readonly Message[],
    shape: (results: readonly SendResult[]) => unknown,
  ) {
    const { faults, killWorker } = this.#options;
    const fault = faults.take('queue', ['throttle', 'crash-before', 'crash-after']);
    if (fault === 'throttle')
      throw new ServiceError('RequestThrottled', 'The request was denied due to request throttling.', 403);
    if (fault === 'crash-before') killCaller(call, killWorker);
    const results = messages.map((one) => this.#store(queue, one));
    if (fault === 'crash-after') killCaller(call, killWorker);
    return shape(results);
  }

  #store(queue: QueueModel, one: Message): SendResult {
    const attributes = one.MessageAttributes ?? {};
    const fault = this.#options.faults.take('queue', ['drop', 'duplicate', 'delay']);
    const messageId = randomUUID();
    const delaySeconds = (one.DelaySeconds ?? queue.delaySeconds) + (fault === 'delay' ? 10 : 0);
    const stored = { messageId, body: one.MessageBody, attributes: JSON.stringify(attributes), delaySeconds };
    const copies = fault === 'drop' ? 0 : fault === 'duplicate' ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) this.#options.queues.put(queue.arn, stored);
    return {
      MessageId: messageId,
      MD5OfMessageBody: md5(one.MessageBody),
      ...(Object.keys(attributes).length > 0 && { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
    };
  }
}

function receivedMessage({ messageId, receiptHandle, body, attributes, systemAttributes }: TakenMessage) {
  const own = messageAttributes.parse(JSON.parse(attributes));
  return {
    MessageId: messageId,
    ReceiptHandle: receiptHandle,
    Body: body,
    MD5OfBody: md5(body),
    Attributes: systemAttributes,
    ...(Object.keys(own).length > 0 && { MessageAttributes: own, MD5OfMessageAttributes: md5OfAttributes(own) }),
  };
}

interface SendResult {
  readonly MessageId: string;
  readonly MD5OfMessageBody: string;
  readonly MD5OfMessageAttributes?: string;
}

function requireBatch(ids: readonly string[]): void {
  const prefix = 'AWS.SimpleQueueService';
  if (ids.length === 0)
    throw new ServiceError(
      `${prefix}.EmptyBatchRequest`,
      'There should be at least one SendMessageBatchRequestEntry in the request.',
    );
  if (ids.length > 10) {
    throw new ServiceError(
      `${prefix}.TooManyEntriesInBatchRequest`,
      `Maximum number of entries per request are 10. You have sent ${ids.length}.`,
    );
  }
  if (new Set(ids).size < ids.length)
    throw new ServiceError(`${prefix}.BatchEntryIdsNotDistinct`, 'Id repeated in the batch');
}

function requireSize(messages: readonly Message[]): void {
  const bytes = messages.reduce(
    (sum, one) =>
      sum + Buffer.byteLength(one.MessageBody) + Buffer.byteLength(JSON.stringify(one.MessageAttributes ?? '')),
    0,
  );
  if (bytes > maximumBytes) {
    throw new ServiceError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${maximumBytes} bytes.`,
    );
  }
}
