import type { VirtualClock } from './virtual-clock.ts';

/** Resolves when virtual time has reached `at`, or at once when the signal aborts. */
export const waitUntil = (clock: VirtualClock, at: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const stop = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.wakeAt(at, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
  });
