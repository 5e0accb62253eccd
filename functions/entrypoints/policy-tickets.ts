import { applyPolicy, policyEffect, RunningTickets, walkPositionSchema } from '../desk/index.ts';
import { PeopleStore } from '../people/index.ts';
import { Applications, type PolicyBook } from '../sla/index.ts';
import { policyBooks, ticketPorts } from './desk.ts';
import type { operations } from './operations.ts';

/** The wiring between policies, which the SLA context keeps, and the tickets that run by them, which are the desk's. */
export const policyTickets = (base: ReturnType<typeof operations>, zone: string) => {
  const walk = new RunningTickets({ ...base, people: new PeopleStore(base) });
  const ports = { ...ticketPorts(base), policies: policyBooks(base, zone) };
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
    effectOf: (ticketId: string, policyId: string, book: PolicyBook) =>
      policyEffect({ ...ports, policies: { current: async () => book } }, ticketId, policyId),
    applyTo: (ticketId: string, how: Parameters<typeof applyPolicy>[2]) => applyPolicy(ports, ticketId, how),
  };
};
