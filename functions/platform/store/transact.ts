import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import { Busy } from '../errors.ts';

/** One write of a transaction, as the document client takes it. */
export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

const attempts = 6;

/** Codes of a cancelled transaction that say nothing about our conditions: repeat after a moment. */
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Writes all of the items or none, and repeats what only was in the way: somebody else had one of them in hands, or its key was
 * too busy. The SDK repeats neither (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html);
 * its client request token makes its own repetitions after a lost answer harmless.
 * Answers null when they are written, else, for each of them, whether its condition was the one that did not hold.
 * @throws Busy when something is in the way after six tries. Nothing is written then.
 */
export const transact = async (
  client: Pick<DynamoDBDocumentClient, 'send'>,
  items: TransactItem[],
): Promise<readonly boolean[] | null> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await client.send(new TransactWriteCommand({ TransactItems: items }));
      return null;
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const codes = (error.CancellationReasons ?? []).map(({ Code = '' }) => Code);
      const refused = codes.map((code) => code === 'ConditionalCheckFailed');
      if (refused.includes(true)) return refused;
      if (!codes.some((code) => passing.has(code))) throw error;
      if (attempt === attempts) throw new Busy();
      await pause(2 ** attempt * 5 * (1 + Math.random()));
    }
  }
};
