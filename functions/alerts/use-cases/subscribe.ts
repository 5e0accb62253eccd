import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import { AlreadyExists, Busy } from '../../platform/errors.ts';
import { derivedId, newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/commit.ts';
import { type Channel, endingMs, type StageRecipient, type Subscription } from '../domain/subscription.ts';
import { endpointAttempts, EndpointMoved, type Endpoints, type Subscriptions } from './endpoints.ts';

export type Confirmation = 'pending' | 'active' | 'lapsed';

export interface SubscribePorts {
  readonly subscriptions: Subscriptions;
  readonly endpoints: Endpoints;
  readonly stage: readonly StageRecipient[];
  readonly clock: Clock;
}

/** The same for every subscription of an address: it is the whole filter policy of the address at SNS. */
const routeOf = (channel: Channel, target: string): string => derivedId('sub', channel, target);

/** A text message needs no confirmation, an e-mail address confirms by a link. */
export const confirmationOf = (endpoints: Endpoints, channel: Channel, arn: string): Promise<Confirmation> =>
  channel === 'sms' ? Promise.resolve('active') : endpoints.confirmation(arn);

/**
 * Subscribes an address to alerts. SNS is asked first, then everything is written at once: a crash in between leaves an SNS
 * subscription to which nothing is sent, and a repetition finds it again, because an address always has the same policy.
 * @throws AlreadyExists for an address of the stage's own; Busy while the address is being ended, or under too many changes.
 */
export const subscribe = async (
  ports: SubscribePorts,
  wanted: Pick<Subscription, 'channel' | 'target' | 'filter'>,
  options: {
    readonly actor: Actor;
    readonly remember: (made: {
      readonly subscription: Subscription;
      readonly state: Confirmation;
    }) => TransactItem | undefined;
  },
): Promise<{ readonly subscription: Subscription; readonly state: Confirmation }> => {
  const { channel, target } = wanted;
  const ofStage = ports.stage.find((one) => one.channel === channel && one.target === target);
  if (ofStage !== undefined) {
    throw new AlreadyExists(
      `This address is subscribed by the stage's configuration (${ofStage.id}); change its filter there.`,
    );
  }
  const route = routeOf(channel, target);
  for (let attempt = 1; attempt <= endpointAttempts; attempt += 1) {
    const read = await ports.subscriptions.endpoint(channel, target);
    const now = ports.clock.now();
    const ending = read?.endingSince ?? null;
    if (ending !== null && milliseconds(ending) + endingMs > now) throw new Busy(5);
    const arn = await ports.endpoints.subscribe(channel, target, route);
    const state = await confirmationOf(ports.endpoints, channel, arn);
    const subscription: Subscription = {
      id: newId('sub', now),
      ...wanted,
      route,
      state: 'live',
      createdAt: isoInstant(now),
      version: 1,
    };
    try {
      const once = options.remember({ subscription, state });
      await ports.subscriptions.create(subscription, { read, arn }, { actor: options.actor, once });
      return { subscription, state };
    } catch (error) {
      if (!(error instanceof EndpointMoved)) throw error;
    }
  }
  throw new Busy();
};
