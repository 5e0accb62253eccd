import * as z from 'zod';
import type { QueueModel, TopicModel, TopicSubscriptionModel } from '../../model.ts';
import type { World } from '../world.ts';
import { numeric, resourcesOf } from './typed-resources.ts';

const queueSchema = z.object({
  DelaySeconds: numeric.default(0),
  VisibilityTimeout: numeric.default(30),
  MessageRetentionPeriod: numeric.default(345_600),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: numeric }).optional(),
});

export const readQueues = (world: World): readonly QueueModel[] =>
  resourcesOf(world, 'AWS::SQS::Queue', queueSchema).map(({ id, arn, ref, identity, properties }) => ({
    id,
    name: identity.name,
    arn,
    url: ref,
    delaySeconds: properties.DelaySeconds,
    visibilityTimeoutSeconds: properties.VisibilityTimeout,
    retentionSeconds: properties.MessageRetentionPeriod,
    redrive:
      properties.RedrivePolicy === undefined
        ? null
        : {
            deadLetterArn: properties.RedrivePolicy.deadLetterTargetArn,
            maxReceiveCount: properties.RedrivePolicy.maxReceiveCount,
          },
  }));

const inlineSubscription = z.object({ Protocol: z.string(), Endpoint: z.string() });
const topicSchema = z.object({ Subscription: z.array(inlineSubscription).default([]) });

export const readTopics = (world: World): readonly TopicModel[] =>
  resourcesOf(world, 'AWS::SNS::Topic', topicSchema).map(({ id, arn, identity }) => ({ id, name: identity.name, arn }));

const subscriptionSchema = inlineSubscription.extend({
  TopicArn: z.string(),
  FilterPolicy: z.record(z.string(), z.unknown()).optional(),
});

/** Subscriptions of the templates: resources of their own, and those written inside a topic. */
export const readTopicSubscriptions = (world: World): readonly TopicSubscriptionModel[] => [
  ...resourcesOf(world, 'AWS::SNS::Topic', topicSchema).flatMap(({ arn, properties }) =>
    properties.Subscription.map(({ Protocol, Endpoint }) => ({
      topicArn: arn,
      protocol: Protocol,
      endpoint: Endpoint,
      filterPolicy: null,
    })),
  ),
  ...resourcesOf(world, 'AWS::SNS::Subscription', subscriptionSchema).map(({ properties }) => ({
    topicArn: properties.TopicArn,
    protocol: properties.Protocol,
    endpoint: properties.Endpoint,
    filterPolicy: properties.FilterPolicy ?? null,
  })),
];
