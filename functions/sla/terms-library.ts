import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readItems } from '../platform/store/heads.ts';
import { policiesOf } from './domain/book.ts';
import { Calendar } from './domain/calendar.ts';
import type { VersionRef } from './domain/calendar-rules.ts';
import type { TermsOf } from './domain/cycles.ts';
import type { Policy, Terms } from './domain/policy.ts';
import type { Timeline } from './domain/timeline.ts';
import { calendarVersionKind, policyVersionKind } from './item-kinds.ts';
import { calendarKey, policyKey, versionKey } from './keys.ts';

/** A timeline names a version of a policy or calendar that is not in the table: it was tampered with. */
export class TermsMissing extends Error {
  override readonly name = 'TermsMissing';
  constructor({ id, version }: VersionRef) {
    super(`Version ${version} of ${id} is not in the table.`);
  }
}

const nameOf = ({ id, version }: VersionRef): string => `${id} ${version}`;

/** Versions kept in memory at most; a desk seldom has a hundred. */
const keptAtMost = 1_000;

/**
 * Versions of policies and calendars by their references. They never change, so each is read once in a function's life, and a
 * ticket's clocks cost no read more than the ticket.
 */
export class TermsLibrary {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #policies = new Map<string, Policy>();
  readonly #calendars = new Map<string, Calendar>();

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** The terms that a timeline's clocks need. @throws TermsMissing */
  async termsFor(timeline: Timeline): Promise<TermsOf> {
    await this.load(policiesOf(timeline));
    return this.termsOf;
  }

  /** Reads what is not in memory yet: policies first, then the calendars that they name. @throws TermsMissing */
  async load(refs: readonly VersionRef[]): Promise<void> {
    const unknown = refs.filter((ref) => !this.#policies.has(nameOf(ref)));
    if (unknown.length === 0) return;
    if (this.#policies.size + this.#calendars.size > keptAtMost) {
      this.#policies.clear();
      this.#calendars.clear();
      return this.load(refs);
    }
    const items = await this.#versions(unknown, policyKey);
    const policies = items.map((item) => policyVersionKind.read(item));
    await this.#loadCalendars(policies.flatMap(calendarsOf));
    for (const policy of policies) this.#policies.set(nameOf(policy), policy);
  }

  /** The terms of a version that was loaded. Keeps its meaning after a reload, so it may be handed on. */
  readonly termsOf: TermsOf = (ref) => {
    const policy = this.#policies.get(nameOf(ref));
    if (policy === undefined) throw new TermsMissing(ref);
    const terms: Terms = { policy, calendarOf: ({ calendar }) => this.#calendar(calendar) };
    return terms;
  };

  #calendar(ref: VersionRef): Calendar {
    const calendar = this.#calendars.get(nameOf(ref));
    if (calendar === undefined) throw new TermsMissing(ref);
    return calendar;
  }

  async #loadCalendars(refs: readonly VersionRef[]): Promise<void> {
    const unknown = refs.filter((ref) => !this.#calendars.has(nameOf(ref)));
    for (const item of await this.#versions(unknown, calendarKey)) {
      const { id, version, rules } = calendarVersionKind.read(item);
      this.#calendars.set(nameOf({ id, version }), new Calendar({ id, version }, rules));
    }
  }

  async #versions(
    refs: readonly VersionRef[],
    keyOf: (id: string) => string,
  ): Promise<readonly Record<string, unknown>[]> {
    const wanted = [...new Map(refs.map((ref) => [nameOf(ref), ref])).values()];
    const found: Record<string, unknown>[] = [];
    for (let start = 0; start < wanted.length; start += 100) {
      const keys = wanted
        .slice(start, start + 100)
        .map(({ id, version }) => ({ PK: keyOf(id), SK: versionKey(version) }));
      found.push(...(await readItems(this.#client, this.#table, keys, { consistent: true })));
    }
    const known = new Set(found.map((item) => `${item['id']} ${item['version']}`));
    const missing = wanted.find((ref) => !known.has(nameOf(ref)));
    if (missing !== undefined) throw new TermsMissing(missing);
    return found;
  }
}

const calendarsOf = ({ targets }: Policy): readonly VersionRef[] =>
  Object.values(targets).flatMap((byPriority) =>
    Object.values(byPriority ?? {}).flatMap((target) => (target === undefined ? [] : [target.calendar])),
  );
