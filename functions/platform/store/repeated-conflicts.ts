import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import type { Pluggable } from '@smithy/types';

/**
 * Makes the SDK repeat a single write that met a transaction on its item. Nothing was written, and the transaction is over in
 * some milliseconds; but the SDK repeats throttling and not this
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html, "Transaction conflict handling").
 */
export const repeatedConflicts = <Input extends object, Output extends object>(): Pluggable<Input, Output> => ({
  applyToStack: (stack) =>
    stack.add(
      (next) => async (input) => {
        try {
          return await next(input);
        } catch (error) {
          if (error instanceof TransactionConflictException) Object.assign(error, { $retryable: {} });
          throw error;
        }
      },
      // Within the SDK's own repetition, which stands in the same step with a higher priority.
      { step: 'finalizeRequest', priority: 'low', name: 'repeatedConflicts' },
    ),
});
