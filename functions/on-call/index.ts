/** The on-call context: who of a team is called when. Other contexts use it through this file only. */
export { onCallAt, onCallNow, type OnCall } from './domain/on-call.ts';
export type { Rota } from './domain/rota.ts';
export { onCallRoutes } from './handlers.ts';
export { onCallContract } from './routes.ts';
export { OnCallRotas } from './store.ts';
