import * as z from 'zod';

/** An empty list of a filter lets everything through. */
const filter = z.strictObject({
  severity: z.array(z.enum(['critical', 'high', 'normal', 'low'])),
  kind: z.array(z.string()),
  teamId: z.array(z.string()),
  customerId: z.array(z.string()),
});

const id = z
  .string()
  .regex(/^sub_[a-z0-9_]{1,60}$/, 'must be "sub_" and 1 to 60 small letters, digits or underscores: sub_stage_oncall');

/**
 * A subscriber that the stage itself brings along, so that alerts reach somebody from the first minute.
 * Phone numbers are E.164, as SNS takes them: https://docs.aws.amazon.com/sns/latest/dg/sns-mobile-phone-number-as-subscriber.html
 */
export const stageSubscription = z.discriminatedUnion('channel', [
  z.strictObject({ id, channel: z.literal('email'), target: z.email(), filter }),
  z.strictObject({ id, channel: z.literal('sms'), target: z.e164(), filter }),
]);

export type StageSubscription = z.infer<typeof stageSubscription>;

/** Reads and writes the environment variable STAGE_SUBSCRIPTIONS. */
export const stageSubscriptions = z.codec(z.string(), z.array(stageSubscription), {
  decode: (json, context) => {
    try {
      return JSON.parse(json);
    } catch {
      context.issues.push({ code: 'custom', message: 'is not JSON', input: json });
      return z.NEVER;
    }
  },
  encode: (list) => JSON.stringify(list),
});
