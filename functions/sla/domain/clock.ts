import type { Calendar } from './calendar.ts';
import type { VersionRef } from './calendar-rules.ts';
import type { Stop } from './cycles.ts';
import type { Pause } from './pause.ts';
import type { Policy, Target } from './policy.ts';
import type { ClockName, Priority } from './timeline.ts';

export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

/** One clock as it stands at the instant of evaluation. Instants in ms since the epoch. */
export interface Clock extends ClockName {
  readonly state: ClockState;
  readonly targetSeconds: number;
  /** The priority that the target is for. */
  readonly priority: Priority;
  readonly startedAt: number;
  /** When it is or was due; while it is paused, the due date if it resumed now. */
  readonly dueAt: number;
  readonly stoppedAt: number | null;
  /** Why it does not run any more: `released` when nothing is promised any more. Null: it runs or is paused. */
  readonly stoppedBy: Stop['how'] | 'released' | null;
  /** Counted time so far, pauses deducted. */
  readonly elapsedMs: number;
  readonly pauses: readonly Pause[];
  /** What was told of it, see `claimOf`. */
  readonly claims: ReadonlySet<string>;
  /** Whether a breach event of this cycle stands in the timeline. */
  readonly breachRecorded: boolean;
  readonly policy: Policy;
  readonly target: Target;
  readonly calendar: Calendar;
}

/** Neither stopped nor cancelled: time still runs or is paused. */
export const isLive = (clock: Clock): boolean => clock.stoppedAt === null;

export const refOf = ({ id, version }: VersionRef): VersionRef => ({ id, version });
