import type { Outcome } from '../workers/outcome.ts';
import { failedItems } from './batch-item-failures.ts';
import type { StreamRecord } from './stream-record.ts';

export type GiveUpReason = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

export interface BatchRules {
  readonly bisectOnError: boolean;
  /** -1 = no limit. */
  readonly maximumRetries: number;
  readonly maximumRecordAgeSeconds: number;
  readonly reportBatchItemFailures: boolean;
}

export interface BatchActions {
  invoke(records: readonly StreamRecord[]): Promise<Outcome>;
  /** Everything up to this record is done and need not come again. */
  checkpoint(record: StreamRecord): void;
  giveUp(records: readonly StreamRecord[], reason: GiveUpReason, attempts: number): void;
  /** Waits before the next attempt. False = the source stops, the rest comes again later. */
  backOff(attempts: number): Promise<boolean>;
  /** Virtual time in ms. */
  now(): number;
}

const sequenceOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;

/** Index of the first record that must come again, or null when all are done. */
const firstFailure = (outcome: Outcome, batch: readonly StreamRecord[], reporting: boolean): number | null => {
  if (outcome.kind !== 'answered') return 0;
  if (!reporting) return null;
  const failures = failedItems(outcome.payload, new Set(batch.map(sequenceOf)));
  if (failures === 'all') return 0;
  const index = batch.findIndex((record) => failures.has(sequenceOf(record)));
  return index < 0 ? null : index;
};

/**
 * Delivers one batch as Lambda does for a stream: in order, again and again until it is done or given up. On an error it
 * is halved if the mapping says so (which uses up no retry), a partial failure resumes at the lowest failed record, and a
 * throttle is repeated without counting. Answers false when the source stopped in between.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export const deliverBatch = async (
  records: readonly StreamRecord[],
  rules: BatchRules,
  actions: BatchActions,
): Promise<boolean> => {
  const pending: (readonly StreamRecord[])[] = [records];
  let attempts = 0;
  let waits = 0;
  const finish = (batch: readonly StreamRecord[]): void => {
    pending.shift();
    attempts = 0;
    const last = batch.at(-1);
    if (last !== undefined) actions.checkpoint(last);
  };
  for (let batch = pending[0]; batch !== undefined; batch = pending[0]) {
    const fresh = youngEnough(batch, rules, actions);
    if (fresh.length < batch.length) {
      const old = batch.slice(0, batch.length - fresh.length);
      actions.giveUp(old, 'RecordAgeExceeded', attempts);
      finish(old);
      if (fresh.length > 0) pending.unshift(fresh);
      continue;
    }
    const outcome = await actions.invoke(batch);
    attempts += outcome.kind === 'throttled' ? 0 : 1;
    const failure = firstFailure(outcome, batch, rules.reportBatchItemFailures);
    if (failure === null) {
      finish(batch);
      waits = 0;
      continue;
    }
    if (failure > 0) {
      finish(batch.slice(0, failure));
      pending.unshift(batch.slice(failure));
      attempts = 1;
      waits = 0;
    } else if (outcome.kind !== 'throttled' && rules.bisectOnError && batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      pending.splice(0, 1, batch.slice(0, middle), batch.slice(middle));
      attempts = 0;
      continue;
    } else if (rules.maximumRetries >= 0 && attempts > rules.maximumRetries) {
      actions.giveUp(batch, 'RetryAttemptsExhausted', attempts);
      finish(batch);
      continue;
    }
    waits += 1;
    if (!(await actions.backOff(waits))) return false;
  }
  return true;
};

/** The records from the first on that is not too old; those before it are. */
const youngEnough = (
  batch: readonly StreamRecord[],
  rules: BatchRules,
  actions: BatchActions,
): readonly StreamRecord[] => {
  if (rules.maximumRecordAgeSeconds < 0) return batch;
  const oldest = actions.now() / 1000 - rules.maximumRecordAgeSeconds;
  const index = batch.findIndex((record) => record.dynamodb.ApproximateCreationDateTime >= oldest);
  return index < 0 ? [] : batch.slice(index);
};
