import { readEnvironment } from '../platform/environment.ts';
import { docsHandler } from '../platform/http/docs-handler.ts';
import { apiDocument } from './contract.ts';
import { environments } from './environments.ts';

readEnvironment(environments['http-docs']);

/** The API's description, as JSON and as a page, and preflight answers. Trigger: the HTTP API, without a token. */
export const handler = docsHandler(apiDocument);
