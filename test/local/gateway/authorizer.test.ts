import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Authorizer } from '../../../local/gateway/authorizer.ts';

const issuer = 'https://cognito-idp.eu-central-1.amazonaws.com/pool';
const now = Date.UTC(2026, 0, 31, 12);
const seconds = now / 1000;
const claims = { iss: issuer, sub: 'someone', client_id: 'people', scope: 'openid email', exp: seconds + 60 };

let ours: CryptoKey;
let theirs: CryptoKey;
let authorizer: Authorizer;
let clock = now;

beforeAll(async () => {
  const pair = await generateKeyPair('RS256', { extractable: true });
  ours = pair.privateKey;
  theirs = (await generateKeyPair('RS256')).privateKey;
  const keys = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'k', alg: 'RS256' }] };
  authorizer = new Authorizer({ expected: { issuer, audience: ['people', 'machines'] }, keys, now: () => clock });
});

beforeEach(() => {
  clock = now;
});

const token = (payload: JWTPayload, key: CryptoKey = ours): Promise<string> =>
  new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: 'k' }).sign(key);

describe('JWT authorizer', () => {
  it('takes a good token, with or without Bearer, and hands claims over as text', async () => {
    const good = await token(claims);
    const identity = await authorizer.identify(`Bearer ${good}`);
    expect(identity?.claims).toMatchObject({ sub: 'someone', exp: String(seconds + 60) });
    expect(identity?.scopes).toEqual(['openid', 'email']);
    expect(await authorizer.identify(good)).not.toBeNull();
  });

  it('lets aud decide where there is one', async () => {
    expect(await authorizer.identify(await token({ ...claims, aud: ['other', 'machines'] }))).not.toBeNull();
    expect(await authorizer.identify(await token({ ...claims, aud: 'other' }))).toBeNull();
  });

  it('refuses a missing or unreadable token', async () => {
    expect(await authorizer.identify(undefined)).toBeNull();
    expect(await authorizer.identify('Bearer ')).toBeNull();
    expect(await authorizer.identify('Bearer nonsense')).toBeNull();
  });

  it('refuses a forged signature, and none at all', async () => {
    expect(await authorizer.identify(await token(claims, theirs))).toBeNull();
    const [head, , signature] = (await token(claims)).split('.');
    const altered = Buffer.from(JSON.stringify({ ...claims, sub: 'admin' })).toString('base64url');
    expect(await authorizer.identify(`${head}.${altered}.${signature}`)).toBeNull();
    expect(await authorizer.identify(new UnsecuredJWT(claims).encode())).toBeNull();
  });

  it('refuses a foreign issuer and a wrong audience', async () => {
    expect(await authorizer.identify(await token({ ...claims, iss: 'https://elsewhere' }))).toBeNull();
    expect(await authorizer.identify(await token({ ...claims, client_id: 'others' }))).toBeNull();
  });

  it('expires by virtual time, and does not hold before nbf', async () => {
    const good = await token(claims);
    clock = now + 61_000;
    expect(await authorizer.identify(good)).toBeNull();
    clock = now;
    expect(await authorizer.identify(good)).not.toBeNull();
    clock = now + 61_000;
    expect(await authorizer.identify(good)).toBeNull();
    clock = now;
    expect(await authorizer.identify(await token({ ...claims, nbf: seconds + 30 }))).toBeNull();
    const { exp: _exp, ...endless } = claims;
    expect(await authorizer.identify(await token(endless))).toBeNull();
  });
});
