import * as z from 'zod';

/** What the game day reads of the desk's answers, beside what the demo does. */
export const alarms = z.object({
  items: z.array(z.object({ name: z.string(), state: z.string(), since: z.iso.datetime(), reason: z.string() })),
});
export type AlarmSeen = z.output<typeof alarms>['items'][number];

export const clock = z.object({ now: z.iso.datetime() });
export const moved = z.object({ idle: z.boolean(), waitingFor: z.array(z.string()).default([]) });
export const timeline = z.object({ items: z.array(z.object({ type: z.string(), at: z.string() })) });

export const alerts = z.object({
  items: z.array(
    z.object({
      ticketId: z.string(),
      at: z.iso.datetime(),
      deliveries: z.array(z.object({ state: z.string(), attempts: z.number() })),
    }),
  ),
});
