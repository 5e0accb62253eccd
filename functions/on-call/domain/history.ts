import * as z from 'zod';
import { withOverride, withoutOverride, withPeriod } from './change.ts';
import { overrideSchema, periodSchema, type Rota } from './rota.ts';

/** What happens to a rota, as its events tell it. They carry all of it: the head forgets what is over. */
export const rotaEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('onCallRota.created'),
    at: z.string(),
    data: z.object({ id: z.string(), teamId: z.string(), name: z.string(), period: periodSchema }),
  }),
  z.object({
    type: z.literal('onCallRota.changed'),
    at: z.string(),
    data: z.object({
      name: z.string().optional(),
      pattern: z.object({ since: z.string(), period: periodSchema }).optional(),
    }),
  }),
  z.object({
    type: z.literal('onCallRota.overrideAdded'),
    at: z.string(),
    data: z.object({ override: overrideSchema }),
  }),
  z.object({
    type: z.literal('onCallRota.overrideEnded'),
    at: z.string(),
    data: z.object({ overrideId: z.string() }),
  }),
  z.object({ type: z.literal('onCallRota.archived'), at: z.string(), data: z.object({}) }),
]);
export type RotaEvent = z.infer<typeof rotaEventSchema>;

/** A rota after one event more; nothing has left it yet. */
export const after = (rota: Rota | null, event: RotaEvent): Rota => {
  const stamped = { version: (rota?.version ?? 0) + 1, updatedAt: event.at };
  if (event.type === 'onCallRota.created') {
    const { period, ...named } = event.data;
    return {
      ...named,
      periods: [period],
      overrides: [],
      keptFrom: null,
      archivedAt: null,
      createdAt: event.at,
      ...stamped,
    };
  }
  if (rota === null) throw new RangeError(`a rota cannot begin with ${event.type}`);
  switch (event.type) {
    case 'onCallRota.changed': {
      const { name, pattern } = event.data;
      const named = { ...rota, ...stamped, name: name ?? rota.name };
      return pattern === undefined ? named : withPeriod(named, pattern.since, pattern.period);
    }
    case 'onCallRota.overrideAdded':
      return { ...withOverride(rota, event.data.override), ...stamped };
    case 'onCallRota.overrideEnded':
      return { ...withoutOverride(rota, event.data.overrideId, event.at), ...stamped };
    case 'onCallRota.archived':
      return { ...rota, ...stamped, archivedAt: event.at };
  }
};

/** The whole rota, with all that it ever was. Null without events. */
export const replay = (events: readonly RotaEvent[]): Rota | null => events.reduce<Rota | null>(after, null);
