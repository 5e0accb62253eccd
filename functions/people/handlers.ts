import { Forbidden, NotFound, ValidationFailed } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Principal } from '../platform/actor.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceKey, OnceRecords } from '../platform/store/once.ts';
import type { Contact } from './domain/records.ts';
import * as contract from './routes.ts';
import { agents, contacts, customers, type RecordKind, teams } from './store.ts';
import {
  type RegisterPorts,
  registerAgent,
  registerContact,
  registerCustomer,
  registerTeam,
} from './use-cases/register.ts';

export interface PeopleOptions extends RegisterPorts {
  readonly cursors: Cursors;
  readonly once: OnceRecords;
}

type Kept = { readonly id: string; readonly name: string; readonly version: number; readonly createdAt: string };

/** What the routes of every kind of record have in common. */
const answersFor = (options: PeopleOptions) => {
  const createdAt =
    (path: string) =>
    <R extends Kept>(record: R): Answer<R> => ({
      status: 201,
      body: record,
      version: record.version,
      location: `/v1/${path}/${record.id}`,
    });
  return {
    async create<R extends Kept>(
      path: string,
      request: { readonly principal: Principal; readonly once: OnceKey | null },
      register: (registration: {
        readonly actor: { readonly id: string; readonly role: Principal['role'] };
        readonly remember: ReturnType<typeof remembering<R>>;
      }) => Promise<R>,
    ): Promise<Answer<R>> {
      const answerOf = createdAt(path);
      const { id, role } = request.principal;
      return answerOf(
        await register({ actor: { id, role }, remember: remembering<R>(options.once, request.once, answerOf) }),
      );
    },

    async one<R extends Kept>(kind: RecordKind<R>, id: string): Promise<Answer<R>> {
      const record = await options.store.find(kind, id);
      if (record === null) throw new NotFound(kind.name, id);
      return { status: 200, body: record, version: record.version };
    },

    async page<R extends Kept>(
      kind: RecordKind<R>,
      listKey: string,
      query: { limit: number; cursor?: string | undefined },
    ) {
      const after =
        query.cursor === undefined ? null : await options.cursors.open(listKey, query.cursor, positionSchema);
      const page = await options.store.list(kind, listKey, query.limit, after);
      const nextCursor = page.next === null ? null : await options.cursors.seal(listKey, page.next);
      return { status: 200, body: { items: [...page.items], nextCursor } };
    },
  };
};

/** A requester who asks for another customer learns nothing, not even that it exists. */
const ownCustomer = (principal: Principal, customerId: string | null, kind: string, id: string): void => {
  if (principal.role === 'requester' && principal.customerId !== customerId) throw new NotFound(kind, id);
};

export const peopleRoutes = (options: PeopleOptions): readonly BoundRoute[] => {
  const answers = answersFor(options);
  return [
    serve(contract.createCustomer, (request) =>
      answers.create('customers', request, (registration) => registerCustomer(options, request.body, registration)),
    ),
    serve(contract.listCustomers, ({ query }) => answers.page(customers, 'L#customer', query)),
    serve(contract.getCustomer, ({ principal, params }) => {
      ownCustomer(principal, params.customerId, 'customer', params.customerId);
      return answers.one(customers, params.customerId);
    }),
    serve(contract.createContact, (request) => {
      if (request.body.subject !== null && request.principal.role === 'agent') {
        throw new Forbidden('An agent registers contacts without a login; a lead, manager or admin gives them one.');
      }
      return answers.create('contacts', request, (registration) =>
        registerContact(options, request.body, registration),
      );
    }),
    serve(contract.listContacts, ({ principal, query }) => {
      const customerId = query.customerId ?? principal.customerId;
      if (customerId === null) throw new ValidationFailed([{ path: 'customerId', message: 'is required for staff' }]);
      ownCustomer(principal, customerId, 'customer', customerId);
      return answers.page(contacts, `L#contact#${customerId}`, query);
    }),
    serve(contract.getContact, async ({ principal, params }) => {
      const answer: Answer<Contact> = await answers.one(contacts, params.contactId);
      ownCustomer(principal, answer.body?.customerId ?? null, 'contact', params.contactId);
      return answer;
    }),
    serve(contract.createTeam, (request) =>
      answers.create('teams', request, (registration) => registerTeam(options, request.body, registration)),
    ),
    serve(contract.listTeams, ({ query }) => answers.page(teams, 'L#team', query)),
    serve(contract.getTeam, ({ params }) => answers.one(teams, params.teamId)),
    serve(contract.createAgent, (request) =>
      answers.create('agents', request, (registration) => registerAgent(options, request.body, registration)),
    ),
    serve(contract.listAgents, ({ query }) => answers.page(agents, 'L#agent', query)),
    serve(contract.getAgent, ({ params }) => answers.one(agents, params.agentId)),
    serve(contract.getMe, async ({ principal }) => ({
      status: 200,
      body: { id: principal.id, role: principal.role, customerId: principal.customerId, teamId: principal.teamId },
    })),
  ];
};
