import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { actorSchema, type Actor } from '../actor.ts';
import { isoInstant } from '../clock.ts';
import { currentCorrelation } from '../correlation.ts';
import { newId } from '../ids.ts';
import { contributionSchema, type Contribution } from './contribution.ts';
import { eventVersions } from './event-versions.ts';
import { itemKind } from './item-kind.ts';

/** An event as it is kept: append-only, one item a version, in its entity's partition. */
const eventSchema = z.object({
  PK: z.string(),
  SK: z.string().regex(/^EV#\d{8}$/),
  eventId: z.string(),
  entity: z.string(),
  entityId: z.string(),
  type: z.string(),
  version: z.number().int().positive(),
  /** When it happened; for imported history the instant of the source. */
  at: z.string(),
  /** When it was written. */
  recordedAt: z.string(),
  actor: actorSchema,
  data: z.record(z.string(), z.unknown()),
  /** Set when this event raised an alert; the alert stream's filter looks for it. */
  alertId: z.string().optional(),
  /** The invocation that caused it, as log lines name it; not part of the digest. */
  correlationId: z.string().optional(),
  facts: z.array(contributionSchema).optional(),
  salt: z.string(),
  digest: z.string(),
  hash: z.string(),
});
export type StoredEvent = z.infer<typeof eventSchema>;
export const eventKind = itemKind(eventVersions, eventSchema);

/** What a use case says about what happened; the store adds identity, version and chain. */
export interface EventDraft {
  readonly type: string;
  readonly at: string;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
  readonly alertId?: string;
  readonly facts?: readonly Contribution[];
}

export const eventKey = (version: number): string => `EV#${String(version).padStart(8, '0')}`;

/** The same JSON text for the same content: keys sorted, undefined left out. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

const sha256 = (...parts: readonly string[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('base64url');
};

/** The salted digest of an event's payload: erasing payload and salt later leaves the chain verifiable. */
export const payloadDigest = (salt: string, draft: Pick<EventDraft, 'type' | 'at' | 'actor' | 'data'>): string =>
  sha256(salt, draft.type, draft.at, canonicalJson(draft.actor), canonicalJson(draft.data));

/** The link of the chain: what came before, and this event's digest. */
export const chainHash = (previousHash: string, version: number, digest: string): string =>
  sha256(previousHash, String(version), digest);

/** Makes the stored event of a draft: `previousHash` is the head's `chain`, '' for the first. */
export const sealEvent = (
  entity: { readonly key: string; readonly kind: string; readonly id: string },
  version: number,
  previousHash: string,
  draft: EventDraft,
  now: number,
): StoredEvent => {
  const salt = randomBytes(12).toString('base64url');
  const digest = payloadDigest(salt, draft);
  const correlationId = currentCorrelation();
  return {
    PK: entity.key,
    SK: eventKey(version),
    eventId: newId('evt', now),
    entity: entity.kind,
    entityId: entity.id,
    type: draft.type,
    version,
    at: draft.at,
    recordedAt: isoInstant(now),
    actor: draft.actor,
    data: { ...draft.data },
    ...(draft.alertId === undefined ? {} : { alertId: draft.alertId }),
    ...(correlationId === null ? {} : { correlationId }),
    ...(draft.facts === undefined || draft.facts.length === 0 ? {} : { facts: [...draft.facts] }),
    salt,
    digest,
    hash: chainHash(previousHash, version, digest),
    ...eventVersions.stamp,
  };
};
