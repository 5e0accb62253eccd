import type { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { DueHandler } from '../platform/due/attend.ts';
import type { DueHints } from '../platform/due/hints.ts';
import type { Measurements } from '../platform/metrics.ts';
import { eventVersions } from '../platform/store/event-versions.ts';
import type { TableChange } from '../platform/stream/pipeline.ts';
import type { StageRecipient } from './domain/subscription.ts';
import { Roster } from './roster.ts';
import { AlertStore } from './store.ts';
import { AlertTopic } from './topic.ts';
import { attendAlert, type AttendPorts } from './use-cases/attend-alert.ts';
import { deliverAlert } from './use-cases/deliver-alert.ts';

export interface DeliveryOptions {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly hints: Pick<DueHints, 'afterCommit'>;
  readonly metrics: Measurements;
  /** See `alertTopicClient`. */
  readonly sns: SNSClient;
  readonly topicArn: string;
  /** The subscriptions of the stage's configuration. */
  readonly stage: readonly StageRecipient[];
}

const portsOf = (options: DeliveryOptions): AttendPorts => {
  const roster = new Roster(options);
  return {
    alerts: new AlertStore(options),
    recipients: () => roster.recipients(options.stage),
    publisher: new AlertTopic(options),
    clock: options.clock,
    metrics: options.metrics,
  };
};

const alertingEventSchema = z.object({ alertId: z.string() });

/** Delivers the alert of an event as soon as the stream brings it. Harmless when repeated; what it leaves, the due index takes. */
export const alertProjection = (options: DeliveryOptions): ((change: TableChange) => Promise<void>) => {
  const ports = portsOf(options);
  return async ({ newImage }) => {
    const event = alertingEventSchema.safeParse(newImage === null ? null : eventVersions.bringCurrent(newImage));
    if (event.success) await deliverAlert(ports, event.data.alertId, 'stream');
  };
};

/** The due handler of kind `ALT`. */
export const alertDueHandler = (options: DeliveryOptions): DueHandler => {
  const ports = portsOf(options);
  return ({ pk }) => attendAlert(ports, pk.slice('ALT#'.length));
};
