import * as z from 'zod';
import { itemKind } from '../platform/store/item-kind.ts';
import { alertSchema } from './domain/alert.ts';
import { deliverySchema } from './domain/delivery.ts';
import { endpointSchema, subscriptionSchema } from './domain/subscription.ts';

/** What the alerts context keeps in the operations table; keys.ts says where. */
export const alertKind = itemKind('alert', alertSchema);
export const deliveryKind = itemKind('delivery', deliverySchema);
export const subscriptionKind = itemKind('subscription', subscriptionSchema.extend({ chain: z.string() }));
export const rosterEntryKind = itemKind(
  'roster entry',
  z.union([z.object({ gone: z.literal(true) }), subscriptionSchema]),
);
export const endpointKind = itemKind('endpoint', endpointSchema);
