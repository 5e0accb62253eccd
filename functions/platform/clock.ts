/** Where time comes from: use cases and stores receive it, the domain gets instants as arguments. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** ISO 8601 in UTC with milliseconds: the one form in which instants are stored and answered. */
export const isoInstant = (milliseconds: number): string => new Date(milliseconds).toISOString();

/** Milliseconds of a stored instant. Throws when it is none: stored instants have been validated on the way in. */
export const milliseconds = (instant: string): number => {
  const value = Date.parse(instant);
  if (Number.isNaN(value)) throw new RangeError(`not an instant: ${instant}`);
  return value;
};
