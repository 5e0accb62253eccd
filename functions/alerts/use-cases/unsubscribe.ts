import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { Busy, IllegalTransition, NotFound, StaleVersion } from '../../platform/errors.ts';
import { logger } from '../../platform/logger.ts';
import { LostRace } from '../../platform/store/commit.ts';
import {
  type Channel,
  type Endpoint,
  isTopicChannel,
  type StageRecipient,
  type Subscription,
} from '../domain/subscription.ts';
import { endpointAttempts, EndpointMoved, type Endpoints, type Subscriptions } from './endpoints.ts';

export interface UnsubscribePorts {
  readonly subscriptions: Subscriptions;
  readonly endpoints: Endpoints;
  readonly stage: readonly StageRecipient[];
  readonly clock: Clock;
}

/**
 * Ends a subscription; with the last one of an address, its SNS subscription ends too. From the first write on nothing is
 * sent to it; a crash after that leaves an SNS subscription to which nothing is sent.
 * @throws NotFound, StaleVersion, IllegalTransition for a subscription of the stage's configuration, Busy.
 */
export const unsubscribe = async (
  ports: UnsubscribePorts,
  id: string,
  readVersion: number,
  actor: Actor,
): Promise<void> => {
  if (ports.stage.some((one) => one.id === id)) {
    throw new IllegalTransition(`${id} comes from the stage's configuration and can be ended only there.`);
  }
  for (let attempt = 1; attempt <= endpointAttempts; attempt += 1) {
    const subscription = await ports.subscriptions.find(id);
    if (subscription?.state !== 'live') throw new NotFound('alert subscription', id);
    if (subscription.version !== readVersion) throw new StaleVersion(subscription.version);
    const { channel, target } = subscription;
    if (!isTopicChannel(channel)) {
      await endWithoutEndpoint(ports, subscription, actor);
      return;
    }
    const read = await ports.subscriptions.endpoint(channel, target);
    if (read === null) throw new Error(`the endpoint of ${id} is missing`);
    const at = isoInstant(ports.clock.now());
    const last = read.ids.every((one) => one === id);
    const endingSince = last ? at : null;
    try {
      await ports.subscriptions.remove(subscription, { read, endingSince }, { actor, at });
    } catch (error) {
      if (error instanceof EndpointMoved || error instanceof LostRace) continue;
      throw error;
    }
    if (last) await endEndpoint(ports, channel, target, { ...read, ids: [], endingSince, version: read.version + 1 });
    return;
  }
  throw new Busy();
};

/** @throws StaleVersion when somebody has changed it since it was read. */
const endWithoutEndpoint = async (ports: UnsubscribePorts, subscription: Subscription, actor: Actor): Promise<void> => {
  try {
    await ports.subscriptions.remove(subscription, null, { actor, at: isoInstant(ports.clock.now()) });
  } catch (error) {
    if (error instanceof LostRace) throw new StaleVersion(subscription.version + 1);
    throw error;
  }
};

/** Its failure is no failure of the request: nothing is sent there any more, and the caller could not repeat it. */
const endEndpoint = async (
  ports: UnsubscribePorts,
  channel: Channel,
  target: string,
  endpoint: Endpoint,
): Promise<void> => {
  try {
    await ports.endpoints.unsubscribe(endpoint.arn);
    await ports.subscriptions.ended(channel, target, endpoint);
  } catch (error) {
    logger.warn('SNS subscription not ended; nothing is sent to it', { error });
  }
};
