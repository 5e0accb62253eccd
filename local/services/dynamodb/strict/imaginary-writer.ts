import { chanceOf, wholeOf } from '../../../chance.ts';
import type { Strict } from '../../../strict.ts';
import type { ItemRequests } from '../item-requests.ts';
import { conflicted } from '../conflicts.ts';

/** Of the writes that can meet a transaction, so many do. */
const metShare = 0.1;

/**
 * Another writer with transactions of its own, besides those that there are: one of the items is just in its hands. A single
 * write meets it only on items that have been in a transaction since the start, since others never conflict on AWS either.
 */
export class ImaginaryWriter {
  readonly #strict: Strict;
  readonly #transacted = new Set<string>();
  #writes = 0;

  constructor(strict: Strict) {
    this.#strict = strict;
  }

  /** @throws ServiceError when they meet. */
  meet({ items, kind }: ItemRequests): void {
    if (kind === 'batch' || items.length === 0) return;
    if (kind === 'transaction') for (const { id } of items) this.#transacted.add(id);
    else if (!items.some(({ id }) => this.#transacted.has(id))) return;
    this.#writes += 1;
    const { seed } = this.#strict;
    if (chanceOf(seed, 'conflict', this.#writes) >= metShare) return;
    const met = wholeOf({ least: 0, most: items.length - 1 }, seed, 'conflicting', this.#writes);
    throw conflicted(
      kind,
      items.map((_item, index) => index === met),
    );
  }
}
