import * as z from 'zod';
import { itemKind } from '../platform/store/item-kind.ts';
import { alertSchema } from './domain/alert.ts';
import { deliverySchema } from './domain/delivery.ts';
import { paceSchema, parcelEntrySchema, parcelSchema, parcelSealSchema } from './domain/parcel.ts';
import { spendSchema } from './domain/sms-spend.ts';
import { endpointSchema, subscriptionSchema } from './domain/subscription.ts';
import {
  alertOfVersion1,
  alertOfVersion2,
  alertOfVersion3,
  deliveryOfVersion1,
  parcelEntryOfVersion1,
  parcelEntryOfVersion2,
  rosterEntryOfVersion1,
  rosterEntryOfVersion2,
  subscriptionOfVersion1,
  subscriptionOfVersion2,
} from './former-items.ts';

/** What the alerts context keeps in the operations table; keys.ts says where. */
export const alertKind = itemKind('alert', alertSchema, [alertOfVersion1, alertOfVersion2, alertOfVersion3]);
export const deliveryKind = itemKind('delivery', deliverySchema, [deliveryOfVersion1]);
export const subscriptionKind = itemKind(
  'subscription',
  subscriptionSchema.extend({
    chain: z.string(),
    /** What a webhook's signatures are made with. Nowhere else: neither in the roster nor in an event. */
    secret: z.string().optional(),
  }),
  [subscriptionOfVersion1, subscriptionOfVersion2],
);
export const rosterEntryKind = itemKind(
  'roster entry',
  z.union([z.object({ gone: z.literal(true) }), subscriptionSchema]),
  [rosterEntryOfVersion1, rosterEntryOfVersion2],
);
export const endpointKind = itemKind('endpoint', endpointSchema);
export const parcelKind = itemKind('parcel', parcelSchema);
export const parcelEntryKind = itemKind('parcel entry', parcelEntrySchema, [
  parcelEntryOfVersion1,
  parcelEntryOfVersion2,
]);
export const parcelSealKind = itemKind('parcel seal', parcelSealSchema);
export const paceKind = itemKind('pace', paceSchema);
export const smsSpendKind = itemKind('sms spend', spendSchema);
