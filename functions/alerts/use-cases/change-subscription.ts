import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { StageRecipient, Subscription, SubscriptionWishes } from '../domain/subscription.ts';
import type { Subscriptions } from './endpoints.ts';

export interface ChangeSubscriptionPorts {
  readonly subscriptions: Subscriptions;
  readonly stage: readonly StageRecipient[];
  readonly clock: Clock;
}

/**
 * Changes what a subscription wants, from the next alert on; what waits in a parcel goes out when it was to. The version that
 * was read makes a repetition harmless: it is refused.
 * @throws NotFound, StaleVersion, IllegalTransition for a subscription of the stage's configuration.
 */
export const changeSubscription = async (
  ports: ChangeSubscriptionPorts,
  id: string,
  wishes: Partial<SubscriptionWishes>,
  { readVersion, actor }: { readonly readVersion: number; readonly actor: Actor },
): Promise<Subscription> => {
  if (ports.stage.some((one) => one.id === id)) {
    throw new IllegalTransition(`${id} comes from the stage's configuration and can be changed only there.`);
  }
  const subscription = await ports.subscriptions.find(id);
  if (subscription?.state !== 'live') throw new NotFound('alert subscription', id);
  if (subscription.version !== readVersion) throw new StaleVersion(subscription.version);
  try {
    return await ports.subscriptions.change(subscription, wishes, { actor, at: isoInstant(ports.clock.now()) });
  } catch (error) {
    if (error instanceof LostRace) throw new StaleVersion(subscription.version + 1);
    throw error;
  }
};
