import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Faults } from '../../faults/faults.ts';
import type { CloudModel } from '../../model.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import type { ConditionContext } from '../permissions/conditions.ts';
import { ServiceError } from '../service-error.ts';
import { type DeliveryOptions, deliver, deliverSms } from './delivery.ts';
import { Form } from './form.ts';
import { type Notification, readNotification } from './notification.ts';
import { answerSubscriptionCall } from './subscription-calls.ts';
import type { Subscriptions } from './subscriptions.ts';
import { sendXml, sendXmlError, type XmlValue } from './xml-answer.ts';

export interface TopicServiceOptions extends DeliveryOptions {
  readonly model: CloudModel;
  readonly subscriptions: Subscriptions;
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
}

/** SNS for the calls that functions make (AWS query protocol). */
export class TopicService implements Service {
  readonly unknownCaller = { code: 'InvalidClientTokenId', status: 403 };
  readonly #options: TopicServiceOptions;
  readonly #topics: ReadonlySet<string>;

  constructor(options: TopicServiceOptions) {
    this.#options = options;
    this.#topics = new Set(options.model.topics.map((topic) => topic.arn));
  }

  async handle(call: ServiceCall): Promise<void> {
    const form = new Form(call.body);
    const result = await this.#answer(call, form);
    sendXml(call.response, call.requestId, call.operation, result);
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    sendXmlError(response, requestId, code, message, status);
  }

  async #answer(call: ServiceCall, form: Form): Promise<XmlValue> {
    switch (call.operation) {
      case 'Publish': {
        const notification = readNotification(form, '', randomUUID());
        const phone = form.text('PhoneNumber');
        if (phone !== null) {
          this.#require(call, 'SNS:Publish', '*');
          await this.#publish(call, [() => deliverSms(this.#options.outbox, phone, notification)]);
        } else {
          const topicArn = this.#topic(call, 'SNS:Publish', form.text('TopicArn') ?? form.text('TargetArn'));
          await this.#publish(call, [this.#delivery(topicArn, notification)]);
        }
        return { MessageId: notification.messageId };
      }
      case 'PublishBatch': {
        const topicArn = this.#topic(call, 'SNS:Publish', form.text('TopicArn'));
        const entries = form.list('PublishBatchRequestEntries.member').map((prefix) => ({
          id: form.text(`${prefix}.Id`) ?? '',
          notification: readNotification(form, `${prefix}.`, randomUUID()),
        }));
        requireBatch(entries.map((entry) => entry.id));
        await this.#publish(
          call,
          entries.map((entry) => this.#delivery(topicArn, entry.notification)),
        );
        return {
          Successful: entries.map(({ id, notification }) => ({ Id: id, MessageId: notification.messageId })),
          Failed: [],
        };
      }
      default:
        return answerSubscriptionCall(call.operation, form, this.#options.subscriptions, {
          topic: (action, arn, context) => this.#topic(call, action, arn, context),
          require: (action, resource) => this.#require(call, action, resource),
        });
    }
  }

  #delivery(topicArn: string, notification: Notification): (copies: number) => void {
    const { subscriptions } = this.#options;
    return (copies) => deliver(this.#options, subscriptions.ofTopic(topicArn), notification, copies);
  }

  /** Publishes with whatever fault strikes: before it, in it, or after it and before the answer. */
  async #publish(call: ServiceCall, deliveries: readonly ((copies: number) => void)[]): Promise<void> {
    const { faults, killWorker } = this.#options;
    const fault = faults.take('sns', ['throttle', 'drop', 'crash-before', 'crash-after', 'duplicate', 'delay']);
    if (fault === 'throttle') throw new ServiceError('Throttled', 'Rate exceeded', 429);
    if (fault === 'drop')
      throw new ServiceError('InternalError', 'We encountered an internal error. Please try again.', 500);
    if (fault === 'crash-before') killCaller(call, killWorker);
    if (fault === 'delay') await pause(300);
    for (const delivery of deliveries) delivery(fault === 'duplicate' ? 2 : 1);
    if (fault === 'crash-after') killCaller(call, killWorker);
  }

  /** The topic of a call, after the permission check. */
  #topic(call: ServiceCall, action: string, arn: string | null, context: ConditionContext = {}): string {
    if (arn === null)
      throw new ServiceError(
        'InvalidParameter',
        'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter',
      );
    this.#require(call, action, arn, context);
    if (!this.#topics.has(arn)) throw new ServiceError('NotFound', 'Topic does not exist', 404);
    return arn;
  }

  #require(call: ServiceCall, action: string, resource: string, context: ConditionContext = {}): void {
    const refusal = call.caller.refusal([{ action, resource, context }]);
    if (refusal !== null) throw new ServiceError('AuthorizationError', refusal, 403);
  }
}

function requireBatch(ids: readonly string[]): void {
  if (ids.length === 0) throw new ServiceError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
  if (ids.length > 10)
    throw new ServiceError('TooManyEntriesInBatchRequest', 'The batch request contains more entries than permissible.');
  if (new Set(ids).size < ids.length)
    throw new ServiceError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
}
