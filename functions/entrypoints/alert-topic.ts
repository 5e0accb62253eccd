import * as z from 'zod';
import { alertTopicClient } from '../alerts/index.ts';
import { stageSubscriptions } from './stage-subscriptions.ts';

/** The wiring that every function with alerts shares. */
export const alertTopic = (environment: {
  readonly ALERT_TOPIC_ARN: string;
  readonly STAGE_SUBSCRIPTIONS: string;
  readonly SMS_MONTHLY_BUDGET_USD: string;
  readonly SMS_PRICE_USD: string;
}) => ({
  sns: alertTopicClient(),
  topicArn: environment.ALERT_TOPIC_ARN,
  sms: {
    budgetUsd: Number(environment.SMS_MONTHLY_BUDGET_USD),
    priceUsd: Number(environment.SMS_PRICE_USD),
  },
  stage: z.decode(stageSubscriptions, environment.STAGE_SUBSCRIPTIONS),
});

/** The wiring of those that also deliver. */
export const alertDelivery = (environment: Parameters<typeof alertTopic>[0] & { readonly TICKET_LINK: string }) => ({
  ...alertTopic(environment),
  ticketLink: environment.TICKET_LINK,
});
