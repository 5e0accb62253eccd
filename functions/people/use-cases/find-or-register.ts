import type { Actor } from '../../platform/actor.ts';
import { AlreadyExists } from '../../platform/errors.ts';
import { type RegisterPorts, registerAgent, registerContact, registerCustomer, registerTeam } from './register.ts';

/** Finds the id that an outside name was registered under, or registers it; a race with another caller finds theirs. */
const foundOr = async (
  ports: RegisterPorts,
  source: string,
  externalId: string,
  register: () => Promise<{ readonly id: string }>,
): Promise<string> => {
  const known = await ports.externalIds.find(source, externalId);
  if (known !== null) return known.id;
  try {
    return (await register()).id;
  } catch (error) {
    if (!(error instanceof AlreadyExists)) throw error;
    const theirs = await ports.externalIds.find(source, externalId);
    if (theirs === null) throw error;
    return theirs.id;
  }
};

/** The contact of a customer with this mail address; registered on the first ticket. */
export const contactByEmail = (
  ports: RegisterPorts,
  customerId: string,
  requester: { readonly name: string; readonly email: string; readonly phone: string | null },
  actor: Actor,
): Promise<string> =>
  foundOr(ports, `contact:${customerId}`, requester.email, () =>
    registerContact(ports, { customerId, ...requester, subject: null }, { actor }),
  );

/** The records that imported names stand for, per source: `servicenow` + `Location 143` is one customer for ever. */
export const importedCustomer = (ports: RegisterPorts, source: string, name: string, actor: Actor): Promise<string> => {
  const claimed = `customer:${source}`;
  return foundOr(ports, claimed, name, () =>
    registerCustomer(
      ports,
      { name, tier: 'standard' },
      { actor, claim: (id) => ports.externalIds.claim(claimed, name, id) },
    ),
  );
};

export const importedTeam = (ports: RegisterPorts, source: string, name: string, actor: Actor): Promise<string> => {
  const claimed = `team:${source}`;
  return foundOr(ports, claimed, name, () =>
    registerTeam(ports, { name }, { actor, claim: (id) => ports.externalIds.claim(claimed, name, id) }),
  );
};

export const importedAgent = (ports: RegisterPorts, source: string, name: string, actor: Actor): Promise<string> => {
  const claimed = `agent:${source}`;
  return foundOr(ports, claimed, name, () =>
    registerAgent(
      ports,
      { name, email: null, teamId: null, role: 'agent', subject: null },
      { actor, claim: (id) => ports.externalIds.claim(claimed, name, id) },
    ),
  );
};

export const importedContact = (
  ports: RegisterPorts,
  source: string,
  customerId: string | null,
  name: string,
  actor: Actor,
): Promise<string> => {
  const claimed = `contact:${source}:${customerId ?? 'none'}`;
  return foundOr(ports, claimed, name, () =>
    registerContact(
      ports,
      { customerId, name, email: null, phone: null, subject: null },
      { actor, claim: (id) => ports.externalIds.claim(claimed, name, id) },
    ),
  );
};
