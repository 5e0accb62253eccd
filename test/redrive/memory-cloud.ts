import type { Answer, Cloud, DeadLetters } from '../../bin/redrive/ports.ts';

/** The command is killed: nothing more of this run happens. */
export class Killed extends Error {
  override readonly name = 'Killed';
}

export interface KeptObject {
  readonly key: string;
  readonly text: string;
}

interface Letter {
  readonly body: string;
  hidden: boolean;
}

/** Queues and a bucket in memory. `killAt` ends a run before or after one of its calls. */
export class MemoryCloud {
  readonly letters: Letter[];
  readonly queue: string[] = [];
  readonly objects: Map<string, string>;
  readonly invoked: { readonly name: string; readonly payload: string }[] = [];
  readonly #answer: (payload: string) => Answer;

  constructor(options: {
    letters?: readonly string[];
    objects?: readonly KeptObject[];
    answer?: (payload: string) => Answer;
  }) {
    this.letters = (options.letters ?? []).map((body) => ({ body, hidden: false }));
    this.objects = new Map((options.objects ?? []).map(({ key, text }) => [key, text]));
    this.#answer = options.answer ?? (() => ({ kind: 'answered', payload: '{"batchItemFailures":[]}' }));
  }

  /** What a run of the command sees. Each run finds again what an earlier one had only hidden. */
  run(kill: { readonly call: number; readonly when: 'before' | 'after' } | null = null): Cloud {
    let calls = 0;
    for (const letter of this.letters) letter.hidden = false;
    const call = async <T>(act: () => T): Promise<T> => {
      calls += 1;
      if (kill !== null && (calls > kill.call || (calls === kill.call && kill.when === 'before'))) throw new Killed();
      const result = act();
      if (kill !== null && calls === kill.call) throw new Killed();
      return result;
    };
    const deadLetters: DeadLetters = {
      name: 'due-critical',
      count: () => call(() => this.letters.length),
      peek: () => call(() => this.letters.slice(0, 10).map(({ body }) => ({ body, sentAt: 0 }))),
      take: (most) =>
        call(() => {
          const taken = this.letters.filter(({ hidden }) => !hidden).slice(0, Math.min(most, 3));
          for (const letter of taken) letter.hidden = true;
          return taken.map((letter) => ({
            body: letter.body,
            sentAt: 0,
            sendAgain: () => call(() => void this.queue.push(letter.body)),
            remove: () => call(() => void this.letters.splice(this.letters.indexOf(letter), 1)),
          }));
        }),
    };
    return {
      deadLetters: [deadLetters],
      failedRecords: {
        bucket: 'failed',
        keys: () => call(() => [...this.objects.keys()].toSorted()),
        read: (key) => call(() => this.objects.get(key) ?? ''),
        remove: (key) => call(() => void this.objects.delete(key)),
      },
      functions: {
        invoke: (name, payload) =>
          call(() => {
            this.invoked.push({ name, payload });
            return this.#answer(payload);
          }),
      },
      now: 0,
    };
  }
}

/** An object as Lambda writes it, of one or more records. */
export const keptObject = (of: {
  readonly functionName?: string;
  readonly mapping?: string;
  readonly shard?: string;
  readonly sequence: bigint;
  readonly at: number;
  readonly id: string;
  readonly payload: string;
}): KeptObject => {
  const { functionName = 'cloud-service-desk-dev-stream-kpis', mapping = 'mapping-1', shard = 'shard-1' } = of;
  const at = new Date(of.at).toISOString();
  const name = `${at.slice(0, 19).replaceAll(':', '.')}-${of.id}`;
  return {
    key: `aws/lambda/${mapping}/${shard}/${at.slice(0, 10).replaceAll('-', '/')}/${name}`,
    text: JSON.stringify({
      requestContext: {
        requestId: 'r',
        functionArn: `arn:aws:lambda:eu-central-1:123456789012:function:${functionName}:live`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 3,
      },
      responseContext: { statusCode: 200, executedVersion: '7', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: at,
      DDBStreamBatchInfo: {
        shardId: shard,
        startSequenceNumber: String(of.sequence),
        endSequenceNumber: String(of.sequence),
        batchSize: 1,
        streamArn: 'arn:aws:dynamodb:eu-central-1:123456789012:table/t/stream/1',
      },
      payload: of.payload,
    }),
  };
};
