import * as z from 'zod';
import { type Position, positionSchema } from '../../platform/store/heads.ts';
import type { StageRecipient, Subscription } from '../domain/subscription.ts';

/** Where the list goes on: at one of the stage's, or behind one of our own. */
export const subscriptionPositionSchema = z.union([
  z.object({ stage: z.number().int() }),
  z.object({ own: positionSchema.nullable() }),
]);
export type SubscriptionPosition = z.infer<typeof subscriptionPositionSchema>;

export interface ListSubscriptionsPorts {
  readonly stage: readonly StageRecipient[];
  readonly roster: {
    page(
      limit: number,
      after: Position | null,
    ): Promise<{ readonly items: readonly Subscription[]; readonly next: Position | null }>;
  };
}

export interface SubscriptionPage {
  readonly stage: readonly StageRecipient[];
  readonly own: readonly Subscription[];
  readonly next: SubscriptionPosition | null;
}

/** One page: the stage's subscriptions first, then those made by the API. */
export const listSubscriptions = async (
  { stage, roster }: ListSubscriptionsPorts,
  limit: number,
  after: SubscriptionPosition | null,
): Promise<SubscriptionPage> => {
  const position = after ?? { stage: 0 };
  const from = 'stage' in position ? position.stage : stage.length;
  const ofStage = stage.slice(from, from + limit);
  if (ofStage.length === limit) {
    const next = from + limit;
    return { stage: ofStage, own: [], next: next < stage.length ? { stage: next } : { own: null } };
  }
  const page = await roster.page(limit - ofStage.length, 'own' in position ? position.own : null);
  return { stage: ofStage, own: page.items, next: page.next === null ? null : { own: page.next } };
};
