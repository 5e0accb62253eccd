import { applyPolicy, policyEffect, RunningTickets, walkPositionSchema } from '../desk/index.ts';
import { PeopleStore } from '../people/index.ts';
import { Applications, type PolicyBook } from '../sla/index.ts';
import { policyBooks, type TicketPorts } from './desk.ts';
import type { operations } from './operations.ts';

type Operations = ReturnType<typeof operations>;

/** The wiring between policies, which the SLA context keeps, and the tickets that run by them, which are the desk's. */
const walking = (base: Operations) => {
  const walk = new RunningTickets({ ...base, people: new PeopleStore(base) });
  return {
    clock: base.clock,
    applications: new Applications(base),
    running: {
      page: async (position: string, limit: number) => {
        const at = position === '' ? null : walkPositionSchema.parse(JSON.parse(position));
        const { ticketIds, next } = await walk.page(at, limit);
        return { ticketIds, next: next === null ? null : JSON.stringify(next) };
      },
    },
  };
};

/** Looks at what applying a policy would do. */
export const policyPreviewer = (base: Operations, ports: TicketPorts) => {
  return {
    ...walking(base),
    effectOf: (ticketId: string, policyId: string, book: PolicyBook) =>
      policyEffect({ ...ports, policies: { current: async () => book } }, ticketId, policyId),
  };
};

/** Applies policies. */
export const policyApplier = (base: Operations, tickets: TicketPorts, zone: string) => {
  const ports = { ...tickets, policies: policyBooks(base, tickets.terms, zone) };
  return {
    ...walking(base),
    applyTo: (ticketId: string, how: Parameters<typeof applyPolicy>[2]) => applyPolicy(ports, ticketId, how),
  };
};
