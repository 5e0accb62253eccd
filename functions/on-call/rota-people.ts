import { agents, type PeopleStore, teams } from '../people/index.ts';
import type { People } from './use-cases/ports.ts';

/** The people of rotas, from the people context. */
export const rotaPeople = (store: PeopleStore): People => ({
  hasTeam: (id) => store.exists(teams, id),
  hasAgent: (id) => store.exists(agents, id),
  namesOf: async (agentIds) => {
    const found = await Promise.all([...new Set(agentIds)].map((id) => store.find(agents, id)));
    return new Map(found.flatMap((agent) => (agent === null ? [] : [[agent.id, agent.name] as const])));
  },
});
