/** The context of drills: disasters that are declared, to see what the backups are worth. */
export { awsActions } from './aws/actions.ts';
export { jobStates } from './aws/backups.ts';
export { backupClient, tablesClient } from './aws/clients.ts';
export type { DrillAwsOptions } from './aws/options.ts';

export { answerOf as drillAnswerOf } from './domain/answer.ts';
export { type Drill, isOver, ownTable, progressSchema } from './domain/drill.ts';
export { doingBy } from './doing.ts';
export { drillsRoutes, type DrillsOptions } from './handlers.ts';
export { plansRoutes, type PlansOptions } from './plan-handlers.ts';
export { PlanStore } from './plan-store.ts';
export { drillsContract } from './routes.ts';
export { scratchTables } from './scratch-tables.ts';
export { DrillStore } from './store.ts';
export { drillDueHandler } from './use-cases/attend-drill.ts';
export { planDueHandler } from './use-cases/attend-plan.ts';
export type { AttendPorts, RaisedTrouble, TableService } from './use-cases/ports.ts';
export { serveRestored } from './use-cases/serve-restored.ts';
export { type JobEvent, jobEventSchema, wakeDrills } from './use-cases/wake-drills.ts';
export { Verifier } from './verification/verifier.ts';
export { WorkStore } from './verification/work-store.ts';
