import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { stageSubscriptionBody, subscriptionBody, type SubscriptionBody } from './answers.ts';
import type { Subscription } from './domain/subscription.ts';
import * as contract from './routes.ts';
import {
  listSubscriptions,
  type ListSubscriptionsPorts,
  subscriptionPositionSchema,
} from './use-cases/list-subscriptions.ts';
import { type Confirmation, confirmationOf, subscribe, type SubscribePorts } from './use-cases/subscribe.ts';
import { unsubscribe } from './use-cases/unsubscribe.ts';

export interface AlertSubscriptionRoutesOptions extends SubscribePorts, ListSubscriptionsPorts {
  readonly cursors: Cursors;
  readonly once: OnceRecords;
}

/** Whether the address of a subscription gets mail; one whose endpoint is unknown here does not. */
const stateOf = async (
  options: AlertSubscriptionRoutesOptions,
  { channel, target }: Subscription,
): Promise<Confirmation> => {
  const endpoint = await options.subscriptions.endpoint(channel, target);
  return endpoint === null ? 'lapsed' : confirmationOf(options.endpoints, channel, endpoint.arn);
};

const createdAnswer = ({
  subscription,
  state,
}: {
  subscription: Subscription;
  state: Confirmation;
}): Answer<SubscriptionBody> => ({
  status: 201,
  body: subscriptionBody(subscription, state),
  version: subscription.version,
  location: `/v1/alert-subscriptions/${subscription.id}`,
});

/** Who is told of alerts. Needs SNS, which confirms addresses. */
export const alertSubscriptionRoutes = (options: AlertSubscriptionRoutesOptions): readonly BoundRoute[] => [
  serve(
    contract.createAlertSubscription,
    async ({ principal: { id, role }, body: { channel, target, filter }, once }) =>
      createdAnswer(
        await subscribe(
          options,
          { channel, target, filter },
          { actor: { id, role }, remember: remembering(options.once, once, createdAnswer) },
        ),
      ),
  ),

  serve(contract.listAlertSubscriptions, async ({ query: { limit, cursor } }) => {
    const scope = 'alert-subscriptions';
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, subscriptionPositionSchema);
    const page = await listSubscriptions(options, limit, after);
    const own = page.own.map(async (one) => subscriptionBody(one, await stateOf(options, one)));
    return {
      status: 200,
      body: {
        items: [...page.stage.map(stageSubscriptionBody), ...(await Promise.all(own))],
        nextCursor: page.next === null ? null : await options.cursors.seal(scope, page.next),
      },
    };
  }),

  serve(contract.getAlertSubscription, async ({ params: { subscriptionId } }) => {
    const ofStage = options.stage.find(({ id }) => id === subscriptionId);
    if (ofStage !== undefined) return { status: 200, body: stageSubscriptionBody(ofStage), version: 1 };
    const found = await options.subscriptions.find(subscriptionId);
    if (found?.state !== 'live') throw new NotFound('alert subscription', subscriptionId);
    return { status: 200, body: subscriptionBody(found, await stateOf(options, found)), version: found.version };
  }),

  serve(contract.deleteAlertSubscription, async ({ principal: { id, role }, params: { subscriptionId }, ifMatch }) => {
    await unsubscribe(options, subscriptionId, ifMatch ?? 0, { id, role });
    return { status: 204 };
  }),
];
