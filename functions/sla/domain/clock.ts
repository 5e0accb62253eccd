import type { Metric } from './timeline.ts';

export type ClockState = 'running' | 'paused' | 'met' | 'breached' | 'cancelled';

export interface Pause {
  readonly from: number;
  /** Null while it lasts. */
  readonly to: number | null;
  readonly reason: string;
}

/** One clock as it stands at the instant of evaluation. Instants in ms since the epoch. */
export interface Clock {
  readonly metric: Metric;
  readonly cycle: number;
  readonly state: ClockState;
  readonly targetSeconds: number;
  readonly startedAt: number;
  /** When it is or was due; while it is paused, the due date if it resumed now. */
  readonly dueAt: number;
  readonly stoppedAt: number | null;
  /** Counted time so far, pauses deducted. */
  readonly elapsedMs: number;
  readonly pauses: readonly Pause[];
  /** Whether a breach event of this cycle stands in the timeline. */
  readonly breachRecorded: boolean;
  readonly explain: readonly string[];
}

/** Neither stopped nor cancelled: time still runs or is paused. */
export const isLive = (clock: Clock): boolean => clock.stoppedAt === null;
