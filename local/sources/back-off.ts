import { setTimeout as sleep } from 'node:timers/promises';

/** Retries come quickly by the wall clock at first; a record that fails for so long waits in virtual time. */
export const quickRetries = 60;
export const virtualWaitMs = 30_000;
const quickestMs = 25;
const slowestMs = 500;

/** Waits before a quick retry, longer each time. */
export const quickPause = async (attempts: number, signal: AbortSignal): Promise<void> => {
  await sleep(Math.min(slowestMs, quickestMs * 2 ** Math.min(attempts, 10)), null, { signal }).catch(() => null);
};
