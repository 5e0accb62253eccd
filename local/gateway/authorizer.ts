import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose';
import type { ApiModel } from '../model.ts';

/** Who sent a request, as the function finds it in `requestContext.authorizer.jwt`. */
export interface Identity {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: readonly string[];
}

/** API Gateway hands every claim over as text. */
const asText = (claim: unknown): string => {
  if (typeof claim === 'string') return claim;
  if (Array.isArray(claim)) return `[${claim.map(asText).join(' ')}]`;
  return typeof claim === 'object' ? JSON.stringify(claim) : String(claim);
};

const audienceHolds = (payload: JWTPayload, audience: readonly string[]): boolean => {
  const { aud, client_id: clientId } = payload;
  const given = aud === undefined ? [clientId] : Array.isArray(aud) ? aud : [aud];
  return given.some((value) => typeof value === 'string' && audience.includes(value));
};

const mostKnown = 1000;

const holdsAt = (claims: Identity['claims'], now: number): boolean => {
  const seconds = Math.floor(now / 1000);
  return Number(claims['exp']) > seconds && Number(claims['nbf'] ?? 0) <= seconds;
};

/**
 * The JWT authorizer of an HTTP API: RS256 signature by the issuer's keys, `iss`, `aud` (or `client_id` where there is
 * no `aud`), `exp` and `nbf` by virtual time.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export class Authorizer {
  readonly #expected: NonNullable<ApiModel['authorizer']>;
  readonly #keys: ReturnType<typeof createLocalJWKSet>;
  readonly #now: () => number;
  /** Tokens whose signature, issuer and audience have been found good; time is looked at each time. */
  readonly #known = new Map<string, Identity>();

  constructor(options: { expected: NonNullable<ApiModel['authorizer']>; keys: JSONWebKeySet; now: () => number }) {
    this.#expected = options.expected;
    this.#keys = createLocalJWKSet(options.keys);
    this.#now = options.now;
  }

  /** Null when the token is missing or does not hold. The reason is not told, as API Gateway does not tell it. */
  async identify(authorization: string | undefined): Promise<Identity | null> {
    const token = authorization?.replace(/^Bearer\s+/i, '').trim();
    if (token === undefined || token === '') return null;
    const known = this.#known.get(token);
    if (known !== undefined) return holdsAt(known.claims, this.#now()) ? known : null;
    try {
      const { payload } = await jwtVerify(token, this.#keys, {
        issuer: this.#expected.issuer,
        algorithms: ['RS256'],
        currentDate: new Date(this.#now()),
        requiredClaims: ['exp'],
      });
      if (!audienceHolds(payload, this.#expected.audience)) return null;
      const claims = Object.fromEntries(Object.entries(payload).map(([name, value]) => [name, asText(value)]));
      const identity = { claims, scopes: typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [] };
      if (this.#known.size >= mostKnown) this.#known.clear();
      this.#known.set(token, identity);
      return identity;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      throw error;
    }
  }
}
