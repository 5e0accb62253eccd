/** The SLA context: clocks as a pure function of a ticket's timeline. Other contexts use it through this file only. */
export { Calendar, everySecond, roundTheClock } from './domain/calendar.ts';
export { type Clock, isLive, refOf } from './domain/clock.ts';
export { claimOf, type TermsOf } from './domain/cycles.ts';
export { evaluate } from './domain/evaluate.ts';
export { duration, explainClock } from './domain/explain.ts';
export {
  type DueMilestone,
  dueMilestones,
  type Milestone,
  milestonesOf,
  nextDueAt,
  nextMilestoneAt,
  owedDueAt,
} from './domain/milestones.ts';
export { firstTerms, type Policy, type Terms } from './domain/policy.ts';
export * from './domain/timeline.ts';
export { firstMatch, type PolicyBook, policyOf } from './domain/book.ts';
export type { VersionRef } from './domain/calendar-rules.ts';
export type { EscalationTarget, PolicySubject } from './domain/policy.ts';
export { Applications } from './applications.ts';
export { applicationDueHandler } from './use-cases/run-application.ts';
export { slaRoutes } from './handlers.ts';
export { PolicyBooks } from './policy-books.ts';
export { slaContract } from './routes.ts';
export { SlaStore } from './store.ts';
export { TermsLibrary } from './terms-library.ts';
