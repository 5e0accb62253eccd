import {
  GetSubscriptionAttributesCommand,
  InvalidParameterException,
  NotFoundException,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { mockClient } from 'aws-sdk-client-mock';

interface Subscribed {
  readonly arn: string;
  readonly policy: string;
  pending: boolean;
}

/** SNS as far as subscriptions go: one for a protocol and endpoint, the same answer for the same attributes, else a refusal. */
export const fakeTopic = () => {
  const sns = new SNSClient({ region: 'eu-central-1' });
  const mock = mockClient(sns);
  const subscribed = new Map<string, Subscribed>();
  const find = (arn: string | undefined): [string, Subscribed] => {
    const entry = [...subscribed].find(([, one]) => one.arn === arn);
    if (entry === undefined) throw new NotFoundException({ message: 'Subscription does not exist', $metadata: {} });
    return entry;
  };
  let count = 0;
  mock.on(SubscribeCommand).callsFake(async ({ Protocol, Endpoint, Attributes }) => {
    const key = `${Protocol} ${Endpoint}`;
    const existing = subscribed.get(key);
    if (existing !== undefined && existing.policy !== Attributes?.FilterPolicy) {
      const message = 'Invalid parameter: Attributes Reason: Subscription already exists with different attributes';
      throw new InvalidParameterException({ message, $metadata: {} });
    }
    count += existing === undefined ? 1 : 0;
    const made = existing ?? {
      arn: `arn:sns:${count}`,
      policy: Attributes?.FilterPolicy,
      pending: Protocol === 'email',
    };
    subscribed.set(key, made);
    return { SubscriptionArn: made.arn };
  });
  mock.on(GetSubscriptionAttributesCommand).callsFake(async ({ SubscriptionArn }) => ({
    Attributes: { PendingConfirmation: String(find(SubscriptionArn)[1].pending) },
  }));
  mock.on(UnsubscribeCommand).callsFake(async ({ SubscriptionArn }) => {
    subscribed.delete(find(SubscriptionArn)[0]);
    return {};
  });
  return { sns, mock, subscribed };
};
