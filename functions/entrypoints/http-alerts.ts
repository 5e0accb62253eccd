import {
  alertSubscriptionRoutes,
  AlertTopic,
  newSecret,
  Roster,
  SmsSpendStore,
  SubscriptionStore,
} from '../alerts/index.ts';
import { principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { alertTopic } from './alert-topic.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-alerts']);
const base = operations(environment);
const topic = alertTopic(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });
const stores = { roster: new Roster(base), subscriptions: new SubscriptionStore(base) };

/** Who gets alerts. Trigger: the HTTP API. Its failure freezes subscriptions; alerts still go out. */
export const handler = httpHandler({
  routes: alertSubscriptionRoutes({
    ...base,
    ...stores,
    once,
    newSecret,
    stage: topic.stage,
    endpoints: new AlertTopic(topic),
    spend: new SmsSpendStore({ ...base, sms: topic.sms }),
  }),
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
