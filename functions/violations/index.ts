/** The context of SLA violations: broken promises as they are counted, listed and reported. What says them is the desk. */
export { violationsRoutes, type ViolationsOptions } from './handlers.ts';
export { violationsContract } from './routes.ts';
