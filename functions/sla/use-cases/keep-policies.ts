import { isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { VersionRef } from '../domain/calendar-rules.ts';
import type { Policy } from '../domain/policy.ts';
import {
  calendarsOfTerms,
  changedTerms,
  flawsOf,
  policiesAtMost,
  policyOfTerms,
  type PolicyTerms,
  termsOfPolicy,
  type WantedTerms,
} from '../domain/policy-terms.ts';
import type { Book, PolicyRecord } from '../item-kinds.ts';
import { contentOf, type Read } from '../store.ts';
import { changeable, changeBook, changedAt, differences } from './change-book.ts';
import { knownCalendars } from './known-calendars.ts';
import { firstPolicyId } from './open-book.ts';
import type { Asked, SlaPorts } from './ports.ts';

/** A policy, and the how manieth of the book it is; null when it is not in it any more. */
export interface PlacedPolicy {
  readonly policy: PolicyRecord;
  readonly position: number | null;
}

/** Where a policy stands in the book, from 1. */
export const positionIn = ({ policies }: { readonly policies: readonly VersionRef[] }, id: string): number | null => {
  const index = policies.findIndex((one) => one.id === id);
  return index < 0 ? null : index + 1;
};

/** The order with a policy at a position. @throws ValidationFailed when there is no such place */
const placed = (order: readonly VersionRef[], { id, version }: VersionRef, position: number): VersionRef[] => {
  const others = order.filter((one) => one.id !== id);
  if (position > others.length + 1)
    throw new ValidationFailed([{ path: 'position', message: `must be from 1 to ${others.length + 1}` }]);
  return [...others.slice(0, position - 1), { id, version }, ...others.slice(position - 1)];
};

/** The policy that terms make now. @throws ValidationFailed */
const made = async (
  ports: Pick<SlaPorts, 'sla'>,
  identity: Pick<Policy, 'id' | 'version' | 'isDefault'>,
  terms: PolicyTerms,
  now: number,
): Promise<Policy> => {
  const known = await knownCalendars(ports, calendarsOfTerms(terms));
  const flaws = flawsOf(terms, known, { isDefault: identity.isDefault, now });
  if (flaws.length > 0) throw new ValidationFailed(flaws);
  return policyOfTerms(identity, terms, known);
};

/** Adds a policy to the book, before the default one unless it says where. @throws ValidationFailed */
export const createPolicy = async (
  ports: SlaPorts,
  { position, ...terms }: PolicyTerms & { readonly position?: number | undefined },
  { actor, remember }: Asked<PlacedPolicy>,
): Promise<PlacedPolicy> =>
  changeBook(ports, async (book, now) => {
    if (book.policies.length >= policiesAtMost)
      throw new ValidationFailed([
        { path: '', message: `at most ${policiesAtMost} policies are possible; archive one first` },
      ]);
    const id = newId('slp', now);
    const at = isoInstant(now);
    const policy = await made(ports, { id, version: 1, isDefault: false }, terms, now);
    const next: PolicyRecord = { ...policy, archivedAt: null, createdAt: at, updatedAt: at };
    const order = placed(
      book.policies,
      policy,
      position ?? positionIn(book, firstPolicyId) ?? book.policies.length + 1,
    );
    const result = { policy: next, position: positionIn({ policies: order }, id) };
    return {
      result,
      policies: [
        {
          next,
          read: null,
          told: { at, actor, type: 'slaPolicy.created', data: { ...policy, position: result.position } },
        },
      ],
      order,
      once: remember?.(result),
    };
  });

export type WantedPolicyFields = WantedTerms & { readonly position?: number | undefined };

/** A policy as a change would make it, and the order of the book with it. @throws ValidationFailed */
export const changedPolicy = async (
  ports: Pick<SlaPorts, 'sla'>,
  read: PolicyRecord,
  { position, ...wanted }: WantedPolicyFields,
  { book, now }: { readonly book: Book; readonly now: number },
): Promise<{ readonly policy: Policy; readonly order: readonly VersionRef[] }> => {
  const before = contentOf(read);
  const policy = await made(
    ports,
    { ...read, version: read.version + 1 },
    changedTerms(termsOfPolicy(before), wanted),
    now,
  );
  return { policy, order: placed(book.policies, policy, position ?? positionIn(book, read.id) ?? 1) };
};

const fields = [
  'name',
  'enabled',
  'conditions',
  'effectiveFrom',
  'effectiveUntil',
  'calendarId',
  'targets',
  'pausedBy',
  'warnings',
  'levels',
  'position',
] as const;

/**
 * Changes a policy: from now on tickets that are opened, or come to it by a change, run by the new version; running ones when
 * it is applied. @throws NotFound, StaleVersion, IllegalTransition, ValidationFailed
 */
export const changePolicy = async (
  ports: SlaPorts,
  policyId: string,
  wanted: WantedPolicyFields,
  { actor, ifMatch }: Asked<PlacedPolicy>,
): Promise<PlacedPolicy> =>
  changeBook(ports, async (book, now) => {
    const read = changeable(await ports.sla.policy(policyId), { what: 'SLA policy', id: policyId, ifMatch });
    const { chain: _chain, ...before } = read;
    const at = changedAt(read, now);
    const { policy, order } = await changedPolicy(ports, read, wanted, { book, now });
    const position = positionIn({ policies: order }, policyId);
    const former = positionIn(book, policyId);
    const changes = differences({ ...contentOf(before), position: former }, { ...policy, position }, fields);
    if (changes === null) return { result: { policy: before, position: former }, order: book.policies };
    const next: PolicyRecord = { ...before, ...policy, updatedAt: at };
    return {
      result: { policy: next, position },
      policies: [{ next, read, told: { at, actor, type: 'slaPolicy.changed', data: { changes } } }],
      order,
    };
  });

/** @throws IllegalTransition: the default policy is what the rest of the tickets has. */
const mayBeArchived = (policy: Read<PolicyRecord>): void => {
  if (policy.isDefault)
    throw new IllegalTransition('The default policy cannot be archived; it can be changed, and disabled.');
};

/**
 * Takes a policy out of the book: no ticket comes to it any more; those that run by it go on so until they are changed or
 * another policy is applied. @throws NotFound, StaleVersion, IllegalTransition
 */
export const archivePolicy = async (
  ports: SlaPorts,
  policyId: string,
  { actor, ifMatch, remember }: Asked<PlacedPolicy>,
): Promise<PlacedPolicy> =>
  changeBook(ports, async (book, now) => {
    const read = changeable(await ports.sla.policy(policyId), { what: 'SLA policy', id: policyId, ifMatch });
    mayBeArchived(read);
    const { chain: _chain, ...before } = read;
    const at = changedAt(read, now);
    const next: PolicyRecord = { ...before, archivedAt: at, updatedAt: at, version: read.version + 1 };
    const result = { policy: next, position: null };
    return {
      result,
      policies: [{ next, read, told: { at, actor, type: 'slaPolicy.archived', data: {} } }],
      order: book.policies.filter(({ id }) => id !== policyId),
      once: remember?.(result),
    };
  });
