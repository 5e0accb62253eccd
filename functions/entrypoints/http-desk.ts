import { deskRoutes, TicketLists } from '../desk/index.ts';
import { peopleRoutes, principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { policyBooks, ticketPorts } from './desk.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-desk']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const ports = ticketPorts(base);
const people = { ...base, once, ...ports.people };
const policies = policyBooks(base, ports.terms, environment.REPORTING_ZONE);
const lists = new TicketLists({ ...base, operationsTable: base.table, listsTable: environment.LISTS_TABLE });

/** Tickets, customers, contacts, teams, agents and /me. Trigger: the HTTP API. Its failure costs the desk its front door. */
export const handler = httpHandler({
  routes: [...deskRoutes({ ...base, ...ports, once, people, policies, lists }), ...peopleRoutes(people)],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
