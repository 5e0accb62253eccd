import { ServiceError } from '../service-error.ts';
import type { ItemRequests } from './item-requests.ts';

/** Whether another transaction has the item of the same position. */
export type TransactionConflict = boolean;

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
}

const ongoing = 'Transaction is ongoing for the item';

/**
 * A transaction of which nothing is done, with a reason for each of its items.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html, "Errors")
 */
export const cancelled = (
  CancellationReasons: readonly CancellationReason[],
  details: Readonly<Record<string, unknown>> = {},
): ServiceError => {
  const codes = CancellationReasons.map(({ Code }) => Code).join(', ');
  const message = `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`;
  return new ServiceError('TransactionCanceledException', message, 400, { CancellationReasons, ...details });
};

/** The SDK repeats neither of the two by itself. */
export const conflicted = (kind: ItemRequests['kind'], conflicts: readonly TransactionConflict[]): ServiceError =>
  kind === 'transaction'
    ? cancelled(
        conflicts.map((conflict) => (conflict ? { Code: 'TransactionConflict', Message: ongoing } : { Code: 'None' })),
      )
    : new ServiceError('TransactionConflictException', ongoing);

/** The same transaction, by its token, is on its way; the SDK asks again. */
export const inProgress = (): ServiceError =>
  new ServiceError(
    'TransactionInProgressException',
    'The transaction with the given request token is already in progress.',
  );
