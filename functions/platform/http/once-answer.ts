import type { TransactItem } from '../store/transact.ts';
import type { OnceKey, OnceRecords } from '../store/once.ts';
import type { Answer } from './request.ts';
import { recordedAnswer } from './result.ts';

/**
 * Turns a result into the idempotency record of its answer, for the transaction that makes the result true. Undefined when
 * the caller gave no Idempotency-Key.
 */
export const remembering =
  <Result>(records: OnceRecords, once: OnceKey | null, answerOf: (result: Result) => Answer) =>
  (result: Result): TransactItem | undefined =>
    once === null ? undefined : records.item(once, recordedAnswer(answerOf(result)));
