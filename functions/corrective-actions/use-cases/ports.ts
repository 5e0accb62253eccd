import type { Clock } from '../../platform/clock.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Position } from '../../platform/store/heads.ts';
import type { CorrectiveAction } from '../domain/corrective-action.ts';
import type { ActionEvent, ReadAction } from '../store.ts';

/** What the use cases of corrective actions work with. */
export interface ActionPorts {
  readonly actions: {
    find(id: string): Promise<ReadAction | null>;
    list(
      limit: number,
      after: Position | null,
    ): Promise<{ readonly actions: readonly CorrectiveAction[]; readonly next: Position | null }>;
    commit(
      before: ReadAction | null,
      action: CorrectiveAction,
      event: ActionEvent,
      once: TransactItem | undefined,
    ): Promise<void>;
  };
  readonly people: {
    agentExists(id: string): Promise<boolean>;
    teamExists(id: string): Promise<boolean>;
  };
  readonly clock: Clock;
}

/** Makes the idempotency record of a result, when the caller gave a key. */
export type Remember = (action: CorrectiveAction) => TransactItem | undefined;
