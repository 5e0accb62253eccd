import { setTimeout as sleep } from 'node:timers/promises';

/** A worker's output goes by the host, which may be busy; nobody waits longer for it than this. */
const patienceMs = 2000;

/** Waits until what was printed has left the thread, so that freezing holds no log line back. */
export const flushed = async (): Promise<void> => {
  const deadline = performance.now() + patienceMs;
  while (process.stdout.writableLength + process.stderr.writableLength > 0 && performance.now() < deadline)
    await sleep(1);
};
