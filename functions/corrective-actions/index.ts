/** The context of corrective actions: what is done so that a promise is not broken again, by whom, until when, and whether it helped. */
export { type CorrectiveAction, mostViolations } from './domain/corrective-action.ts';
export { correctiveActionsRoutes, type CorrectiveActionsOptions } from './handlers.ts';
export { correctiveActionsContract } from './routes.ts';
export { CorrectiveActionStore } from './store.ts';
