import * as z from 'zod';
import { type GivenUpOf, inOrder } from './given-up.ts';
import type { Answer, Cloud, DeadLetters } from './ports.ts';

export interface PutBack {
  readonly done: number;
  /** Why it did not go on; null when everything that was asked for is put back. */
  readonly stopped: string | null;
}

export interface PutBackOptions {
  readonly most: number;
  readonly progress: (done: number) => void;
}

/**
 * Sends hints back to their queue, and removes each only when it is there: killed in between, it is there twice, and a hint
 * that comes twice does no more than one. Messages are received and sent here, and not by a message move task: that cannot be
 * told how many, nor be watched to its end without asking again, and needs the same permissions and one more.
 * What fails again returns after five tries, minutes apart, so this ends.
 */
export const putHintsBack = async (letters: DeadLetters, { most, progress }: PutBackOptions): Promise<PutBack> => {
  let done = 0;
  // A queue may answer with nothing though something is left, seldom twice.
  for (let empty = 0; done < most && empty < 2; ) {
    const taken = await letters.take(Math.min(10, most - done));
    empty = taken.length === 0 ? empty + 1 : 0;
    for (const hint of taken) {
      await hint.sendAgain();
      await hint.remove();
      done += 1;
      progress(done);
    }
  }
  return { done, stopped: null };
};

/**
 * Hands a function again what it did not take, oldest first and one at a time, so that the records of a partition key stay in
 * their order; an object goes only after the function took all of it. Killed in between, its records come once more, which the
 * function must bear from the stream too. Stops at the first that fails: what follows it may be of the same key.
 */
export const putRecordsBack = async (
  { failedRecords, functions }: Pick<Cloud, 'failedRecords' | 'functions'>,
  of: GivenUpOf,
  { most, progress }: PutBackOptions,
): Promise<PutBack> => {
  let done = 0;
  if (most === 0) return { done, stopped: null };
  for await (const { key, payload } of inOrder(failedRecords, of)) {
    const refusal = refusalOf(await functions.invoke(of.functionName, payload));
    if (refusal !== null) return { done, stopped: `${refusal}\n  s3://${failedRecords.bucket}/${key}` };
    await failedRecords.remove(key);
    done += 1;
    progress(done);
    if (done >= most) break;
  }
  return { done, stopped: null };
};

const answerSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullable();

/** Why the records count as not taken; null when they do: https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html */
const refusalOf = (answer: Answer): string | null => {
  if (answer.kind === 'failed') return answer.reason;
  const parsed = answerSchema.safeParse(jsonOf(answer.payload));
  if (!parsed.success) return `it answered ${answer.payload.slice(0, 200)}, which names no failures`;
  const failed = parsed.data?.batchItemFailures ?? [];
  return failed.length === 0 ? null : `it reported the record ${failed[0]?.itemIdentifier} as failed`;
};

const jsonOf = (text: string): unknown => {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
