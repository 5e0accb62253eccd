/** The people context: customers, contacts, teams, agents, and the logins behind them. */
export {
  contactByEmail,
  importedAgent,
  importedContact,
  importedCustomer,
  importedTeam,
} from './use-cases/find-or-register.ts';
export type { RegisterPorts } from './use-cases/register.ts';
export { peopleRoutes } from './handlers.ts';
export { principalSource } from './principals.ts';
export { peopleContract } from './routes.ts';
export { agents, contacts, customers, PeopleStore, teams } from './store.ts';
