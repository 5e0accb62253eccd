import * as z from 'zod';
import { roleSchema, roles } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, email, id, line, pageQuery, phone } from '../platform/http/fields.ts';
import { agentSchema, contactSchema, customerSchema, teamSchema } from './domain/records.ts';

const staff = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin', 'integration'] as const;
const page = z.strictObject({ ...pageQuery });
const subject = z.string().min(1).max(128).nullable().default(null);

export const createCustomer = defineRoute({
  method: 'POST',
  path: '/v1/customers',
  summary: 'Register a customer',
  requirements: ['S-01'],
  roles: ['admin', 'manager', 'lead', 'integration'],
  customerScope: 'none',
  get body() {
    return z.strictObject({ name: line(200), tier: line(40).default('standard') });
  },
  success: { status: 201, answer: customerSchema, etag: true },
  example: { name: 'Acme', tier: 'standard' },
});

export const listCustomers = defineRoute({
  method: 'GET',
  path: '/v1/customers',
  summary: 'Customers by name',
  requirements: ['S-01'],
  roles: staff,
  customerScope: 'none',
  query: page,
  success: aPageOf(customerSchema),
});

export const getCustomer = defineRoute({
  method: 'GET',
  path: '/v1/customers/{customerId}',
  summary: 'One customer; a requester sees their own',
  requirements: ['S-01', 'S-31'],
  roles,
  customerScope: 'own',
  get params() {
    return z.strictObject({ customerId: id('cus') });
  },
  success: { status: 200, answer: customerSchema, etag: true },
  problems: [404],
});

export const createContact = defineRoute({
  method: 'POST',
  path: '/v1/contacts',
  summary: 'Register a contact of a customer, with a login if it has one',
  description:
    'With `subject`, that login acts as requester of this customer from then on; an agent may register contacts, but give no login.',
  requirements: ['S-20', 'S-31'],
  roles: ['admin', 'manager', 'lead', 'agent', 'integration'],
  customerScope: 'none',
  get body() {
    return z.strictObject({
      customerId: id('cus'),
      name: line(200),
      email: email.nullable().default(null),
      phone: phone.nullable().default(null),
      subject,
    });
  },
  success: { status: 201, answer: contactSchema, etag: true },
  problems: [404, 409],
  example: { customerId: 'cus_01J8Z0K3V5W7Y9ABCDEFGHJKMN', name: 'Ada', email: 'ada@acme.example' },
});

export const listContacts = defineRoute({
  method: 'GET',
  path: '/v1/contacts',
  summary: 'Contacts of a customer, by name',
  requirements: ['S-20', 'S-31'],
  roles,
  customerScope: 'own',
  get query() {
    return z.strictObject({
      customerId: id('cus').optional().describe('Required for staff; a requester sees the own customer.'),
      ...pageQuery,
    });
  },
  success: aPageOf(contactSchema),
  problems: [404],
});

export const getContact = defineRoute({
  method: 'GET',
  path: '/v1/contacts/{contactId}',
  summary: 'One contact; a requester sees those of the own customer',
  requirements: ['S-20', 'S-31'],
  roles,
  customerScope: 'own',
  get params() {
    return z.strictObject({ contactId: id('ctc') });
  },
  success: { status: 200, answer: contactSchema, etag: true },
  problems: [404],
});

export const createTeam = defineRoute({
  method: 'POST',
  path: '/v1/teams',
  summary: 'Create a team',
  requirements: ['P-00'],
  roles: ['admin', 'manager', 'lead', 'integration'],
  customerScope: 'none',
  get body() {
    return z.strictObject({ name: line(200) });
  },
  success: { status: 201, answer: teamSchema, etag: true },
  example: { name: 'Support' },
});

export const listTeams = defineRoute({
  method: 'GET',
  path: '/v1/teams',
  summary: 'Teams by name',
  requirements: ['P-00'],
  roles: staff,
  customerScope: 'none',
  query: page,
  success: aPageOf(teamSchema),
});

export const getTeam = defineRoute({
  method: 'GET',
  path: '/v1/teams/{teamId}',
  summary: 'One team',
  requirements: ['P-00'],
  roles: staff,
  customerScope: 'none',
  get params() {
    return z.strictObject({ teamId: id('tem') });
  },
  success: { status: 200, answer: teamSchema, etag: true },
  problems: [404],
});

export const createAgent = defineRoute({
  method: 'POST',
  path: '/v1/agents',
  summary: 'Add a member of staff or a machine, with a login if it has one',
  description:
    'With `subject` (the `sub` of a Cognito user, or the client id of a machine) that login gets the role from then on; a login that was seen before notices within 60 s.',
  requirements: ['P-00', 'S-31'],
  roles: ['admin'],
  customerScope: 'none',
  get body() {
    return z.strictObject({
      name: line(200),
      email: email.nullable().default(null),
      teamId: id('tem').nullable().default(null),
      role: roleSchema.exclude(['requester']).default('agent'),
      subject,
    });
  },
  success: { status: 201, answer: agentSchema, etag: true },
  problems: [404, 409],
  example: { name: 'Grace', email: 'grace@desk.example', role: 'agent', subject: '9a1f…' },
});

export const listAgents = defineRoute({
  method: 'GET',
  path: '/v1/agents',
  summary: 'Members of staff and machines, by name',
  requirements: ['P-00'],
  roles: staff,
  customerScope: 'none',
  query: page,
  success: aPageOf(agentSchema),
});

export const getAgent = defineRoute({
  method: 'GET',
  path: '/v1/agents/{agentId}',
  summary: 'One member of staff or machine',
  requirements: ['P-00'],
  roles: staff,
  customerScope: 'none',
  get params() {
    return z.strictObject({ agentId: id('agt') });
  },
  success: { status: 200, answer: agentSchema, etag: true },
  problems: [404],
});

export const getMe = defineRoute({
  method: 'GET',
  path: '/v1/me',
  summary: 'Who the token stands for',
  requirements: ['S-31'],
  roles,
  customerScope: 'none',
  success: {
    status: 200,
    get answer() {
      return z
        .object({ id: z.string(), role: roleSchema, customerId: z.string().nullable(), teamId: z.string().nullable() })
        .meta({ id: 'Me' });
    },
  },
});

export const peopleContract: readonly RouteContract[] = [
  createCustomer,
  listCustomers,
  getCustomer,
  createContact,
  listContacts,
  getContact,
  createTeam,
  listTeams,
  getTeam,
  createAgent,
  listAgents,
  getAgent,
  getMe,
];
