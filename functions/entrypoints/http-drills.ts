import { principalSource } from '../people/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { httpHandler } from '../platform/http/pipeline.ts';
import { OnceRecords } from '../platform/store/once.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['http-drills']);
const base = operations(environment);
const once = new OnceRecords({ ...base, table: environment.IDEMPOTENCY_TABLE });

/** Backups, drills of them, their plans, and services. Trigger: the HTTP API. While it fails, backups are taken all the same. */
export const handler = httpHandler({
  routes: [],
  principalOf: principalSource({ ...base, firstAdmin: environment.FIRST_ADMIN }),
  once,
});
