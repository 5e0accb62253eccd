import {
  GetSubscriptionAttributesCommand,
  InvalidParameterException,
  NotFoundException,
  PublishCommand,
  type MessageAttributeValue,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { logger } from '../platform/logger.ts';
import { tracedCalls } from '../platform/tracing.ts';
import type { Letter } from './domain/letter.ts';
import type { Message } from './domain/message.ts';
import type { TopicChannel } from './domain/subscription.ts';
import type { Endpoints } from './use-cases/endpoints.ts';

/** Three tries of 5 s each end well before the claim of a delivery does. */
export const alertTopicClient = (): SNSClient => {
  const client = new SNSClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 4_000, throwOnRequestTimeout: true },
  });
  client.middlewareStack.use(tracedCalls());
  return client;
};

const attributesOf = (letter: Letter): Readonly<Record<string, string | null>> =>
  letter.kind === 'summary'
    ? { summaryId: letter.summary.id, severity: letter.summary.first[0]?.severity ?? null }
    : {
        alertId: letter.alert.id,
        ticketId: letter.alert.ticketId,
        kind: letter.alert.kind,
        severity: letter.alert.severity,
        team: letter.alert.teamId,
        customerId: letter.alert.customerId,
        correlationId: letter.alert.correlationId ?? null,
      };

const text = (value: string): MessageAttributeValue => ({ DataType: 'String', StringValue: value });

/**
 * The topic on which all alerts go out. Each endpoint has one SNS subscription with the filter policy
 * `{"subscriptionId": ["<route>"]}`, and each delivery carries its route as `subscriptionId`: SNS is the postman, the desk
 * decides who gets what. A policy is never changed, since a change takes up to 15 minutes to take effect
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html), and alerts would be lost until then.
 */
export class AlertTopic implements Endpoints {
  readonly #sns: SNSClient;
  readonly #topicArn: string;

  constructor(options: { sns: SNSClient; topicArn: string }) {
    this.#sns = options.sns;
    this.#topicArn = options.topicArn;
  }

  /** @throws when SNS does not take it. A publish whose answer was lost may be out all the same. */
  async publish(
    to: { readonly route: string; readonly channel: TopicChannel },
    letter: Letter,
    message: Message,
  ): Promise<void> {
    const attributes = {
      subscriptionId: to.route,
      ...attributesOf(letter),
      // Transactional: reliability before price (https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html).
      'AWS.SNS.SMS.SMSType': to.channel === 'sms' ? 'Transactional' : null,
    };
    await this.#sns.send(
      new PublishCommand({
        TopicArn: this.#topicArn,
        ...(message.subject === null ? {} : { Subject: message.subject }),
        Message: message.text,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).flatMap(([name, value]) =>
            value === null || value === '' ? [] : [[name, text(value)]],
          ),
        ),
      }),
    );
  }

  /** The SNS subscription of an endpoint: SNS answers the one that exists, as long as the policy is the same. */
  async subscribe(channel: TopicChannel, target: string, route: string): Promise<string> {
    const answer = await this.#sns.send(
      new SubscribeCommand({
        TopicArn: this.#topicArn,
        Protocol: channel,
        Endpoint: target,
        ReturnSubscriptionArn: true,
        Attributes: { FilterPolicy: JSON.stringify({ subscriptionId: [route] }) },
      }),
    );
    if (answer.SubscriptionArn === undefined) throw new Error('SNS subscribed without an ARN');
    return answer.SubscriptionArn;
  }

  async confirmation(arn: string): Promise<'pending' | 'active' | 'lapsed'> {
    try {
      const answer = await this.#sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: arn }));
      return answer.Attributes?.['PendingConfirmation'] === 'true' ? 'pending' : 'active';
    } catch (error) {
      if (error instanceof NotFoundException) return 'lapsed';
      throw error;
    }
  }

  /** One that was never confirmed cannot be ended; SNS drops it after two days. */
  async unsubscribe(arn: string): Promise<void> {
    try {
      await this.#sns.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
    } catch (error) {
      if (!(error instanceof NotFoundException) && !(error instanceof InvalidParameterException)) throw error;
      logger.info('SNS subscription is gone or was never confirmed', { error });
    }
  }
}
