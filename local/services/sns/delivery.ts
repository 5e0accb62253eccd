import type { Outbox } from '../outbox.ts';
import type { LocalQueues } from '../sqs/local-queues.ts';
import { passes } from './filter-policy.ts';
import { type Notification, textAttributes, textFor } from './notification.ts';
import type { Subscription } from './subscriptions.ts';

export interface DeliveryOptions {
  readonly outbox: Outbox;
  readonly queues: LocalQueues;
  readonly log: (message: string) => void;
}

/**
 * Hands a message to every subscription whose filter lets it through: e-mail and SMS end in the outbox, queues get SNS's
 * envelope. Other protocols are logged and skipped.
 *
 * @param copies 2 delivers everything twice (SNS delivers at least once).
 */
export function deliver(
  options: DeliveryOptions,
  subscriptions: readonly Subscription[],
  notification: Notification,
  copies: number,
): void {
  for (const subscription of subscriptions) {
    if (!passes(subscription.filter, notification)) continue;
    for (let copy = 0; copy < copies; copy += 1) deliverOne(options, subscription, notification);
  }
}

/** An SMS to a phone number, without a topic. */
export function deliverSms(outbox: Outbox, to: string, notification: Notification): void {
  outbox.add({ ...outboxFields(notification), kind: 'sms', to, subject: '', text: textFor(notification, 'sms') });
}

function deliverOne(
  { outbox, queues, log }: DeliveryOptions,
  subscription: Subscription,
  notification: Notification,
): void {
  const { protocol, endpoint } = subscription;
  switch (protocol) {
    case 'email':
    case 'email-json': {
      const subject = notification.subject ?? 'AWS Notification Message';
      outbox.add({
        ...outboxFields(notification),
        kind: 'email',
        to: endpoint,
        subject,
        text: textFor(notification, 'email'),
      });
      return;
    }
    case 'sms':
      deliverSms(outbox, endpoint, notification);
      return;
    case 'sqs':
      queues.send(endpoint, queueBody(subscription, notification), 0);
      return;
    default:
      log(`sns: the local desk does not deliver to ${protocol} (${endpoint})`);
  }
}

function outboxFields(notification: Notification) {
  const attributes = textAttributes(notification);
  return { alertId: attributes['alertId'] ?? null, ticketId: attributes['ticketId'] ?? null, attributes };
}

/** (https://docs.aws.amazon.com/sns/latest/dg/sns-large-payload-raw-message-delivery.html) */
function queueBody(subscription: Subscription, notification: Notification): string {
  const text = textFor(notification, 'sqs');
  if (subscription.attributes['RawMessageDelivery'] === 'true') return text;
  const MessageAttributes = Object.fromEntries(
    Object.entries(notification.attributes).map(([name, { type, value }]) => [name, { Type: type, Value: value }]),
  );
  return JSON.stringify({
    Type: 'Notification',
    MessageId: notification.messageId,
    TopicArn: subscription.topicArn,
    ...(notification.subject !== null && { Subject: notification.subject }),
    Message: text,
    MessageAttributes,
  });
}
