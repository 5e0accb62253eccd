import * as z from 'zod';
import { changedHeadsPlaceSchema } from '../../platform/store/changed-heads.ts';
import { isGroupName } from '../domain/group.ts';
import { driftOfKinds, noDrift, recountReasons, recountStates } from '../domain/recount.ts';

const count = z.number().int().nonnegative();
const driftSchema = z.object(driftOfKinds(count));

const dirtyHourSchema = z.object({
  kpi: z.string(),
  hour: z.string(),
  groups: z.array(z.string()).transform((groups) => groups.filter(isGroupName)),
});

/** An hour whose figures differ from its facts; `seen` tells whether both still are as they were. */
const suspectSchema = z.object({ kpi: z.string(), hour: z.string(), seen: z.string() });
export type Suspect = z.infer<typeof suspectSchema>;

/**
 * What comes next: the tickets that were changed (and once more those that were changed meanwhile, since one that moves in
 * the index while it is read may be passed by), the facts of each day and KPI, and the hours under suspicion, minutes later.
 */
const placeSchema = z.discriminatedUnion('phase', [
  z.object({
    phase: z.literal('tickets'),
    pass: z.union([z.literal(1), z.literal(2)]),
    began: z.number(),
    scan: changedHeadsPlaceSchema.nullable(),
  }),
  z.object({ phase: z.literal('days'), next: count }),
  z.object({ phase: z.literal('suspects'), next: count, notBefore: z.number(), round: count }),
]);

/** A recount as it is kept, see run-recount.ts. Instants of the period in ms, null without a bound. */
export const recountJobSchema = z.object({
  id: z.string(),
  reason: z.enum(recountReasons),
  /** One job at a time has it: `requested`, `nightly`, `gap-<the last heartbeat before>`. */
  slot: z.string(),
  state: z.enum(recountStates),
  from: z.number().nullable(),
  to: z.number().nullable(),
  requestedBy: z.string().nullable(),
  requestedAt: z.string(),
  startedAt: z.string().nullable(),
  endedAt: z.string().nullable(),
  /** The ticket counter when it began, and as it was known for the beginning of the period. */
  numbered: count,
  numberedAfter: count,
  place: placeSchema,
  /** Days times KPIs, and the first of the days. */
  days: count,
  firstDay: z.string(),
  examined: z.object({ tickets: count, facts: count, days: count }),
  drift: driftSchema,
  /** What was about to be written when this was saved: the next run marks its hours, whatever became of the writes. */
  intended: z.object({ drift: driftSchema, hours: z.array(dirtyHourSchema) }).nullable(),
  suspects: z.array(suspectSchema),
  /** Runs that began at this place and did not save. */
  attempts: count,
  /** Tickets that could not be examined, whatever was tried. */
  failed: count,
});
export type RecountJob = z.infer<typeof recountJobSchema>;

/** A new job, as it waits for its first run. */
export const newRecount = (
  asked: Pick<RecountJob, 'id' | 'reason' | 'slot' | 'from' | 'to' | 'requestedBy' | 'requestedAt'>,
): RecountJob => ({
  ...asked,
  state: 'waiting',
  startedAt: null,
  endedAt: null,
  numbered: 0,
  numberedAfter: 0,
  place: { phase: 'tickets', pass: 1, began: 0, scan: null },
  days: 0,
  firstDay: '',
  examined: { tickets: 0, facts: 0, days: 0 },
  drift: noDrift,
  intended: null,
  suspects: [],
  attempts: 0,
  failed: 0,
});
