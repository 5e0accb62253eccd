import * as z from 'zod';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import { people } from '../identity/people.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import { ControlError, json, parseQuery } from './problem.ts';

const querySchema = z.object({ ttl: z.coerce.number().int().min(1).max(3_153_600_000).optional() });

/** All tokens, by name; or with a name in the path one of them as plain text, for use in a shell. */
export const tokenControl = async (
  request: GatewayRequest,
  name: string,
  issuer: TokenIssuer,
): Promise<GatewayAnswer> => {
  if (request.method !== 'GET') throw new ControlError(405, 'Tokens take GET.');
  const { ttl = null } = parseQuery(request.query, querySchema);
  if (name === '') {
    const tokens = people.map(async (person) => [person.name, await issuer.token(person, ttl)] as const);
    return json(200, Object.fromEntries(await Promise.all(tokens)));
  }
  const person = people.find((candidate) => candidate.name === name);
  if (person === undefined)
    throw new ControlError(404, `Nobody is called ${name}; there are ${people.map((known) => known.name).join(', ')}.`);
  const body = Buffer.from(await issuer.token(person, ttl));
  return { status: 200, headers: { 'content-type': 'text/plain', 'cache-control': 'no-store' }, cookies: [], body };
};
