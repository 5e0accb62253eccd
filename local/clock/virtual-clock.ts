/**
 * Virtual time of the local desk. `clock/` implements it; queues, sources, schedules and workers live by it.
 * Time runs at wall speed from wherever it was set; `advance` jumps from wake-up to wake-up, in order, and lets the
 * desk fall idle at each before it goes on.
 */
export interface VirtualClock {
  /** Milliseconds since the epoch, virtual. */
  now(): number;
  /** Runs `task` once virtual time has reached `at` (at once, asynchronously, when it already has). Returns a cancel function. */
  wakeAt(at: number, task: () => void): () => void;
  /** An Int32Array-compatible shared cell pair that workers read: [0] = virtual minus wall time in ms (BigInt64). */
  readonly offset: SharedArrayBuffer;
}
