import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { EngineTables, TableDefinition } from './engine-tables.ts';
import type { TableBook, TableFacts } from './table-facts.ts';

export interface Restoration {
  readonly tableName: string;
  readonly definition: TableDefinition;
  readonly restore: NonNullable<TableFacts['restore']>;
  readonly kmsKeyArn: string | null;
  readonly items: () => Promise<readonly string[]> | readonly string[];
}

/** So many items between looks at whether the desk stops. */
const portion = 1000;

/** Makes tables that hold copies: CREATING until the last item is in, without anything that the keys and indexes do not say. */
export class TableRestorer {
  readonly #tables: EngineTables;
  readonly #book: TableBook;
  readonly #clock: VirtualClock;
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: { readonly tables: EngineTables; readonly book: TableBook; readonly clock: VirtualClock }) {
    this.#tables = options.tables;
    this.#book = options.book;
    this.#clock = options.clock;
  }

  get busy(): boolean {
    return this.#running.size > 0;
  }

  async exists(tableName: string): Promise<boolean> {
    return (await this.#tables.find(tableName)) !== null;
  }

  /** The empty table; nobody can use it yet. What an interrupted restore left of it is removed first. */
  async begin({ tableName, definition, restore, kmsKeyArn }: Restoration): Promise<void> {
    // Known as CREATING before it is there: nobody may write into it meanwhile.
    this.#book.set(tableName, {
      createdAt: this.#clock.now(),
      status: 'CREATING',
      settlesAt: 0,
      restore,
      pastSince: null,
      deletionProtection: false,
      tags: {},
      kmsKeyArn,
      ttl: null,
    });
    await this.#tables.remove(tableName);
    await this.#tables.create(tableName, definition);
  }

  /** Puts the items in. @throws when the desk stops. */
  putItems(restoration: Restoration): Promise<void> {
    const work = this.#putAll(restoration);
    const settled = work
      .then(
        () => {},
        () => {},
      )
      .finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return work;
  }

  async #putAll({ tableName, items }: Restoration): Promise<void> {
    const all = await items();
    for (let start = 0; start < all.length; start += portion) {
      if (this.#stopped) throw new Error('the desk stops');
      await this.#tables.fill(tableName, all.slice(start, start + portion));
    }
  }

  finish(tableName: string): void {
    this.#book.change(tableName, { status: 'ACTIVE', settlesAt: this.#clock.now() });
  }

  /** The restore failed: there is no table. */
  async abandon(tableName: string): Promise<void> {
    await this.#tables.remove(tableName);
    this.#book.remove(tableName);
  }

  /** Ends what is being filled, as it is. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  resume(): void {
    this.#stopped = false;
  }
}
