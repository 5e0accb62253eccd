import fc from 'fast-check';
import { type BatchRules, deliverBatch, type GiveUpReason } from '../../../local/sources/stream-batches.ts';
import type { StreamRecord } from '../../../local/sources/stream-record.ts';
import type { Outcome } from '../../../local/workers/outcome.ts';

const record = (sequence: number, createdAt = 0): StreamRecord => ({
  eventID: String(sequence),
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: 'eu-central-1',
  eventSourceARN: 'arn',
  dynamodb: { Keys: {}, SequenceNumber: String(sequence), SizeBytes: 1, ApproximateCreationDateTime: createdAt },
});
const sequenceOf = (one: StreamRecord): number => Number(one.dynamodb.SequenceNumber);
const answered = (value: unknown = null): Outcome => ({ kind: 'answered', payload: JSON.stringify(value) });
const failure: Outcome = { kind: 'failed', failure: { errorType: 'Error', errorMessage: 'no', trace: [] } };
const rules: BatchRules = {
  bisectOnError: false,
  maximumRetries: -1,
  maximumRecordAgeSeconds: -1,
  reportBatchItemFailures: false,
};

const deliver = async (
  count: number,
  changes: Partial<BatchRules>,
  answer: (batch: number[], invocation: number) => Outcome,
  now = 0,
) => {
  const invoked: number[][] = [];
  const checkpoints: number[] = [];
  const given: { records: number[]; reason: GiveUpReason }[] = [];
  const done = await deliverBatch(
    Array.from({ length: count }, (_, index) => record(index + 1, index)),
    { ...rules, ...changes },
    {
      invoke: async (records) => {
        const batch = records.map(sequenceOf);
        invoked.push(batch);
        return answer(batch, invoked.length);
      },
      checkpoint: (one) => checkpoints.push(sequenceOf(one)),
      giveUp: (records, reason) => given.push({ records: records.map(sequenceOf), reason }),
      backOff: async () => invoked.length < 200,
      now: () => now,
    },
  );
  return { done, invoked, checkpoints, given };
};

describe('delivery of a stream batch', () => {
  it('is one invocation and one checkpoint when all goes well', async () => {
    expect(await deliver(3, {}, () => answered())).toEqual({
      done: true,
      invoked: [[1, 2, 3]],
      checkpoints: [3],
      given: [],
    });
  });

  it('repeats the whole batch after an error', async () => {
    const { invoked, checkpoints } = await deliver(2, {}, (_batch, invocation) =>
      invocation < 3 ? failure : answered(),
    );
    expect(invoked).toEqual([
      [1, 2],
      [1, 2],
      [1, 2],
    ]);
    expect(checkpoints).toEqual([2]);
  });

  it('halves until the bad record stands alone, and gives only that up', async () => {
    const { invoked, given, checkpoints } = await deliver(4, { bisectOnError: true, maximumRetries: 1 }, (batch) =>
      batch.includes(3) ? failure : answered(),
    );
    expect(invoked).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [3], [4]]);
    expect(given).toEqual([{ records: [3], reason: 'RetryAttemptsExhausted' }]);
    expect(checkpoints).toEqual([2, 3, 4]);
  });

  it('resumes at the lowest record that failed', async () => {
    const { invoked, checkpoints } = await deliver(5, { reportBatchItemFailures: true }, (_batch, invocation) =>
      invocation === 1
        ? answered({ batchItemFailures: [{ itemIdentifier: '4' }, { itemIdentifier: '3' }] })
        : answered({ batchItemFailures: [] }),
    );
    expect(invoked).toEqual([
      [1, 2, 3, 4, 5],
      [3, 4, 5],
    ]);
    expect(checkpoints).toEqual([2, 5]);
  });

  it('takes a failure of an unknown record for a failure of all', async () => {
    const { invoked } = await deliver(2, { reportBatchItemFailures: true }, (_batch, invocation) =>
      invocation === 1 ? answered({ batchItemFailures: [{ itemIdentifier: 'what' }] }) : answered(),
    );
    expect(invoked).toEqual([
      [1, 2],
      [1, 2],
    ]);
  });

  it('ignores reported failures when the mapping does not ask for them', async () => {
    const { invoked } = await deliver(2, {}, () => answered({ batchItemFailures: [{ itemIdentifier: '1' }] }));
    expect(invoked).toEqual([[1, 2]]);
  });

  it('does not count throttles as attempts', async () => {
    const { invoked, given } = await deliver(1, { maximumRetries: 0 }, (_batch, invocation) =>
      invocation < 20 ? { kind: 'throttled' } : answered(),
    );
    expect(invoked).toHaveLength(20);
    expect(given).toEqual([]);
  });

  it('gives up records that are too old, and those only', async () => {
    const { invoked, given, checkpoints } = await deliver(4, { maximumRecordAgeSeconds: 60 }, () => answered(), 62_000);
    expect(given).toEqual([{ records: [1, 2], reason: 'RecordAgeExceeded' }]);
    expect(invoked).toEqual([[3, 4]]);
    expect(checkpoints).toEqual([2, 4]);
  });

  it('leaves nothing out, repeats no record that is done, and keeps the order', async () => {
    const failing = fc.record({
      count: fc.integer({ min: 1, max: 25 }),
      poison: fc.uniqueArray(fc.integer({ min: 1, max: 25 }), { maxLength: 4 }),
      bisectOnError: fc.boolean(),
      reportBatchItemFailures: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(failing, async ({ count, poison, bisectOnError, reportBatchItemFailures }) => {
        const finished: number[] = [];
        const { done, given, checkpoints } = await deliver(
          count,
          { bisectOnError, reportBatchItemFailures, maximumRetries: 2 },
          (batch) => {
            const bad = batch.find((one) => poison.includes(one));
            const good = bad === undefined ? batch : reportBatchItemFailures ? batch.slice(0, batch.indexOf(bad)) : [];
            finished.push(...good);
            if (bad === undefined) return answered();
            return reportBatchItemFailures
              ? answered({ batchItemFailures: [{ itemIdentifier: String(bad) }] })
              : failure;
          },
        );
        const lost = given.flatMap(({ records }) => records);
        expect(done).toBe(true);
        expect([...finished, ...lost].toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: count }, (_, index) => index + 1),
        );
        expect(finished).toEqual(finished.toSorted((a, b) => a - b));
        expect(checkpoints).toEqual(checkpoints.toSorted((a, b) => a - b));
        expect(checkpoints.at(-1)).toBe(count);
        if (bisectOnError && !reportBatchItemFailures)
          expect(lost).toEqual(poison.filter((one) => one <= count).toSorted((a, b) => a - b));
      }),
    );
  });
});
