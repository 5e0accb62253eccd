import { chanceOf } from '../chance.ts';
import type { Strict } from '../strict.ts';

/** Of the deliveries that went well, so many come again. */
const repeatedShare = 0.15;

/**
 * Says of each delivery of a mapping in turn whether it comes again although it was answered well: Lambda promises at least
 * once, and now and then takes the promise by its word. Never without the strict profile.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
 */
export const repeatedDelivery = (strict: Strict | null, mappingId: string): (() => boolean) => {
  if (strict === null) return () => false;
  let deliveries = 0;
  return () => {
    deliveries += 1;
    return chanceOf(strict.seed, 'again', mappingId, deliveries) < repeatedShare;
  };
};
