import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';

/** What a conditional write answers, or null when its condition did not hold. */
export const unlessRefused = async <Answer>(write: Promise<Answer>): Promise<Answer | null> => {
  try {
    return await write;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return null;
    throw error;
  }
};

const attempts = 6;
const refused = 'ConditionalCheckFailed';
/** Codes that say nothing about conditions: somebody else writes one of the items at this moment. */
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/** Runs a transaction; false when a condition of it did not hold, and nothing was written. Repeats what only was in the way. */
export const transacted = async (write: () => Promise<unknown>): Promise<boolean> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await write();
      return true;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code = '' }) => Code);
      if (codes.includes(refused)) return false;
      if (attempt === attempts || !codes.some((code) => passing.has(code))) throw error;
      await pause(2 ** attempt * 5 * (1 + Math.random()));
    }
  }
};
