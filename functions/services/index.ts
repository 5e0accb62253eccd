/** The context of services: the catalogue, and what is promised of getting their data back. */
export type { Freshness, LastDrill, Service } from './domain/service.ts';
export { servicesRoutes, type ServicesOptions } from './handlers.ts';
export { servicesContract } from './routes.ts';
export { ServiceStore } from './store.ts';
