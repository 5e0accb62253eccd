import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import { AlreadyExists, Busy } from '../../platform/errors.ts';
import { derivedId, newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import {
  type Channel,
  endingMs,
  isTopicChannel,
  type StageRecipient,
  type Subscription,
  type SubscriptionWishes,
  type TopicChannel,
} from '../domain/subscription.ts';
import { endpointAttempts, EndpointMoved, type Endpoints, type Subscriptions } from './endpoints.ts';

export type Confirmation = 'pending' | 'active' | 'lapsed';

export interface SubscribePorts {
  readonly subscriptions: Subscriptions;
  readonly endpoints: Endpoints;
  readonly stage: readonly StageRecipient[];
  readonly clock: Clock;
  readonly newSecret: () => string;
}

/** The same for every subscription of an address: it is the whole filter policy of the address at SNS. */
const routeOf = (channel: Channel, target: string): string => derivedId('sub', channel, target);

/** Only an e-mail address has to confirm, by a link. */
export const confirmationOf = (endpoints: Endpoints, channel: Channel, arn: string): Promise<Confirmation> =>
  channel === 'email' ? endpoints.confirmation(arn) : Promise.resolve('active');

export type WantedSubscription = Pick<Subscription, 'channel' | 'target'> & SubscriptionWishes;

export interface MadeSubscription {
  readonly subscription: Subscription;
  readonly state: Confirmation;
  /** What a webhook's signatures are made with; told now and never again. */
  readonly secret: string | null;
}

interface SubscribeOptions {
  readonly actor: Actor;
  readonly remember: (made: MadeSubscription) => TransactItem | undefined;
}

/**
 * Subscribes an address to alerts. Where SNS keeps the address, SNS is asked first, then everything is written at once: a crash
 * in between leaves an SNS subscription to which nothing is sent, and a repetition finds it again, because an address always
 * has the same policy. Where we send ourselves, there is nothing but the one write.
 * @throws AlreadyExists for an address of the stage's own; Busy while the address is being ended, or under too many changes.
 */
export const subscribe = async (
  ports: SubscribePorts,
  wanted: WantedSubscription,
  options: SubscribeOptions,
): Promise<MadeSubscription> => {
  const { channel, target } = wanted;
  const ofStage = ports.stage.find((one) => one.channel === channel && one.target === target);
  if (ofStage !== undefined) {
    throw new AlreadyExists(
      `This address is subscribed by the stage's configuration (${ofStage.id}); change its filter there.`,
    );
  }
  return isTopicChannel(channel)
    ? subscribeByTopic(ports, { ...wanted, channel }, options)
    : subscribeOutside(ports, wanted, options);
};

const newSubscription = (wanted: WantedSubscription, now: number): Subscription => {
  const id = newId('sub', now);
  return {
    id,
    ...wanted,
    // Each webhook has its own secret, so each is told for itself.
    route: wanted.channel === 'webhook' ? id : routeOf(wanted.channel, wanted.target),
    state: 'live',
    createdAt: isoInstant(now),
    version: 1,
  };
};

const subscribeOutside = async (
  ports: SubscribePorts,
  wanted: WantedSubscription,
  { actor, remember }: SubscribeOptions,
): Promise<MadeSubscription> => {
  const secret = wanted.channel === 'webhook' ? ports.newSecret() : null;
  const made: MadeSubscription = {
    subscription: newSubscription(wanted, ports.clock.now()),
    state: 'active',
    secret,
  };
  await ports.subscriptions.create(made.subscription, null, { actor, once: remember(made), secret });
  return made;
};

const subscribeByTopic = async (
  ports: SubscribePorts,
  wanted: WantedSubscription & { readonly channel: TopicChannel },
  { actor, remember }: SubscribeOptions,
): Promise<MadeSubscription> => {
  const { channel, target } = wanted;
  for (let attempt = 1; attempt <= endpointAttempts; attempt += 1) {
    const read = await ports.subscriptions.endpoint(channel, target);
    const now = ports.clock.now();
    const ending = read?.endingSince ?? null;
    if (ending !== null && milliseconds(ending) + endingMs > now) throw new Busy(5);
    const subscription = newSubscription(wanted, now);
    const arn = await ports.endpoints.subscribe(channel, target, subscription.route);
    const made = { subscription, state: await confirmationOf(ports.endpoints, channel, arn), secret: null };
    try {
      await ports.subscriptions.create(subscription, { read, arn }, { actor, once: remember(made), secret: null });
      return made;
    } catch (error) {
      if (!(error instanceof EndpointMoved)) throw error;
    }
  }
  throw new Busy();
};
