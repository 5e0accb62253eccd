import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Principal } from '../platform/actor.ts';
import type { Clock } from '../platform/clock.ts';
import { Forbidden } from '../platform/errors.ts';
import type { PrincipalSource } from '../platform/http/pipeline.ts';
import { readItem } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { principalRecordSchema } from './domain/records.ts';

export const loginKind = itemKind('login', principalRecordSchema);

const cachedForMs = 60_000;
const cachedAtMost = 5_000;

const claimsSchema = z.object({
  sub: z.string().min(1),
  client_id: z.string().optional(),
  username: z.string().optional(),
});

/**
 * Who a verified Cognito access token stands for: the login item of its `sub`, or of its client id for machines (client
 * credentials have `sub` equal to `client_id`). The username named by the stage configuration is the first admin, so that an
 * empty desk can be opened. Cached for 60 s: a changed or removed role takes that long.
 * @throws Forbidden for a genuine token of nobody.
 */
export const principalSource = (options: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly clock: Clock;
  readonly firstAdmin: string;
}): PrincipalSource => {
  const cache = new Map<string, { readonly principal: Principal; readonly until: number }>();
  const find = async (claims: z.infer<typeof claimsSchema>): Promise<Principal | null> => {
    const item = await readItem(options.client, options.table, { PK: `PRN#${claims.sub}`, SK: 'P' });
    const record = item === undefined ? null : loginKind.read(item);
    const isFirstAdmin = options.firstAdmin !== '' && claims.username === options.firstAdmin;
    // Whoever registers a contact could otherwise name the first admin's login, and lock the owner out.
    return isFirstAdmin && record?.role !== 'admin'
      ? { id: `usr_${claims.sub}`, role: 'admin', customerId: null, teamId: null }
      : record;
  };
  return async (rawClaims) => {
    const claims = claimsSchema.parse(rawClaims);
    const now = options.clock.now();
    const cached = cache.get(claims.sub);
    if (cached !== undefined && cached.until > now) return cached.principal;
    const principal = await find(claims);
    if (principal === null) throw new Forbidden('This login has no role here yet; an admin can give it one.');
    if (cache.size >= cachedAtMost) cache.clear();
    cache.set(claims.sub, { principal, until: now + cachedForMs });
    return principal;
  };
};
