import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JSONWebKeySet, type JWK } from 'jose';
import { OAuth2Issuer } from 'oauth2-mock-server';
import * as z from 'zod';
import type { ApiModel } from '../model.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Person } from './people.ts';

const keyName = 'identity.jwk';
const jwkSchema = z.record(z.string(), z.unknown());
/** 2100-01-01: not reached by advancing time. */
const farFuture = 4_102_444_800;
/** 2020-01-01, so that a token is never from the future of a desk whose clock was set back. */
const longAgo = 1_577_836_800;

const newKey = async (): Promise<JWK & Record<string, unknown>> => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', kid: randomUUID() };
};

/** Makes access tokens like Cognito's, for the issuer and audience that the template's authorizer expects. */
export class TokenIssuer {
  readonly #issuer: OAuth2Issuer;
  readonly #clientId: string;
  readonly #now: () => number;
  readonly #state: LocalState;

  private constructor(issuer: OAuth2Issuer, clientId: string, state: LocalState, now: () => number) {
    this.#issuer = issuer;
    this.#clientId = clientId;
    this.#state = state;
    this.#now = now;
  }

  /** Takes the key that the state keeps, so that tokens outlive a restart, or makes one. `now` is virtual time in ms. */
  static async create(options: {
    authorizer: ApiModel['authorizer'];
    state: LocalState;
    now: () => number;
  }): Promise<TokenIssuer> {
    const issuer = new OAuth2Issuer();
    issuer.url = options.authorizer?.issuer ?? 'https://issuer.local';
    const stored = options.state.get(keyName);
    await issuer.keys.add(stored === null ? await newKey() : jwkSchema.parse(JSON.parse(stored)));
    const tokens = new TokenIssuer(issuer, options.authorizer?.audience[0] ?? 'local', options.state, options.now);
    tokens.keep();
    return tokens;
  }

  /** Writes the key to the state; again after a reset, which must not end the tokens. */
  keep(): void {
    this.#state.set(keyName, JSON.stringify(this.#issuer.keys.toJSON(true)[0]));
  }

  /** The public keys, as the issuer's JWKS document would list them. */
  keys(): JSONWebKeySet {
    return { keys: this.#issuer.keys.toJSON() };
  }

  /** A token of this person; with `ttlSeconds` it expires after so much virtual time, else not in this century. */
  token(person: Person, ttlSeconds: number | null): Promise<string> {
    return this.#issuer.buildToken({
      scopesOrTransform: (_header, payload) => {
        const now = Math.floor(this.#now() / 1000);
        Object.assign(payload, {
          sub: person.subject,
          username: person.username,
          token_use: 'access',
          client_id: this.#clientId,
          scope: 'openid email profile',
          iat: ttlSeconds === null ? longAgo : now,
          nbf: ttlSeconds === null ? longAgo : now,
          auth_time: ttlSeconds === null ? longAgo : now,
          exp: ttlSeconds === null ? farFuture : now + ttlSeconds,
        });
      },
    });
  }
}
