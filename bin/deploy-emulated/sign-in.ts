import { createHash, randomBytes } from 'node:crypto';
import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import * as z from 'zod';
import { RehearsalError } from './emulator.ts';

const tokens = z.object({ access_token: z.string() });

export interface Login {
  /** The `sub` claim: what a role is given to. */
  readonly subject: string;
  readonly accessToken: string;
}

/** Makes users of the deployed pool and signs them in as a browser does: authorization code with PKCE (RFC 7636). */
export class SignIn {
  readonly #cognito: CognitoIdentityProviderClient;
  readonly #pages: URL;
  readonly #pool: { readonly poolId: string; readonly clientId: string; readonly callbackUrl: string };

  constructor(
    cognito: CognitoIdentityProviderClient,
    pages: URL,
    pool: { readonly poolId: string; readonly clientId: string; readonly callbackUrl: string },
  ) {
    this.#cognito = cognito;
    this.#pages = pages;
    this.#pool = pool;
  }

  async as(username: string): Promise<Login> {
    const Password = `${randomBytes(18).toString('base64url')}aA1!`;
    const user = { UserPoolId: this.#pool.poolId, Username: username };
    const created = await this.#cognito.send(
      new AdminCreateUserCommand({ ...user, TemporaryPassword: Password, MessageAction: 'SUPPRESS' }),
    );
    await this.#cognito.send(new AdminSetUserPasswordCommand({ ...user, Password, Permanent: true }));
    const subject = created.User?.Attributes?.find(({ Name }) => Name === 'sub')?.Value;
    if (subject === undefined) throw new RehearsalError(`the pool gave ${username} no sub`);
    return { subject, accessToken: await this.#token(username, Password) };
  }

  async #token(username: string, password: string): Promise<string> {
    const { clientId, callbackUrl } = this.#pool;
    const verifier = randomBytes(48).toString('base64url');
    const request = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: callbackUrl,
      scope: 'openid',
      state: randomBytes(8).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    };
    const page = await fetch(new URL(`/oauth2/authorize?${new URLSearchParams(request)}`, this.#pages));
    if (!page.ok) throw new RehearsalError(`the sign-in page answered ${page.status}: ${await page.text()}`);
    const signedIn = await this.#post('/login', { ...request, username, password });
    const code = new URL(signedIn.headers.get('location') ?? '', callbackUrl).searchParams.get('code');
    if (code === null) throw new RehearsalError(`signing in as ${username} answered ${signedIn.status} without a code`);
    const answer = await this.#post('/oauth2/token', {
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: callbackUrl,
      code,
      code_verifier: verifier,
    });
    if (!answer.ok) throw new RehearsalError(`the token endpoint answered ${answer.status}: ${await answer.text()}`);
    return tokens.parse(await answer.json()).access_token;
  }

  #post(path: string, form: Readonly<Record<string, string>>): Promise<Response> {
    const body = new URLSearchParams(form);
    return fetch(new URL(path, this.#pages), { method: 'POST', body, redirect: 'manual' });
  }
}
