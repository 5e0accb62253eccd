import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { VersionRef } from '../domain/calendar-rules.ts';
import type { Book } from '../item-kinds.ts';
import type { Read, WantedCalendar, WantedPolicy } from '../store.ts';
import type { SlaPorts } from './ports.ts';

const attempts = 8;

/** What a change writes; nothing at all when nothing would be otherwise. */
export interface Decided<Result> {
  readonly result: Result;
  readonly calendars?: readonly WantedCalendar[];
  readonly policies?: readonly WantedPolicy[];
  /** The policies in their order from now on. */
  readonly order: readonly VersionRef[];
  readonly once?: TransactItem | undefined;
}

/**
 * The way of every change that policies depend on: read the book, decide, write over the book that was read; who loses the
 * race decides again. So no policy can come to count by a calendar that is archived or changed at the same time, and two
 * changes of the order do not lose one another. A repetition is decided on what is there, and refused by If-Match.
 * @throws what `decide` throws
 */
export const changeBook = async <Result>(
  { sla, books, clock }: SlaPorts,
  decide: (book: Book, now: number) => Promise<Decided<Result>>,
): Promise<Result> => {
  for (let attempt = 1; ; attempt += 1) {
    const book = await books.read();
    const { result, calendars = [], policies = [], order, once } = await decide(book, clock.now());
    if (calendars.length + policies.length === 0) return result;
    try {
      await sla.write({ calendars, policies }, { policies: [...order], read: book }, once);
      return result;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};

interface Changeable {
  readonly version: number;
  readonly archivedAt: string | null;
  readonly updatedAt: string;
}

/** What may be changed. @throws NotFound, StaleVersion, and IllegalTransition for what was archived */
export const changeable = <Record extends Changeable>(
  found: Read<Record> | null,
  { what, id, ifMatch }: { readonly what: string; readonly id: string; readonly ifMatch: number | null | undefined },
): Read<Record> => {
  if (found === null) throw new NotFound(what, id);
  if (ifMatch != null && ifMatch !== found.version) throw new StaleVersion(found.version);
  if (found.archivedAt !== null) throw new IllegalTransition(`${id} was archived and cannot be changed any more.`);
  return found;
};

/** When a change happens: now, or when it was changed last where that clock was ahead. */
export const changedAt = ({ updatedAt }: Changeable, now: number): string =>
  isoInstant(Math.max(now, milliseconds(updatedAt)));

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Old and new of the fields that are otherwise, for the event; null when none is. */
export const differences = <Fields extends object>(
  before: Fields,
  after: Fields,
  fields: readonly (keyof Fields & string)[],
): Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>> | null => {
  const changed = fields.filter((field) => !same(before[field], after[field]));
  if (changed.length === 0) return null;
  return Object.fromEntries(changed.map((field) => [field, { from: before[field], to: after[field] }]));
};
