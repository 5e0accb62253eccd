import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../clock.ts';
import type { DueHints } from '../due/hints.ts';
import { type EventDraft, type StoredEvent, sealEvent } from './event.ts';
import { headSum } from './head-sum.ts';
import { type TransactItem, transact } from './transact.ts';

/**
 * A change of one entity: its new head, exactly one event, and what must be true together with them.
 * `head` is the whole item without PK, SK, version, chain and sum, which belong to the store.
 */
export interface Change {
  readonly entity: { readonly kind: string; readonly id: string; readonly key: string; readonly headKey: string };
  readonly head: Readonly<Record<string, unknown>>;
  /** The version that was read; 0 when the entity must not exist yet. */
  readonly readVersion: number;
  /** The head's `chain` that was read; '' when new. */
  readonly readChain: string;
  readonly event: EventDraft;
  /** The events before `event` in the same transaction: only imported history has several. */
  readonly earlierEvents?: readonly EventDraft[];
  /** Further items that stand or fall with the change (an alert, an external id, a login). */
  readonly also?: readonly TransactItem[];
  /** The record of the Idempotency-Key, with the answer to replay. */
  readonly once?: TransactItem | undefined;
}

/** Someone else changed the entity first. `useCase -> read again -> decide again` is the cure. */
export class LostRace extends Error {
  override readonly name = 'LostRace';
  constructor(key: string, readVersion: number) {
    super(`${key} is no longer at version ${readVersion}.`);
  }
}

/** The Idempotency-Key was recorded by another request meanwhile: nothing was written now. */
export class AlreadyRecorded extends Error {
  override readonly name = 'AlreadyRecorded';
}

/** One of `also` did not hold; `index` tells which. */
export class AlsoRefused extends Error {
  override readonly name = 'AlsoRefused';
  readonly index: number;
  constructor(index: number) {
    super(`condition ${index} of the change does not hold`);
    this.index = index;
  }
}

export interface Committed {
  readonly version: number;
  readonly chain: string;
  readonly events: readonly StoredEvent[];
}

/**
 * Writes changes: TransactWriteItems of head (conditional on the version read), event and idempotency record
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html). A committed head that is due
 * soon is hinted at once.
 */
export class Committer {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #clock: Clock;
  readonly #hints: Pick<DueHints, 'afterCommit'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    clock: Clock;
    hints: Pick<DueHints, 'afterCommit'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#clock = options.clock;
    this.#hints = options.hints;
  }

  /** @throws LostRace, AlreadyRecorded, AlsoRefused, Busy. Nothing is written when it throws. */
  async commit(change: Change): Promise<Committed> {
    const sealed = this.#seal(change);
    const { head, events, version, chain } = sealed;
    const also = change.also ?? [];
    const items: TransactItem[] = [
      ...sealed.items.slice(0, 1),
      ...also,
      ...(change.once === undefined ? [] : [change.once]),
      ...sealed.items.slice(1),
    ];
    const { key } = change.entity;
    const refused = await transact(this.#client, items);
    if (refused !== null) {
      if (change.once !== undefined && refused[1 + also.length] === true) throw new AlreadyRecorded();
      if (refused[0] === true) throw new LostRace(key, change.readVersion);
      const index = refused.slice(1, 1 + also.length).indexOf(true);
      throw index >= 0 ? new AlsoRefused(index) : new LostRace(key, change.readVersion);
    }
    await this.#hints.afterCommit([head, ...also.map((item) => item.Put?.Item ?? {})]);
    return { version, chain, events };
  }

  /**
   * Writes changes of several entities that stand or fall together, each with its own event; `first` may bring `also` and
   * `once`. At most 100 items in all. @throws what `commit` throws; LostRace when any of the others was changed first.
   */
  async commitTogether(first: Change, others: readonly Omit<Change, 'also' | 'once'>[]): Promise<Committed> {
    const items = others.flatMap((change) => this.#seal(change).items);
    try {
      return await this.commit({ ...first, also: [...(first.also ?? []), ...items] });
    } catch (error) {
      const own = first.also?.length ?? 0;
      if (error instanceof AlsoRefused && error.index >= own) throw new LostRace(first.entity.key, first.readVersion);
      throw error;
    }
  }

  /** A change as items: its head first, then its events. */
  #seal(change: Change) {
    const { entity, readVersion } = change;
    const now = this.#clock.now();
    const events: StoredEvent[] = [];
    let chain = change.readChain;
    for (const draft of [...(change.earlierEvents ?? []), change.event]) {
      const event = sealEvent(entity, readVersion + events.length + 1, chain, draft, now);
      chain = event.hash;
      events.push(event);
    }
    const version = readVersion + events.length;
    const unsummed = { ...change.head, PK: entity.key, SK: entity.headKey, version, chain };
    const head = { ...unsummed, sum: headSum(unsummed) };
    const items: TransactItem[] = [
      {
        Put: {
          TableName: this.#table,
          Item: head,
          ...(readVersion === 0
            ? { ConditionExpression: 'attribute_not_exists(PK)' }
            : {
                ConditionExpression: '#version = :read',
                ExpressionAttributeNames: { '#version': 'version' },
                ExpressionAttributeValues: { ':read': readVersion },
              }),
        },
      },
      ...events.map((event) => ({
        Put: { TableName: this.#table, Item: event, ConditionExpression: 'attribute_not_exists(PK)' },
      })),
    ];
    return { items, head, events, version, chain };
  }
}
