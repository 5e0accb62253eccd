import type { Timers } from '../../../clock/timers.ts';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import { parseRequest } from '../../endpoint/json-answer.ts';
import { ServiceError } from '../../service-error.ts';
import { createTable } from './control-requests.ts';
import type { Durations } from './control-settings.ts';
import type { EngineTables } from './engine-tables.ts';
import { plainFacts, type TableBook } from './table-facts.ts';

export interface TableMakerOptions {
  readonly clock: VirtualClock;
  readonly timers: Timers;
  readonly tables: EngineTables;
  readonly book: TableBook;
  readonly durations: () => Durations;
}

/** Makes the tables of the account that no template makes (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html). */
export class TableMaker {
  readonly #options: TableMakerOptions;

  constructor(options: TableMakerOptions) {
    this.#options = options;
  }

  /** Begins a table; its name. @throws ServiceError */
  async create(json: unknown): Promise<string> {
    const request = parseRequest(createTable, json, 'ValidationException');
    const { TableName: name, StreamSpecification, SSESpecification, Tags } = request;
    const { book, clock, tables, timers, durations } = this.#options;
    const existing = await tables.find(name);
    if (existing !== null || book.names().includes(name))
      throw new ServiceError('ResourceInUseException', `Table already exists: ${name}`);
    // Known as CREATING before it is there: nobody may write into it meanwhile, and nobody else makes it.
    book.set(name, {
      ...plainFacts,
      createdAt: clock.now(),
      status: 'CREATING',
      deletionProtection: request.DeletionProtectionEnabled,
      tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
      kmsKeyArn: SSESpecification?.KMSMasterKeyId ?? null,
    });
    try {
      await tables.create(name, request, StreamSpecification);
    } catch (error) {
      book.remove(name);
      throw error;
    }
    timers.at(clock.now() + durations().tableUpdateSeconds * 1000, () => this.#finish(name));
    return name;
  }

  /** What an earlier desk had begun is finished. */
  async resume(): Promise<void> {
    const { book, tables } = this.#options;
    for (const name of book.names()) {
      const { status, restore } = book.of(name);
      if (status !== 'CREATING' || restore !== null) continue;
      // That desk ended before the engine had the table, and has told nobody that there is one.
      if ((await tables.find(name)) === null) book.remove(name);
      else this.#finish(name);
    }
  }

  #finish(name: string): void {
    const { book, clock } = this.#options;
    book.change(name, { status: 'ACTIVE', settlesAt: clock.now() });
  }
}
