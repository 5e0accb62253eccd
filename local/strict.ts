/**
 * The strict profile of the local desk (`npm start -- --strict`): the freedoms that AWS takes, taken all the time instead of
 * now and then, so that what relies on the comfortable behaviour fails here and not in production. Chance is seeded. It holds for
 * the database, streams, queues, workers and the gateway.
 */
export interface Strict {
  /** The same seed makes the same choices in the same order of calls. */
  readonly seed: number;
}

/** The seed when none is given. */
export const defaultSeed = 489_786;
