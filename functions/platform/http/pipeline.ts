import middy from '@middy/core';
import type { APIGatewayProxyEventV2WithJWTAuthorizer, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Principal } from '../actor.ts';
import {
  AlreadyExists,
  Forbidden,
  IllegalTransition,
  PayloadTooLarge,
  StaleVersion,
  UnsupportedMediaType,
  ValidationFailed,
} from '../errors.ts';
import { note } from '../correlation.ts';
import { inInvocation, recorded } from '../invocation.ts';
import { logger } from '../logger.ts';
import { AlreadyRecorded, LostRace } from '../store/commit.ts';
import type { OnceRecords } from '../store/once.ts';
import { problemOf } from './problem.ts';
import { readJson } from './read-json.ts';
import type { Answer, BoundRoute, RawRequest } from './request.ts';
import { findRoute } from './router.ts';
import { jsonResult, resultOf } from './result.ts';

/** Bodies larger than this are refused (DESIGN section 3). */
export const maximumBodyBytes = 256 * 1024;

type HttpEvent = APIGatewayProxyEventV2WithJWTAuthorizer;
type HttpResult = APIGatewayProxyStructuredResultV2;

/** Who the verified token stands for. @throws Forbidden when the token is genuine but nobody here. */
export type PrincipalSource = (claims: Readonly<Record<string, unknown>>) => Promise<Principal>;

const headerOf = (event: HttpEvent, name: string): string | null => event.headers[name] ?? null;

const readBody = (event: HttpEvent): unknown => {
  if (event.body === undefined || event.body === '') return undefined;
  const bytes = Buffer.from(event.body, event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > maximumBodyBytes) throw new PayloadTooLarge(maximumBodyBytes);
  const type = (headerOf(event, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !type.endsWith('+json')) throw new UnsupportedMediaType(type);
  return readJson(bytes);
};

/** `"7"` -> 7. @throws ValidationFailed for anything that is not an ETag of ours. */
const readIfMatch = (event: HttpEvent): number | null => {
  const value = headerOf(event, 'if-match');
  if (value === null) return null;
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(value.trim())?.[1];
  if (version === undefined)
    throw new ValidationFailed([{ path: 'If-Match', message: 'must be the ETag of an answer, like "3"' }]);
  return Number(version);
};

const readIdempotencyKey = (event: HttpEvent, method: string): string | null => {
  const value = headerOf(event, 'idempotency-key');
  if (value === null || method !== 'POST') return null;
  if (!/^[\u0021-\u007e]{1,255}$/.test(value)) {
    throw new ValidationFailed([
      { path: 'Idempotency-Key', message: 'must be 1 to 255 printable ASCII characters without spaces' },
    ]);
  }
  return value;
};

/**
 * What a repetition may run into when the first request commits while it is at work: the recorded key itself, or the effect
 * of the first (`resolved` is no longer possible, the version is a later one). Its answer is then the first one's.
 */
const overtaken = (error: unknown): boolean =>
  [AlreadyRecorded, LostRace, AlreadyExists, IllegalTransition, StaleVersion].some((kind) => error instanceof kind);

const replayOr = async (once: OnceRecords | null, route: BoundRoute, raw: RawRequest): Promise<HttpResult> => {
  const recorded = async (): Promise<HttpResult | null> => {
    const answer = raw.once === null || once === null ? null : await once.find(raw.once);
    if (answer === null) return null;
    note({ replayed: true });
    return jsonResult(answer.status, { ...answer.headers, 'idempotent-replayed': 'true' }, answer.body);
  };
  const before = await recorded();
  if (before !== null) return before;
  try {
    const answer: Answer = await route.run(raw);
    if (route.contract.method !== 'GET') note({ version: answer.version });
    return resultOf(answer);
  } catch (error) {
    if (!overtaken(error)) throw error;
    const now = await recorded();
    if (now === null) throw error;
    return now;
  }
};

/**
 * The pipeline of every HTTP function: route, principal, role, body, validation, idempotent replay, handler, answer or problem.
 * API Gateway has verified the token (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html).
 */
export const httpHandler = (options: {
  readonly routes: readonly BoundRoute[];
  readonly principalOf: PrincipalSource;
  readonly once: OnceRecords | null;
}) =>
  inInvocation(
    (event: HttpEvent) => event.requestContext.requestId,
    middy<HttpEvent, HttpResult>()
      .use(recorded('request'))
      .after(({ response }) => note({ status: response?.statusCode }))
      .onError((request) => {
        const problem = problemOf(request.error);
        const requestId = request.event.requestContext.requestId;
        note({ status: problem.status, problem: request.error?.name });
        if (problem.status === 500) logger.error('request failed', { error: request.error });
        request.response = jsonResult(
          problem.status,
          { ...problem.headers, 'content-type': 'application/problem+json' },
          {
            type: 'about:blank',
            title: problem.title,
            status: problem.status,
            detail: problem.detail,
            errors: problem.errors,
            requestId,
          },
        );
      })
      .handler(async (event) => {
        const method = event.requestContext.http.method;
        const { route, params } = findRoute(options.routes, method, event.rawPath);
        note({ route: `${method} ${route.contract.path}`, entityId: Object.values(params)[0] });
        const principal = await options.principalOf(event.requestContext.authorizer.jwt.claims);
        note({ principalId: principal.id, role: principal.role });
        if (!route.contract.roles.includes(principal.role)) {
          throw new Forbidden(
            `The role ${principal.role} may not do this; allowed: ${route.contract.roles.join(', ')}.`,
          );
        }
        const body = readBody(event);
        const key = readIdempotencyKey(event, method);
        return replayOr(options.once, route, {
          principal,
          params,
          query: Object.fromEntries(
            Object.entries(event.queryStringParameters ?? {}).flatMap(([key, value]) =>
              value === undefined ? [] : [[key, value]],
            ),
          ),
          body,
          ifMatch: readIfMatch(event),
          once:
            key === null
              ? null
              : {
                  principalId: principal.id,
                  route: `${method} ${event.rawPath.replace(/\/$/, '')}`,
                  key,
                  payload: body ?? null,
                },
          requestId: event.requestContext.requestId,
        });
      }),
  );
