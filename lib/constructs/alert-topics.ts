import { Key } from 'aws-cdk-lib/aws-kms';
import { Subscription, SubscriptionFilter, SubscriptionProtocol, Topic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import * as z from 'zod';
import { stageSubscriptions } from '../../functions/entrypoints/stage-subscriptions.ts';
import type { StageContext } from '../stage-context.ts';
import { DataKeyGrants } from './data-key.ts';
import type { ServiceFunction } from './service-function.ts';

const protocols = { email: SubscriptionProtocol.EMAIL, sms: SubscriptionProtocol.SMS };

/**
 * One topic for every alert. Each delivery is published with the attribute `subscriptionId`, and each subscription lets
 * only its own through: who gets which alert is decided by the desk, per subscription, and SNS is the postman.
 */
export class AlertTopics extends Construct {
  readonly grants: AlertTopicGrants;

  constructor(scope: Construct, id: string, context: StageContext) {
    super(scope, id);
    const key = new DataKeyGrants(this, context);
    const topic = new Topic(this, 'Alerts', {
      displayName: 'Service desk',
      masterKey: Key.fromKeyArn(this, 'DataKey', key.keyArn),
      enforceSSL: true,
    });
    for (const { id: subscriptionId, channel, target } of context.config.alertSubscribers) {
      new Subscription(this, subscriptionId, {
        topic,
        protocol: protocols[channel],
        endpoint: target,
        filterPolicy: { subscriptionId: SubscriptionFilter.stringFilter({ allowlist: [subscriptionId] }) },
      });
    }
    context.parameters.publish(this, 'alert-topic-arn', topic.topicArn);
    this.grants = new AlertTopicGrants(topic.topicArn, context, key);
  }
}

/**
 * Where alerts say that their ticket is. The address that AWS gives to an API is known only after the API is deployed, which
 * needs what is deployed here: without a name of its own, the stage has to say it.
 */
const ticketLinkOf = ({ ticketLink, domain }: StageContext['config']): string =>
  ticketLink ?? (domain === null ? '' : `https://${domain.name}/v1/tickets/{ticketId}`);

/** Intents upon the alert topic. */
export class AlertTopicGrants {
  readonly environment: {
    readonly ALERT_TOPIC_ARN: string;
    readonly STAGE_SUBSCRIPTIONS: string;
    readonly SMS_MONTHLY_BUDGET_USD: string;
    readonly SMS_PRICE_USD: string;
  };
  /** Of those that deliver. */
  readonly deliveryEnvironment: AlertTopicGrants['environment'] & { readonly TICKET_LINK: string };
  private readonly topicArn: string;
  private readonly key: DataKeyGrants;

  constructor(topicArn: string, { config }: StageContext, key: DataKeyGrants) {
    this.topicArn = topicArn;
    this.key = key;
    this.environment = {
      ALERT_TOPIC_ARN: topicArn,
      STAGE_SUBSCRIPTIONS: z.encode(stageSubscriptions, [...config.alertSubscribers]),
      SMS_MONTHLY_BUDGET_USD: String(config.smsMonthlyBudgetUsd),
      SMS_PRICE_USD: String(config.smsPriceUsd),
    };
    this.deliveryEnvironment = { ...this.environment, TICKET_LINK: ticketLinkOf(config) };
  }

  /** The same topic, seen from another stack. */
  static read(scope: Construct, context: StageContext): AlertTopicGrants {
    return new AlertTopicGrants(
      context.parameters.read(scope, 'alert-topic-arn'),
      context,
      new DataKeyGrants(scope, context),
    );
  }

  grantPublish(target: ServiceFunction): void {
    target.allow({ actions: ['sns:Publish'], resources: [this.topicArn] });
    this.key.grantUseThrough(target, 'sns');
  }

  /** Subscribes people to the topic, by e-mail and SMS and in no other way, and changes or ends their subscription. */
  grantManageSubscriptions(target: ServiceFunction): void {
    target.allow({
      actions: ['sns:Subscribe'],
      resources: [this.topicArn],
      conditions: { StringEquals: { 'sns:Protocol': Object.keys(protocols) } },
    });
    // These two take no resource: SNS has no subscription resource type, so a policy can only say `*`
    // (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html).
    target.allow({
      actions: ['sns:GetSubscriptionAttributes', 'sns:Unsubscribe'],
      resources: ['*'],
    });
  }
}
