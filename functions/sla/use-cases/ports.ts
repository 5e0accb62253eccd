import type { Actor } from '../../platform/actor.ts';
import type { Clock } from '../../platform/clock.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Book } from '../item-kinds.ts';
import type { SlaStore } from '../store.ts';

/** Where calendars, policies and the book are kept. */
export type Terms = Pick<SlaStore, 'calendar' | 'calendarHeads' | 'policy' | 'policies' | 'write'>;

export interface SlaPorts {
  readonly sla: Terms;
  readonly books: { read(): Promise<Book> };
  readonly clock: Clock;
  /** The dates of a holiday file. @throws ValidationFailed */
  readonly holidaysOf: (
    text: string,
    how: { readonly timezone: string; readonly now: number },
  ) => Promise<readonly string[]>;
}

/** Who asks for a change, of which version, and what remembers the answer. */
export interface Asked<Result> {
  readonly actor: Actor;
  /** Null: whatever is there is changed, as long as the change is allowed. */
  readonly ifMatch?: number | null;
  readonly remember?: (result: Result) => TransactItem | undefined;
}
