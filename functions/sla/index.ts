/** The SLA context: clocks as a pure function of a ticket's timeline. Other contexts use it through this file only. */
export { roundTheClock, type Calendar } from './domain/calendar.ts';
export { type Clock, isLive } from './domain/clock.ts';
export { nextDueAt, owedDueAt, unrecordedBreaches } from './domain/due.ts';
export { evaluate } from './domain/evaluate.ts';
export { duration } from './domain/explain.ts';
export { defaultPolicy, type Policy } from './domain/policy.ts';
export * from './domain/timeline.ts';
