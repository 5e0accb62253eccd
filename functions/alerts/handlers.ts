import type { Role } from '../platform/actor.ts';
import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { type NewSubscriptionBody, stageSubscriptionBody, subscriptionBody, type SubscriptionBody } from './answers.ts';
import type { SmsSpend } from './domain/sms-spend.ts';
import { type Channel, isTopicChannel, type Subscription, type SubscriptionWishes } from './domain/subscription.ts';
import * as contract from './routes.ts';
import { changeSubscription } from './use-cases/change-subscription.ts';
import {
  listSubscriptions,
  type ListSubscriptionsPorts,
  subscriptionPositionSchema,
} from './use-cases/list-subscriptions.ts';
import {
  type Confirmation,
  confirmationOf,
  type MadeSubscription,
  subscribe,
  type SubscribePorts,
} from './use-cases/subscribe.ts';
import { unsubscribe } from './use-cases/unsubscribe.ts';

export interface AlertSubscriptionRoutesOptions extends SubscribePorts, ListSubscriptionsPorts {
  readonly cursors: Cursors;
  readonly once: OnceRecords;
  /** What the texts of this month have cost. */
  readonly spend: { read(): Promise<SmsSpend> };
}

/** Whether the address of a subscription gets mail; one whose endpoint is unknown here does not. */
const stateOf = async (
  options: AlertSubscriptionRoutesOptions,
  { channel, target }: Subscription,
): Promise<Confirmation> => {
  if (!isTopicChannel(channel)) return 'active';
  const endpoint = await options.subscriptions.endpoint(channel, target);
  return endpoint === null ? 'lapsed' : confirmationOf(options.endpoints, channel, endpoint.arn);
};

/** The fields that the caller has named. */
const given = ({
  filter,
  quietHours,
  digest,
  digestAt,
  agentId,
}: {
  readonly [Name in keyof SubscriptionWishes]?: SubscriptionWishes[Name] | undefined;
}): Partial<SubscriptionWishes> => ({
  ...(filter === undefined ? {} : { filter }),
  ...(quietHours === undefined ? {} : { quietHours }),
  ...(digest === undefined ? {} : { digest }),
  ...(digestAt === undefined ? {} : { digestAt }),
  ...(agentId === undefined ? {} : { agentId }),
});

const spendFor = async (
  options: AlertSubscriptionRoutesOptions,
  channels: readonly Channel[],
): Promise<SmsSpend | null> => (channels.includes('sms') ? options.spend.read() : null);

const shown = async (
  options: AlertSubscriptionRoutesOptions,
  subscription: Subscription,
  role: Role,
): Promise<Answer<SubscriptionBody> & { readonly status: 200 }> => ({
  status: 200,
  body: subscriptionBody(subscription, {
    state: await stateOf(options, subscription),
    sms: await spendFor(options, [subscription.channel]),
    whole: contract.maySubscribe(role),
  }),
  version: subscription.version,
});

const createdAnswer =
  (sms: SmsSpend | null) =>
  ({ subscription, state, secret }: MadeSubscription): Answer<NewSubscriptionBody> => ({
    status: 201,
    body: { ...subscriptionBody(subscription, { state, sms, whole: true }), secret },
    version: subscription.version,
    location: `/v1/alert-subscriptions/${subscription.id}`,
  });

/** Who is told of alerts. Needs SNS, which confirms addresses. */
export const alertSubscriptionRoutes = (options: AlertSubscriptionRoutesOptions): readonly BoundRoute[] => [
  serve(contract.createAlertSubscription, async ({ principal: { id, role }, body, once }) => {
    const created = createdAnswer(await spendFor(options, [body.channel]));
    const actor = { id, role };
    return created(await subscribe(options, body, { actor, remember: remembering(options.once, once, created) }));
  }),

  serve(contract.listAlertSubscriptions, async ({ principal: { role }, query: { limit, cursor } }) => {
    const scope = 'alert-subscriptions';
    const whole = contract.maySubscribe(role);
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, subscriptionPositionSchema);
    const page = await listSubscriptions(options, limit, after);
    const spend = await spendFor(
      options,
      [...page.stage, ...page.own].map(({ channel }) => channel),
    );
    const smsOf = (channel: Channel): SmsSpend | null => (channel === 'sms' ? spend : null);
    const own = page.own.map(async (one) =>
      subscriptionBody(one, { state: await stateOf(options, one), sms: smsOf(one.channel), whole }),
    );
    return {
      status: 200,
      body: {
        items: [
          ...page.stage.map((one) => stageSubscriptionBody(one, smsOf(one.channel))),
          ...(await Promise.all(own)),
        ],
        nextCursor: page.next === null ? null : await options.cursors.seal(scope, page.next),
      },
    };
  }),

  serve(contract.getAlertSubscription, async ({ principal: { role }, params: { subscriptionId } }) => {
    const ofStage = options.stage.find(({ id }) => id === subscriptionId);
    if (ofStage !== undefined) {
      const sms = await spendFor(options, [ofStage.channel]);
      return { status: 200, body: stageSubscriptionBody(ofStage, sms), version: 1 };
    }
    const found = await options.subscriptions.find(subscriptionId);
    if (found?.state !== 'live') throw new NotFound('alert subscription', subscriptionId);
    return shown(options, found, role);
  }),

  serve(
    contract.changeAlertSubscription,
    async ({ principal: { id, role }, params: { subscriptionId }, body, ifMatch }) => {
      const how = { readVersion: ifMatch ?? 0, actor: { id, role } };
      return shown(options, await changeSubscription(options, subscriptionId, given(body), how), role);
    },
  ),

  serve(contract.deleteAlertSubscription, async ({ principal: { id, role }, params: { subscriptionId }, ifMatch }) => {
    await unsubscribe(options, subscriptionId, ifMatch ?? 0, { id, role });
    return { status: 204 };
  }),
];
