/** Schedules of plans. A file of its own beside the function that makes and changes plans, loaded by the first that does. */
export { nextRun, scheduleProblem } from './domain/schedule.ts';
