import { TicketStore } from '../desk/index.ts';
import { onCallNow, OnCallRotas } from '../on-call/index.ts';
import { PeopleStore } from '../people/index.ts';
import { PolicyBooks, SlaStore, TermsLibrary } from '../sla/index.ts';
import type { operations } from './operations.ts';

type Operations = ReturnType<typeof operations>;

export type TicketPorts = ReturnType<typeof ticketPorts>;

/** The wiring of everything that reads and changes tickets: their clocks are told of on the way. */
export const ticketPorts = (base: Operations) => {
  const rotas = new OnCallRotas(base);
  const terms = new TermsLibrary(base);
  return {
    terms,
    tickets: new TicketStore({ ...base, terms }),
    people: { ...base, store: new PeopleStore(base) },
    onCall: {
      agentOf: async (teamId: string, at: number): Promise<string | null> => {
        const rota = await rotas.ofTeam(teamId);
        return rota === null ? null : (onCallNow(rota, at)?.agentId ?? null);
      },
    },
    clock: base.clock,
  };
};

/** The policies by which new and changed tickets are measured. `zone`: of the working hours that a new desk begins with. */
export const policyBooks = (base: Operations, terms: TermsLibrary, zone: string): PolicyBooks =>
  new PolicyBooks({ ...base, terms, sla: new SlaStore(base), zone });
