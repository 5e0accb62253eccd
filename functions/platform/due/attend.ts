import type { Hint } from './hints.ts';

/** Handles one kind of due item: reads it again, decides by timestamps, claims on the version just read. Harmless when late or repeated. */
export type DueHandler = (hint: Hint) => Promise<void>;

/** A due item whose kind nobody registered: a deployment fault, so the hint fails and is alarmed by the dead-letter queue. */
export class UnknownDueKind extends Error {
  override readonly name = 'UnknownDueKind';
}

/** What happens to an item that could not be attended to, before its hint comes again. */
export type AfterFailure = (hint: Hint) => Promise<void>;

/**
 * Routes a hint to the handler of its kind; the kind is the key's prefix (`TKT`, `ALT`).
 * @throws what the handler threw, after the item was pushed back: the hint comes again and ends among the dead letters.
 */
export const attend = async (
  handlers: Readonly<Record<string, DueHandler>>,
  hint: Hint,
  afterFailure: AfterFailure,
): Promise<void> => {
  const kind = hint.pk.slice(0, hint.pk.indexOf('#'));
  const handler = handlers[kind];
  try {
    if (handler === undefined) throw new UnknownDueKind(`No handler for due items of kind "${kind}".`);
    await handler(hint);
  } catch (error) {
    await afterFailure(hint);
    throw error;
  }
};
