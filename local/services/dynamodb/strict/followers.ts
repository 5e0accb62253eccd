import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import { wholeOf } from '../../../chance.ts';
import type { TableModel } from '../../../model.ts';
import type { Strict } from '../../../strict.ts';
import type { Attributes } from '../attribute-value.ts';
import { keyText } from '../attribute-value.ts';
import { keyOf } from '../item-requests.ts';
import type { BatchedWrite, EngineCalls } from '../engine-calls.ts';
import { followerOf } from './follower-tables.ts';

/** "Within a fraction of a second, under normal conditions"; here up to a second. In steps, so that wake-ups are few. */
const lagSteps = { least: 0, most: 10 };
const stepMs = 100;

/** An item as it is to become in the follower; null when it goes. */
interface Change {
  readonly table: TableModel;
  readonly key: Attributes;
  readonly image: Attributes | null;
}

/**
 * Beside each table lies a follower that hears of every write late, each item for itself: what is read with eventual
 * consistency, of an index always, is read there. So a query may not yet show a fresh item, may still show one as it was
 * before, and may show a later write and an earlier one of another item not. All indexes of an item lag alike. Time is
 * virtual: an advance stops at each of these instants as at any other.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html, "Data synchronization")
 *
 * What has not arrived is kept in memory only; `rebuild` makes a start from the tables themselves.
 */
export class Followers {
  readonly #calls: EngineCalls;
  readonly #clock: VirtualClock;
  readonly #strict: Strict;
  readonly #log: (message: string) => void;
  readonly #due = new Map<number, { readonly changes: Map<string, Change>; readonly cancel: () => void }>();
  readonly #lastOf = new Map<string, number>();
  #writes = 0;
  #arriving = 0;
  #work: Promise<void> = Promise.resolve();

  constructor(options: {
    readonly calls: EngineCalls;
    readonly clock: VirtualClock;
    readonly strict: Strict;
    readonly log: (message: string) => void;
  }) {
    this.#calls = options.calls;
    this.#clock = options.clock;
    this.#strict = options.strict;
    this.#log = options.log;
  }

  /** Something is on its way into a follower now; what only waits for its instant does not count. */
  get busy(): boolean {
    return this.#arriving > 0;
  }

  /** Copies the tables into their empty followers. */
  async rebuild(tables: readonly TableModel[]): Promise<void> {
    for (const { name } of tables)
      for await (const items of this.#calls.pages(name))
        await this.#calls.write(
          followerOf(name),
          items.map((Item) => ({ PutRequest: { Item } })),
        );
  }

  /** The item became so; to be called in the order of its writes. */
  changed(table: TableModel, key: Attributes, image: Attributes | null): void {
    const id = keyText(table.name, key);
    this.#writes += 1;
    const lag = wholeOf(lagSteps, this.#strict.seed, 'follower', id, this.#writes) * stepMs;
    const arrives = Math.ceil((this.#clock.now() + lag) / stepMs) * stepMs;
    // Never before an earlier write of the same item.
    const at = Math.max(arrives, this.#lastOf.get(id) ?? 0);
    this.#lastOf.set(id, at);
    const known = this.#due.get(at);
    if (known !== undefined) {
      known.changes.set(id, { table, key, image });
      return;
    }
    const cancel = this.#clock.wakeAt(at, () => this.#arrive(at));
    this.#due.set(at, { changes: new Map([[id, { table, key, image }]]), cancel });
  }

  /** Everything arrives now. */
  async catchUp(): Promise<void> {
    for (const at of [...this.#due.keys()].toSorted((one, other) => one - other)) {
      this.#due.get(at)?.cancel();
      this.#arrive(at);
    }
    await this.#work;
  }

  /** Forgets what is on its way: the tables are emptied, or the desk stops. */
  async forget(): Promise<void> {
    for (const { cancel } of this.#due.values()) cancel();
    this.#due.clear();
    this.#lastOf.clear();
    await this.#work;
  }

  #arrive(at: number): void {
    const changes = this.#due.get(at)?.changes ?? new Map<string, Change>();
    this.#due.delete(at);
    for (const id of changes.keys()) if (this.#lastOf.get(id) === at) this.#lastOf.delete(id);
    this.#arriving += 1;
    this.#work = this.#work
      .then(() => this.#apply([...changes.values()]))
      .catch((error: unknown) => this.#log(`followers: ${String(error)}`))
      .finally(() => {
        this.#arriving -= 1;
      });
  }

  async #apply(changes: readonly Change[]): Promise<void> {
    const byTable = new Map<string, BatchedWrite[]>();
    for (const { table, key, image } of changes) {
      const writes = byTable.get(table.name) ?? [];
      byTable.set(table.name, writes);
      writes.push(image === null ? { DeleteRequest: { Key: keyOf(table, key) } } : { PutRequest: { Item: image } });
    }
    for (const [name, writes] of byTable) await this.#calls.write(followerOf(name), writes);
  }
}
