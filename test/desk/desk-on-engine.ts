import { SQSClient } from '@aws-sdk/client-sqs';
import { TicketLists, TicketStore } from '../../functions/desk/index.ts';
import { PeopleStore } from '../../functions/people/index.ts';
import { registerCustomer, registerTeam } from '../../functions/people/use-cases/register.ts';
import type { Principal } from '../../functions/platform/actor.ts';
import type { Clock } from '../../functions/platform/clock.ts';
import { DueHints } from '../../functions/platform/due/hints.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { ExternalIds } from '../../functions/platform/store/external-ids.ts';
import { PolicyBooks, SlaStore, TermsLibrary } from '../../functions/sla/index.ts';
import type { Engine } from '../engine.ts';

/** A clock that stands where the test puts it. */
export class TestClock implements Clock {
  at: number;
  constructor(at: number) {
    this.at = at;
  }
  now(): number {
    return this.at;
  }
}

export const agent: Principal = { id: 'agt_TEST', role: 'agent', customerId: null, teamId: null };

/** The desk's use cases on a real engine. Hints go to a queue that is not there: losing them must be harmless. */
export const deskOn = async (engine: Engine, clock: TestClock) => {
  const sqs = new SQSClient({
    endpoint: 'http://127.0.0.1:1',
    region: 'eu-central-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const hints = new DueHints({
    sqs,
    urls: { critical: 'http://127.0.0.1:1/critical', rest: 'http://127.0.0.1:1/rest' },
    clock,
  });
  const base = { client: engine.client, table: engine.tables.operations, clock };
  const committer = new Committer({ ...base, hints });
  const terms = new TermsLibrary(base);
  const sla = new SlaStore({ ...base, committer });
  const people = { store: new PeopleStore({ ...base, committer }), externalIds: new ExternalIds(base), clock };
  const actor = { id: 'test', role: 'admin' } as const;
  const customer = await registerCustomer(people, { name: 'Acme', tier: 'standard' }, { actor });
  const team = await registerTeam(people, { name: 'Support' }, { actor });
  return {
    clock,
    people,
    tickets: new TicketStore({ ...base, committer, terms }),
    policies: new PolicyBooks({ ...base, terms, sla, zone: 'Europe/Berlin' }),
    sla,
    onCall: { agentOf: async () => null },
    lists: new TicketLists({
      client: engine.client,
      operationsTable: engine.tables.operations,
      listsTable: engine.tables.lists,
    }),
    customer,
    team,
    newTicket: {
      customerId: customer.id,
      requester: { name: 'Ada', email: 'ada@acme.example', phone: null },
      subject: 'Checkout answers 502',
      description: '',
      type: 'incident' as const,
      priority: 'high' as const,
      channel: 'email' as const,
      serviceId: null,
      teamId: null as string | null,
      tags: [],
    },
  };
};
