import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Position, queryPage } from '../platform/store/heads.ts';
import type { Recipient, StageRecipient, Subscription } from './domain/subscription.ts';
import { rosterEntryKind } from './item-kinds.ts';
import { roster } from './keys.ts';

/** All live subscriptions (see keys.ts), read consistently: an alert reaches also who subscribed a moment before it. */
export class Roster {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** One page, oldest first; it may be short. */
  async page(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly items: readonly Subscription[]; readonly next: Position | null }> {
    const partition = { name: 'PK', value: roster };
    const page = await queryPage(this.#client, { table: this.#table, partition, consistent: true, limit, after });
    const entries = page.items.map((item) => rosterEntryKind.read(item));
    return { items: entries.flatMap((entry) => ('gone' in entry ? [] : [entry])), next: page.next };
  }

  /** Everybody who subscribed: the stage's own, whose route is their id, and those made by the API. */
  async recipients(stage: readonly StageRecipient[]): Promise<readonly Recipient[]> {
    const found: Recipient[] = stage.map(({ id, channel, filter }) => ({ id, channel, route: id, filter }));
    let after: Position | null = null;
    do {
      const page = await this.page(1000, after);
      found.push(...page.items);
      after = page.next;
    } while (after !== null);
    return found;
  }
}
