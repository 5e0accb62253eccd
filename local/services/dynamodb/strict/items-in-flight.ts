import type { ItemRequests } from '../item-requests.ts';
import { conflicted, inProgress, type TransactionConflict } from '../conflicts.ts';

interface Holder {
  readonly kind: ItemRequests['kind'];
  readonly token: string | null;
  readonly done: Promise<void>;
}

/**
 * The items that are being written. A transaction and a single write do not wait for a transaction that has one of their
 * items: they are refused. Single writes of one item follow each other, as they do on AWS, and a transaction waits for them.
 * A read transaction is refused by every write.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html, "Transaction conflict handling")
 */
export class ItemsInFlight {
  readonly #holders = new Map<string, Holder>();

  /** Resolves with what ends the hold. @throws ServiceError when another transaction has one of the items. */
  async enter(requests: ItemRequests): Promise<() => void> {
    const { items, kind, token } = requests;
    for (;;) {
      const holders = items.map(({ id }) => this.#holders.get(id));
      if (kind !== 'batch') this.#refuse(requests, holders);
      const waiting = holders.find((holder) => holder !== undefined);
      if (waiting === undefined) break;
      await waiting.done;
    }
    let leave = (): void => {};
    const done = new Promise<void>((resolve) => {
      leave = resolve;
    });
    const held = items.filter(({ action }) => action !== 'Get');
    for (const { id } of held) this.#holders.set(id, { kind, token, done });
    return () => {
      for (const { id } of held) this.#holders.delete(id);
      leave();
    };
  }

  #refuse({ items, kind, token }: ItemRequests, holders: readonly (Holder | undefined)[]): void {
    if (token !== null && holders.some((holder) => holder?.token === token)) throw inProgress();
    const conflicts: TransactionConflict[] = items.map(({ action }, index) => {
      const holder = holders[index];
      return holder !== undefined && (holder.kind === 'transaction' || action === 'Get');
    });
    if (conflicts.includes(true)) throw conflicted(kind, conflicts);
  }
}
