import * as z from 'zod';
import type { RouteContract } from '../contract.ts';
import { problemSchema } from '../problem-schema.ts';
import { type Header, type Operation, type Reply, responseReference } from './document.ts';
import type { Schemas } from './schemas.ts';

/** What API Gateway answers by itself (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html). */
const gatewaySchema = z.object({ message: z.string() }).meta({ id: 'GatewayMessage' });

const success: Readonly<Record<RouteContract['success']['status'], string>> = {
  200: 'Done.',
  201: 'Created.',
  202: 'Accepted; it goes on after this answer.',
  204: 'Done; there is nothing to say.',
};

const etag: Header = { description: 'The version, for If-Match.', schema: { type: 'string', examples: ['"3"'] } };
const location: Header = { description: 'Path of what was made.', schema: { type: 'string', format: 'uri-reference' } };
const retryAfter: Header = { description: 'Seconds to wait.', schema: { type: 'integer', minimum: 0 } };
const replayed: Header = {
  description: 'Present when this is the answer of an earlier request with the same Idempotency-Key.',
  schema: { type: 'string', const: 'true' },
};

interface ProblemKind {
  readonly description: string;
  /** Who answers it: the desk as a problem, the gateway in its own shape, or now one and now the other. */
  readonly from: 'desk' | 'gateway' | 'both';
  readonly headers?: Readonly<Record<string, Header>>;
}

const problems: Readonly<Record<number, ProblemKind>> = {
  400: { from: 'desk', description: 'The request is not valid; `errors` names every field that is wrong.' },
  401: { from: 'gateway', description: 'The token is missing, expired or not ours.' },
  403: { from: 'desk', description: 'Your role may not do this, or your login has no role here.' },
  404: { from: 'desk', description: 'There is no such thing, or it belongs to another customer.' },
  409: { from: 'desk', description: 'Not possible in the present state, or it exists already.' },
  412: {
    from: 'desk',
    headers: { ETag: etag },
    description: 'Somebody changed it since you read it; `ETag` is its version now.',
  },
  413: { from: 'both', description: 'The body is larger than 256 KB.' },
  415: { from: 'desk', description: 'The body is not `application/json`.' },
  422: { from: 'desk', description: 'The Idempotency-Key was used before with another body.' },
  428: { from: 'desk', description: 'The change needs an If-Match header.' },
  429: {
    from: 'both',
    headers: { 'Retry-After': retryAfter },
    description:
      'Too many requests, or too many changes of one thing at once. Nothing was written; the gateway’s own answer has no Retry-After.',
  },
  500: { from: 'both', description: 'Something failed on our side. Repeat with the same Idempotency-Key.' },
  503: { from: 'gateway', description: 'The gateway got no answer in time. Repeat with the same Idempotency-Key.' },
};

const successReply = (contract: RouteContract, schemas: Schemas): Reply => {
  const { status, answer } = contract.success;
  const headers = {
    ...(contract.success.etag === true ? { ETag: etag } : {}),
    ...(status === 201 || status === 202 ? { Location: location } : {}),
    ...(contract.method === 'POST' ? { 'Idempotent-Replayed': replayed } : {}),
  };
  return {
    description: success[status],
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(answer === null
      ? {}
      : {
          content: Object.fromEntries(
            (contract.success.media ?? ['application/json']).map((type) => [
              type,
              { schema: schemas.of(answer, 'output') },
            ]),
          ),
        }),
  };
};

/** The statuses that a route can answer besides success: what every route has, and what it declares. */
const problemStatuses = (contract: RouteContract, hasBody: boolean): readonly number[] => [
  ...new Set([
    400,
    401,
    403,
    429,
    500,
    503,
    // A body that a POST does not want is read all the same before it is refused.
    ...(hasBody || contract.method === 'POST' ? [413, 415] : []),
    ...(contract.method === 'POST' ? [422] : []),
    ...(contract.ifMatch === 'required' ? [412, 428] : []),
    ...contract.problems,
  ]),
];

const componentOf = (status: number): string => `Status${status}`;

/** All answers of a route, by status; the problems refer to `components/responses`. */
export const repliesOf = (contract: RouteContract, hasBody: boolean, schemas: Schemas): Operation['responses'] => ({
  [contract.success.status]: successReply(contract, schemas),
  ...Object.fromEntries(
    problemStatuses(contract, hasBody).map((status) => [
      status,
      { $ref: `${responseReference}${componentOf(status)}` },
    ]),
  ),
});

/** The answers that routes refer to: the `components/responses` of all routes with these statuses. */
export const sharedReplies = (statuses: ReadonlySet<string>, schemas: Schemas): Readonly<Record<string, Reply>> => {
  const problem = { 'application/problem+json': { schema: schemas.of(problemSchema, 'output') } };
  const gateway = { 'application/json': { schema: schemas.of(gatewaySchema, 'output') } };
  const used = Object.entries(problems).filter(([status]) => statuses.has(status));
  return Object.fromEntries(
    used.map(([status, { description, from, headers }]) => [
      componentOf(Number(status)),
      {
        description,
        ...(headers === undefined ? {} : { headers }),
        content: { ...(from === 'gateway' ? {} : problem), ...(from === 'desk' ? {} : gateway) },
      },
    ]),
  );
};
