/** When a clock counts. Versions are kept per clock cycle, so that a past due date can be computed again. */
export interface Calendar {
  readonly id: string;
  readonly version: number;
  /** The instant at which `countedMs` of open time have passed since `from` (ms since the epoch). */
  due(from: number, countedMs: number): number;
  /** Open time between two instants in ms; 0 for a reversed range. */
  elapsed(from: number, to: number): number;
}

/** Every second counts. */
export const roundTheClock: Calendar = {
  id: 'cal_round_the_clock',
  version: 1,
  due: (from, countedMs) => from + countedMs,
  elapsed: (from, to) => Math.max(0, to - from),
};
