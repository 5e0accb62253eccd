import type { SNSClient } from '@aws-sdk/client-sns';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Clock } from '../platform/clock.ts';
import type { DueHandler } from '../platform/due/attend.ts';
import type { DueHints } from '../platform/due/hints.ts';
import type { Measurements } from '../platform/metrics.ts';
import { eventVersions } from '../platform/store/event-versions.ts';
import type { TableChange } from '../platform/stream/pipeline.ts';
import { ticketLinks } from './domain/letter.ts';
import type { SmsPrices } from './domain/sms-spend.ts';
import type { StageRecipient } from './domain/subscription.ts';
import { outsideAddressOf } from './outside-addresses.ts';
import { type Post, postOutside } from './outside/post.ts';
import { OutsideSender } from './outside/sender.ts';
import { ParcelFiller } from './parcel-filler.ts';
import { ParcelSender } from './parcel-sender.ts';
import { LetterPublisher } from './publisher.ts';
import { Roster } from './roster.ts';
import { SmsSpendStore } from './sms-spend-store.ts';
import { AlertStore } from './store.ts';
import { AlertTopic } from './topic.ts';
import { attendAlert, type AttendPorts } from './use-cases/attend-alert.ts';
import { attendParcel } from './use-cases/attend-parcel.ts';
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
  readonly sms: SmsPrices;
  /** The address of a ticket, with `{ticketId}` in it; empty: alerts carry none. */
  readonly ticketLink: string;
  /** How webhooks are sent; left out: over the internet. */
  readonly post?: Post;
}

const publisherOf = (options: DeliveryOptions): LetterPublisher => {
  const linkOf = ticketLinks(options.ticketLink);
  const { post = postOutside } = options;
  return new LetterPublisher({
    ...options,
    linkOf,
    topic: new AlertTopic(options),
    outside: new OutsideSender({ ...options, post, linkOf, addressOf: outsideAddressOf(options) }),
    spend: new SmsSpendStore(options),
  });
};

const portsOf = (options: DeliveryOptions) => {
  const roster = new Roster(options);
  return {
    alerts: new AlertStore(options),
    recipients: () => roster.recipients(options.stage),
    publisher: publisherOf(options),
    clock: options.clock,
    metrics: options.metrics,
  };
};

const deliverPortsOf = (options: DeliveryOptions): AttendPorts => ({
  ...portsOf(options),
  parcels: new ParcelFiller(options),
});

const alertingEventSchema = z.object({ alertId: z.string() });

/** Delivers the alert of an event as soon as the stream brings it. Harmless when repeated; what it leaves, the due index takes. */
export const alertProjection = (options: DeliveryOptions): ((change: TableChange) => Promise<void>) => {
  const ports = deliverPortsOf(options);
  return async ({ newImage }) => {
    const event = alertingEventSchema.safeParse(newImage === null ? null : eventVersions.bringCurrent(newImage));
    if (event.success) await deliverAlert(ports, event.data.alertId, 'stream');
  };
};

/** The due handler of kind `ALT`. */
export const alertDueHandler = (options: DeliveryOptions): DueHandler => {
  const ports = deliverPortsOf(options);
  return ({ pk }) => attendAlert(ports, pk.slice('ALT#'.length));
};

/** The due handler of kind `PCL`. */
export const parcelDueHandler = (options: DeliveryOptions): DueHandler => {
  const ports = { ...portsOf(options), parcels: new ParcelSender(options) };
  return ({ pk }) => attendParcel(ports, pk);
};
