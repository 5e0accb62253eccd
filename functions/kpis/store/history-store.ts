import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { eventKey } from '../../platform/store/event.ts';
import { readItem, readItems } from '../../platform/store/heads.ts';
import { queryAll } from '../../platform/store/query-all.ts';
import { partitionOf } from '../domain/subject-partition.ts';

const counterSchema = z.object({ value: z.number() });

/** The history of tickets and drills in the operations table, as the stream would bring it. */
export class HistoryStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** An entity's events in order and its head behind them, without the long texts; consistently, 1 RRU for each 4 KB. */
  async of(ticketId: string): Promise<readonly Record<string, unknown>[]> {
    return queryAll(this.#client, {
      table: this.#table,
      partition: partitionOf(ticketId),
      range: { from: 'EV#', to: 'T' },
      consistent: true,
    });
  }

  /** These events, perhaps a moment old; 0.5 RRU each. */
  async events(
    wanted: readonly { readonly ticketId: string; readonly version: number }[],
  ): Promise<readonly Record<string, unknown>[]> {
    const keys = wanted.map(({ ticketId, version }) => ({ PK: partitionOf(ticketId), SK: eventKey(version) }));
    const found: Record<string, unknown>[] = [];
    for (let start = 0; start < keys.length; start += 100)
      found.push(...(await readItems(this.#client, this.#table, keys.slice(start, start + 100))));
    return found;
  }

  /** How many ticket numbers were ever given out. */
  async ticketsNumbered(): Promise<number> {
    const item = await readItem(this.#client, this.#table, { PK: 'SYS#counter', SK: 'tickets' });
    return item === undefined ? 0 : counterSchema.parse(item).value;
  }
}
