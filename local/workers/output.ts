import { setImmediate as nextTurn } from 'node:timers/promises';

/** A worker's output goes by the host; so many turns are enough for all that a handler prints. */
const mostTurns = 200;

/** Waits until what was printed has left the thread, so that freezing holds no log line back. */
export const flushed = async (): Promise<void> => {
  for (let turn = 0; turn < mostTurns; turn += 1) {
    if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) return;
    await nextTurn();
  }
};
