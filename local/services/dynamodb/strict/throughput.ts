import { type Attributes, valueText } from '../attribute-value.ts';
import type { ItemRequest } from '../item-requests.ts';
import { KeyBudget } from './key-budget.ts';
import { type CountedKey, countedKey, writeCharges } from './write-units.ts';

/** Units a second (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html). */
const writesOfKey = 1000;
const readsOfKey = 3000;
const bytesOfReadUnit = 4096;

export interface ReadOfKey {
  readonly key: CountedKey;
  /** Twice for a transaction, half when it need not be consistent. */
  readonly factor: number;
}

/** The throughput of single keys: of tables, and of each index for itself. */
export class Throughput {
  readonly #writes: KeyBudget;
  readonly #reads: KeyBudget;

  constructor(now: () => number) {
    this.#writes = new KeyBudget(writesOfKey, now);
    this.#reads = new KeyBudget(readsOfKey, now);
  }

  /** The first key that has no write left for this one, or null. Of an update the new keys are among its values. */
  spentBy({ table, key, values }: ItemRequest, before: Attributes | null): CountedKey | null {
    const own = countedKey(table, null, key[table.partitionKey]);
    const inIndexes = table.indexes.flatMap((index) => {
      const old = before?.[index.partitionKey];
      const touched = new Map([old, ...values].map((value) => [valueText(value), value]));
      return [...touched.values()].map((value) => countedKey(table, index.name, value));
    });
    return [own, ...inIndexes].find(({ id }) => this.#writes.isSpent(id)) ?? null;
  }

  written(write: Parameters<typeof writeCharges>[0]): void {
    for (const { key, units } of writeCharges(write)) this.#writes.spend(key.id, units);
  }

  isReadOut({ key }: ReadOfKey): boolean {
    return this.#reads.isSpent(key.id);
  }

  /** Counted by the answer's text, which is somewhat longer than the items. */
  read({ key, factor }: ReadOfKey, bytes: number): void {
    this.#reads.spend(key.id, Math.ceil(bytes / bytesOfReadUnit) * factor);
  }
}
