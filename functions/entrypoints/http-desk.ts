import { deskRoutes, TicketLists, TicketStore } from '../desk/index.ts';
import { peopleRoutes, PeopleStore, principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-desk']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const people = { ...base, once, store: new PeopleStore(base) };
const lists = new TicketLists({ ...base, operationsTable: base.table, listsTable: environment.LISTS_TABLE });

/** Tickets, customers, contacts, teams, agents and /me. Trigger: the HTTP API. Its failure costs the desk its front door. */
export const handler = httpHandler({
  routes: [...deskRoutes({ ...base, once, tickets: new TicketStore(base), people, lists }), ...peopleRoutes(people)],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
