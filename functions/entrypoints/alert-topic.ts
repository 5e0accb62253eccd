import * as z from 'zod';
import { alertTopicClient } from '../alerts/index.ts';
import { stageSubscriptions } from './stage-subscriptions.ts';

/** The wiring that every function with alerts shares. */
export const alertTopic = (environment: {
  readonly ALERT_TOPIC_ARN: string;
  readonly STAGE_SUBSCRIPTIONS: string;
}) => ({
  sns: alertTopicClient(),
  topicArn: environment.ALERT_TOPIC_ARN,
  stage: z.decode(stageSubscriptions, environment.STAGE_SUBSCRIPTIONS),
});
