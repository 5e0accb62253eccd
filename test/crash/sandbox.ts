import { alertDueHandler, alertProjection, parcelDueHandler } from '../../functions/alerts/index.ts';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { ticketDueHandler, TicketStore } from '../../functions/desk/index.ts';
import { PeopleStore } from '../../functions/people/index.ts';
import { attend } from '../../functions/platform/due/attend.ts';
import { DueHints, hintSchema } from '../../functions/platform/due/hints.ts';
import { pushBack } from '../../functions/platform/due/push-back.ts';
import { sweep } from '../../functions/platform/due/sweep.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { ExternalIds } from '../../functions/platform/store/external-ids.ts';
import { PolicyBooks, SlaStore, TermsLibrary } from '../../functions/sla/index.ts';
import type { Invocation } from './invocation.ts';
import { clientsOf, type Surroundings } from './services.ts';

export const tableName = 'operations';
export const smsPrices = { budgetUsd: 0.4, priceUsd: 0.1 };

/**
 * A function as it lives: wired as the entry points wire it, with all that it remembers between two invocations. One
 * invocation at a time; whoever is killed takes the sandbox along.
 */
export const sandboxOf = (around: Surroundings, stage: readonly StageRecipient[]) => {
  let current: Invocation | null = null;
  const { client, sns, sqs } = clientsOf(around, () => {
    if (current === null) throw new Error('a call of nobody');
    return current;
  });
  const clock = { now: () => around.now() };
  const hints = new DueHints({ sqs, urls: { critical: 'critical', rest: 'rest' }, clock });
  const base = { client, clock, table: tableName, hints };
  const committer = new Committer(base);
  const terms = new TermsLibrary(base);
  const externalIds = new ExternalIds(base);
  const people = { store: new PeopleStore({ ...base, committer }), externalIds, clock };
  const desk = {
    clock,
    people,
    tickets: new TicketStore({ ...base, committer, terms }),
    policies: new PolicyBooks({ ...base, terms, sla: new SlaStore({ ...base, committer }), zone: 'UTC' }),
    onCall: { agentOf: async () => null },
  };
  const metrics = { add: () => undefined };
  const delivery = { ...base, metrics, sns, topicArn: 'topic', stage, sms: smsPrices, ticketLink: '' };
  const handlers = {
    TKT: ticketDueHandler(desk),
    ALT: alertDueHandler(delivery),
    PCL: parcelDueHandler(delivery),
  };
  const afterFailure = pushBack({ ...base, metrics });
  return {
    use: (invocation: Invocation): void => {
      current = invocation;
    },
    desk,
    project: alertProjection(delivery),
    attend: (body: string): Promise<void> => attend(handlers, hintSchema.parse(JSON.parse(body)), afterFailure),
    sweep: () => sweep(base),
  };
};

export type Sandbox = ReturnType<typeof sandboxOf>;
