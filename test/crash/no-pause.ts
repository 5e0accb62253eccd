/** Stands in for `node:timers/promises` in the bundle: time of a history is its own, and pauses take none. */
export const setTimeout = async (): Promise<void> => {};
