import type { Actor } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { NotFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { ExternalIds } from '../../platform/store/external-ids.ts';
import type { Agent, Contact, Customer, Team } from '../domain/records.ts';
import { agents, contacts, customers, type PeopleStore, teams } from '../store.ts';

export interface RegisterPorts {
  readonly store: PeopleStore;
  readonly externalIds: ExternalIds;
  readonly clock: Clock;
}

/** Makes the idempotency record of a result, when the caller gave a key. */
export type Remember<Result> = (result: Result) => TransactItem | undefined;

/** Fields of every record, and what a registration may add to its transaction. */
interface Registration<Result> {
  readonly actor: Actor;
  readonly remember?: Remember<Result>;
  readonly claim?: (id: string) => TransactItem;
}

const stamped = (clock: Clock) => {
  const now = isoInstant(clock.now());
  return { version: 1, createdAt: now, updatedAt: now };
};

const extras = <R extends { readonly id: string }>(registration: Registration<R>, record: R) => ({
  actor: registration.actor,
  claims: registration.claim === undefined ? [] : [registration.claim(record.id)],
  once: registration.remember?.(record),
});

export const registerCustomer = async (
  ports: RegisterPorts,
  fields: Pick<Customer, 'name' | 'tier'>,
  registration: Registration<Customer>,
): Promise<Customer> => {
  const record: Customer = { id: newId('cus', ports.clock.now()), ...fields, ...stamped(ports.clock) };
  await ports.store.create(customers, record, { listKey: 'L#customer', ...extras(registration, record) });
  return record;
};

export const registerTeam = async (
  ports: RegisterPorts,
  fields: Pick<Team, 'name'>,
  registration: Registration<Team>,
): Promise<Team> => {
  const record: Team = { id: newId('tem', ports.clock.now()), ...fields, ...stamped(ports.clock) };
  await ports.store.create(teams, record, { listKey: 'L#team', ...extras(registration, record) });
  return record;
};

/** @throws NotFound when the customer does not exist, AlreadyExists when the login or the mail address is taken. */
export const registerContact = async (
  ports: RegisterPorts,
  fields: Pick<Contact, 'customerId' | 'name' | 'email' | 'phone' | 'subject'>,
  registration: Registration<Contact>,
): Promise<Contact> => {
  const { customerId } = fields;
  if (customerId !== null && !(await ports.store.exists(customers, customerId))) {
    throw new NotFound('customer', customerId);
  }
  const record: Contact = { id: newId('ctc', ports.clock.now()), ...fields, ...stamped(ports.clock) };
  const { claims, ...rest } = extras(registration, record);
  await ports.store.create(contacts, record, {
    listKey: `L#contact#${customerId ?? 'none'}`,
    login:
      fields.subject === null
        ? null
        : { subject: fields.subject, principal: { id: record.id, role: 'requester', customerId, teamId: null } },
    ...rest,
    claims: [
      ...claims,
      ...(fields.email === null
        ? []
        : [ports.externalIds.claim(`contact:${customerId ?? 'none'}`, fields.email, record.id)]),
    ],
  });
  return record;
};

/** @throws NotFound when the team does not exist, AlreadyExists when the login is taken. */
export const registerAgent = async (
  ports: RegisterPorts,
  fields: Pick<Agent, 'name' | 'email' | 'teamId' | 'role' | 'subject'>,
  registration: Registration<Agent>,
): Promise<Agent> => {
  if (fields.teamId !== null && !(await ports.store.exists(teams, fields.teamId))) {
    throw new NotFound('team', fields.teamId);
  }
  const record: Agent = { id: newId('agt', ports.clock.now()), ...fields, ...stamped(ports.clock) };
  await ports.store.create(agents, record, {
    listKey: 'L#agent',
    login:
      fields.subject === null
        ? null
        : {
            subject: fields.subject,
            principal: { id: record.id, role: fields.role, customerId: null, teamId: fields.teamId },
          },
    ...extras(registration, record),
  });
  return record;
};
