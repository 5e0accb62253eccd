import * as z from 'zod';
import { actorSchema } from '../../platform/actor.ts';

/** How many tickets an invocation looks at, and how often all of them are walked over at most. */
export const ticketsAtOnce = 50;
export const passesAtMost = 3;

/**
 * A policy that is being applied to running tickets. `position` is where the walk stands, as text; empty: at the beginning.
 * After a walk that moved something comes another one, because tickets change their places under it.
 */
export const applicationSchema = z.object({
  id: z.string(),
  policyId: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  moved: z.number().int(),
  unchanged: z.number().int(),
  failed: z.number().int(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  by: actorSchema,
  pass: z.number().int(),
  /** How many had been moved when this walk began. */
  movedBefore: z.number().int(),
  position: z.string(),
  version: z.number().int(),
});
export type Application = z.infer<typeof applicationSchema>;

export const isOver = ({ state }: Application): boolean => state === 'done' || state === 'failed';

/** After the last ticket of a walk: whether there is another one. */
export const walksAgain = ({ pass, moved, movedBefore }: Application): boolean =>
  moved > movedBefore && pass < passesAtMost;
