import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
import type { ApiModel } from '../model.ts';
import type { Identity } from './authorizer.ts';
import type { GatewayRequest } from './exchange.ts';
import type { RouteMatch } from './route-table.ts';

type HttpEvent = Omit<APIGatewayProxyEventV2WithJWTAuthorizer, 'requestContext'> & {
  requestContext: Omit<APIGatewayProxyEventV2WithJWTAuthorizer['requestContext'], 'authorizer'> & {
    authorizer?: APIGatewayProxyEventV2WithJWTAuthorizer['requestContext']['authorizer'];
  };
};

const textual = /^(?:text\/|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))(?:$|[;\s]))/i;

/** Bodies that are no text, by content type or by their bytes, cross as base64. */
const bodyOf = ({ headers, body }: GatewayRequest): { body?: string; isBase64Encoded: boolean } => {
  if (body.length === 0) return { isBase64Encoded: false };
  const contentType = headers['content-type'];
  const text = body.toString('utf8');
  const isText = (contentType === undefined || textual.test(contentType)) && Buffer.from(text).equals(body);
  return isText ? { body: text, isBase64Encoded: false } : { body: body.toString('base64'), isBase64Encoded: true };
};

const queryOf = (query: string): Record<string, string> | undefined => {
  if (query === '') return undefined;
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query))
    values[name] = name in values ? `${values[name]},${value}` : value;
  return values;
};

const decodedPath = (path: string): string => {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
};

/**
 * The event of a request in payload format 2.0.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
export const httpEvent = (options: {
  api: ApiModel;
  request: GatewayRequest;
  match: RouteMatch;
  identity: Identity | null;
  now: number;
}): HttpEvent => {
  const { api, request, match, identity, now } = options;
  const { cookie, ...headers } = request.headers;
  const query = queryOf(request.query);
  const path = decodedPath(request.path);
  const at = new Date(now);
  return {
    version: '2.0',
    routeKey: match.route.routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/;\s*/) }),
    headers: { ...headers, 'x-forwarded-for': request.sourceIp, 'x-forwarded-proto': 'http' },
    ...(query === undefined ? {} : { queryStringParameters: query }),
    ...(Object.keys(match.pathParameters).length === 0 ? {} : { pathParameters: { ...match.pathParameters } }),
    requestContext: {
      accountId: 'anonymous',
      apiId: api.id,
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method: request.method,
        path,
        protocol: 'HTTP/1.1',
        sourceIp: request.sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: randomUUID(),
      routeKey: match.route.routeKey,
      stage: '$default',
      time: at.toUTCString(),
      timeEpoch: now,
      ...(identity === null
        ? {}
        : {
            authorizer: {
              principalId: '',
              integrationLatency: 0,
              jwt: { claims: { ...identity.claims }, scopes: [...identity.scopes] },
            },
          }),
    },
    ...bodyOf(request),
  };
};
