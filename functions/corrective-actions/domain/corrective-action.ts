import * as z from 'zod';

/** Where a corrective action stands. Whether it was effective is only asked of what was done. */
export const states = ['open', 'in_progress', 'done', 'verified', 'ineffective', 'cancelled'] as const;
export type State = (typeof states)[number];

/** How it will be seen whether the action helped, and when. */
const effectivenessSchema = z.object({ check: z.string(), checkOn: z.string() });

/** What somebody does so that a promise is not broken again (S-51). */
export const correctiveActionSchema = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  ownerId: z.string(),
  teamId: z.string().nullable(),
  dueOn: z.string().describe('The last local day of the reporting zone on which it is in time.'),
  violationIds: z.array(z.string()),
  effectiveness: effectivenessSchema.nullable(),
  state: z.enum(states),
  /** What was said at the last change of the state. */
  note: z.string().nullable(),
  doneAt: z.string().nullable(),
  createdBy: z.string(),
  version: z.number().int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type CorrectiveAction = z.infer<typeof correctiveActionSchema>;

/** The same number that a report names of one repetition; beyond it an action is about something else. */
export const mostViolations = 50;

const transitions: Readonly<Record<State, readonly State[]>> = {
  open: ['in_progress', 'done', 'cancelled'],
  in_progress: ['open', 'done', 'cancelled'],
  done: ['in_progress', 'verified', 'ineffective'],
  ineffective: ['in_progress', 'cancelled'],
  verified: [],
  cancelled: [],
};

export const nextStates = (state: State): readonly State[] => transitions[state];

/** Nothing more comes of it: its fields are not changed any more either. */
export const isFinal = (state: State): boolean => transitions[state].length === 0;

/** Whether it stands against a repetition: what was given up, or did not help, does not. */
export const stands = (state: State): boolean => state !== 'cancelled' && state !== 'ineffective';

const isOpen = (state: State): boolean => state === 'open' || state === 'in_progress' || state === 'ineffective';

/** `today` is the local day of the reporting zone. */
export const isOverdue = ({ state, dueOn }: CorrectiveAction, today: string): boolean => isOpen(state) && dueOn < today;

/** The action in another state. Leaving `done` for work takes back when it was done. */
export const moved = (
  action: CorrectiveAction,
  state: State,
  { note, at }: { readonly note: string | null; readonly at: string },
): CorrectiveAction => ({
  ...action,
  state,
  note,
  doneAt: state === 'done' ? at : isOpen(state) && state !== 'ineffective' ? null : action.doneAt,
  updatedAt: at,
  version: action.version + 1,
});
