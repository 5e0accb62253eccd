import type { ApiModel } from '../model.ts';
import type { GatewayAnswer, GatewayRequest } from './exchange.ts';

type CorsModel = NonNullable<ApiModel['cors']>;

const allowedOrigin = (cors: CorsModel, origin: string): string | null => {
  if (cors.allowOrigins.includes('*')) return '*';
  return cors.allowOrigins.includes(origin) ? origin : null;
};

/**
 * The gateway's own answer to a preflight request; null when the request is none or the API has no CORS configuration.
 * Routes and authorizers are not asked. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export const preflightAnswer = (cors: CorsModel | null, request: GatewayRequest): GatewayAnswer | null => {
  const { origin, 'access-control-request-method': method } = request.headers;
  if (cors === null || request.method !== 'OPTIONS' || origin === undefined || method === undefined) return null;
  const allowed = allowedOrigin(cors, origin);
  const headers: Record<string, string> = {};
  if (allowed !== null && (cors.allowMethods.includes(method) || cors.allowMethods.includes('*'))) {
    headers['access-control-allow-origin'] = allowed;
    headers['access-control-allow-methods'] = cors.allowMethods.join(',');
    headers['access-control-allow-headers'] = cors.allowHeaders.join(',');
    if (cors.exposeHeaders.length > 0) headers['access-control-expose-headers'] = cors.exposeHeaders.join(',');
    if (cors.maxAgeSeconds !== null) headers['access-control-max-age'] = String(cors.maxAgeSeconds);
    if (allowed !== '*') headers['vary'] = 'origin';
  }
  return { status: 204, headers, cookies: [], body: Buffer.alloc(0) };
};

/** Adds the CORS headers of the API's configuration to an answer; those of the function give way. */
export const withCors = (cors: CorsModel | null, request: GatewayRequest, answer: GatewayAnswer): GatewayAnswer => {
  const origin = request.headers['origin'];
  if (cors === null || origin === undefined) return answer;
  const own = Object.entries(answer.headers).filter(([name]) => !name.startsWith('access-control-'));
  const allowed = allowedOrigin(cors, origin);
  if (allowed === null) return { ...answer, headers: Object.fromEntries(own) };
  return {
    ...answer,
    headers: {
      ...Object.fromEntries(own),
      'access-control-allow-origin': allowed,
      ...(cors.exposeHeaders.length > 0 ? { 'access-control-expose-headers': cors.exposeHeaders.join(',') } : {}),
      ...(allowed === '*' ? {} : { vary: 'origin' }),
    },
  };
};
