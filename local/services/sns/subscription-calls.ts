import type { ConditionContext } from '../permissions/conditions.ts';
import { ServiceError } from '../service-error.ts';
import type { Form } from './form.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';
import type { XmlValue } from './xml-answer.ts';

/** The permission checks of the caller. Both throw when it is not allowed. */
export interface SubscriptionChecks {
  /** Checks, and returns the topic that the ARN names. */
  topic(action: string, topicArn: string | null, context: ConditionContext): string;
  require(action: string, resource: string): void;
}

const settable = new Set([
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'DeliveryPolicy',
  'RedrivePolicy',
]);

const endpointForms: Readonly<Record<string, RegExp>> = {
  email: /^[^\s@]+@[^\s@]+$/,
  'email-json': /^[^\s@]+@[^\s@]+$/,
  sms: /^\+?[1-9][\d\s().-]{4,}$/,
  sqs: /^arn:/,
};

/** Answers the SNS calls that make, change, list and end subscriptions. */
export function answerSubscriptionCall(
  operation: string,
  form: Form,
  subscriptions: Subscriptions,
  checks: SubscriptionChecks,
): XmlValue {
  switch (operation) {
    case 'Subscribe':
      return { SubscriptionArn: subscribe(form, subscriptions, checks) };
    case 'Unsubscribe': {
      const arn = subscriptionArn(form);
      checks.require('SNS:Unsubscribe', arn);
      subscriptions.remove(arn);
      return {};
    }
    case 'GetSubscriptionAttributes':
      return { Attributes: attributesOf(existing('SNS:GetSubscriptionAttributes', form, subscriptions, checks)) };
    case 'SetSubscriptionAttributes': {
      const subscription = existing('SNS:SetSubscriptionAttributes', form, subscriptions, checks);
      const name = form.text('AttributeName') ?? '';
      requireSettable([name]);
      subscriptions.setAttribute(subscription, name, form.text('AttributeValue') ?? '');
      return {};
    }
    case 'ListSubscriptionsByTopic': {
      const topicArn = checks.topic('SNS:ListSubscriptionsByTopic', form.text('TopicArn'), {});
      return listPage(subscriptions.ofTopic(topicArn), Number(form.text('NextToken') ?? 0));
    }
    default:
      throw new ServiceError('InvalidAction', `The local desk does not answer sns:${operation}`);
  }
}

function subscribe(form: Form, subscriptions: Subscriptions, checks: SubscriptionChecks): string {
  const protocol = form.text('Protocol') ?? '';
  const endpoint = form.text('Endpoint') ?? '';
  const topicArn = checks.topic('SNS:Subscribe', form.text('TopicArn'), {
    'sns:protocol': [protocol],
    'sns:endpoint': [endpoint],
  });
  const expected = Object.hasOwn(endpointForms, protocol) ? endpointForms[protocol] : undefined;
  if (expected === undefined)
    throw new ServiceError(
      'InvalidParameter',
      `Invalid parameter: Amazon SNS does not support this protocol string: ${protocol}`,
    );
  if (!expected.test(endpoint)) throw new ServiceError('InvalidParameter', `Invalid parameter: ${protocol} endpoint`);
  const attributes = form.map('Attributes');
  requireSettable(Object.keys(attributes));
  return subscriptions.subscribe(topicArn, protocol, endpoint, attributes).arn;
}

function requireSettable(names: readonly string[]): void {
  const wrong = names.find((name) => !settable.has(name));
  if (wrong !== undefined)
    throw new ServiceError('InvalidParameter', `Invalid parameter: Attributes Reason: Unknown attribute: ${wrong}`);
}

function subscriptionArn(form: Form): string {
  const arn = form.text('SubscriptionArn');
  if (arn === null) throw new ServiceError('InvalidParameter', 'Invalid parameter: SubscriptionArn');
  return arn;
}

/** These calls have no topic in them; the check is made against the subscription's own ARN. */
function existing(action: string, form: Form, subscriptions: Subscriptions, checks: SubscriptionChecks): Subscription {
  const arn = subscriptionArn(form);
  checks.require(action, arn);
  const found = subscriptions.find(arn);
  if (found === null) throw new ServiceError('NotFound', 'Subscription does not exist', 404);
  return found;
}

function attributesOf(subscription: Subscription): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(subscription.attributes),
    ['SubscriptionArn', subscription.arn],
    ['TopicArn', subscription.topicArn],
    ['Protocol', subscription.protocol],
    ['Endpoint', subscription.endpoint],
    ['Owner', subscription.arn.split(':')[4] ?? ''],
    ['PendingConfirmation', 'false'],
    ['ConfirmationWasAuthenticated', 'true'],
  ]);
}

/** Pages of 100 (https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html). */
function listPage(all: readonly Subscription[], from: number): XmlValue {
  const page = all.slice(from, from + 100).map(({ arn, topicArn, protocol, endpoint }) => ({
    SubscriptionArn: arn,
    Owner: arn.split(':')[4] ?? '',
    Protocol: protocol,
    Endpoint: endpoint,
    TopicArn: topicArn,
  }));
  return { Subscriptions: page, ...(from + 100 < all.length && { NextToken: String(from + 100) }) };
}
