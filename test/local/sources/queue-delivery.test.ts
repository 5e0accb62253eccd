import type { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { FaultRegistry } from '../../../local/faults/fault-registry.ts';
import type { QueueModel } from '../../../local/model.ts';
import { QueueSource } from '../../../local/sources/queue-source.ts';
import { repeatedDelivery } from '../../../local/sources/repeated-delivery.ts';
import { LocalQueues } from '../../../local/services/sqs/local-queues.ts';
import { openDeskFile } from '../../../local/state/desk-file.ts';
import type { Strict } from '../../../local/strict.ts';
import type { Outcome } from '../../../local/workers/outcome.ts';
import { ManualClock } from '../services/manual-clock.ts';
import { mapping } from '../strict/stream-consumer.ts';

const queue = (name: string, redrive: QueueModel['redrive']): QueueModel => ({
  id: `App/${name}`,
  name,
  arn: `arn:aws:sqs:eu-central-1:1:${name}`,
  url: `http://queue/${name}`,
  delaySeconds: 0,
  visibilityTimeoutSeconds: 30,
  retentionSeconds: 1_209_600,
  redrive,
});
const letters = queue('letters', null);
const work = queue('work', { deadLetterArn: letters.arn, maxReceiveCount: 4 });

const files: DatabaseSync[] = [];
afterEach(() => {
  for (const file of files.splice(0)) file.close();
});

interface Message {
  readonly messageId: string;
  readonly body: string;
}

/** Lets a mapping deliver messages for as long as they may come again; `handle` answers which have failed, or throws. */
const deliver = async (
  bodies: readonly string[],
  options: {
    strict: Strict | null;
    batchSize?: number;
    heaviestBatch?: number;
    handle: (messages: readonly Message[], invocation: number) => readonly Message[];
  },
) => {
  const clock = new ManualClock();
  const file = openDeskFile(null);
  files.push(file);
  const queues = new LocalQueues(file, [work, letters], clock, options.strict);
  for (const body of bodies) queues.send(work.arn, body, 0);
  let invocations = 0;
  const invoke = async (event: unknown): Promise<Outcome> => {
    invocations += 1;
    const { Records } = JSON.parse(JSON.stringify(event)) as { Records: Message[] };
    try {
      const failed = options.handle(Records, invocations);
      const batchItemFailures = failed.map(({ messageId }) => ({ itemIdentifier: messageId }));
      return { kind: 'answered', payload: JSON.stringify({ batchItemFailures }) };
    } catch (error) {
      return { kind: 'failed', failure: { errorType: 'Error', errorMessage: String(error), trace: [] } };
    }
  };
  const source = new QueueSource({
    name: 'queue',
    mapping: { ...mapping, kind: 'queue', sourceArn: work.arn, batchSize: options.batchSize ?? 10 },
    region: 'eu-central-1',
    queues,
    faults: new FaultRegistry(),
    clock,
    concurrency: 2,
    invoke,
    comesAgain: repeatedDelivery(options.strict, mapping.id),
    heaviestBatch: options.heaviestBatch ?? Infinity,
  });
  source.start();
  for (let minute = 0; minute < 10; minute += 1) {
    while (source.busy()) await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(31);
  }
  await source.stop();
  return queues.receive(letters.arn, 1000).map(({ body }) => body);
};

describe('delivery of a queue under failure', () => {
  const stories = fc.record({
    seed: fc.nat(10_000),
    count: fc.integer({ min: 1, max: 40 }),
    poison: fc.uniqueArray(fc.nat(40), { maxLength: 5, size: 'max' }),
    shaky: fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 3, size: 'max' }),
    batchSize: fc.integer({ min: 1, max: 20 }),
  });

  it('processes every message or keeps it among the dead letters, poison always there', async () => {
    await fc.assert(
      fc.asyncProperty(stories, async ({ seed, count, poison, shaky, batchSize }) => {
        const bad = new Set(poison.map(String));
        const processed = new Set<string>();
        const bodies = Array.from({ length: count }, (_, index) => String(index));
        const dead = await deliver(bodies, {
          strict: { seed },
          batchSize,
          handle: (messages, invocation) => {
            if (shaky.includes(invocation)) throw new Error('shaky');
            for (const { body } of messages) if (!bad.has(body)) processed.add(body);
            return messages.filter(({ body }) => bad.has(body));
          },
        });
        const sorted = (all: Iterable<string>) => [...all].toSorted();
        expect(sorted([...processed, ...dead])).toEqual(sorted(bodies));
        expect(sorted(dead)).toEqual(sorted(bodies.filter((body) => bad.has(body))));
      }),
      { numRuns: 40 },
    );
  });
});

describe('a message that comes twice although nothing failed', () => {
  const count = async (strict: Strict | null, once: boolean): Promise<number> => {
    const seen = new Set<string>();
    let sent = 0;
    const bodies = Array.from({ length: 100 }, (_, index) => String(index));
    await deliver(bodies, {
      strict,
      batchSize: 5,
      handle: (messages) => {
        for (const { messageId } of messages) {
          if (once && seen.has(messageId)) continue;
          seen.add(messageId);
          sent += 1;
        }
        return [];
      },
    });
    return sent;
  };

  it('hurts who acts on each delivery, and not who acts once for each message', async () => {
    expect(await count(null, false)).toBe(100);
    expect(await count({ seed: 3 }, false)).toBeGreaterThan(100);
    expect(await count({ seed: 3 }, true)).toBe(100);
  });
});

it('a batch of a queue weighs no more than an invocation bears', async () => {
  const weights: number[] = [];
  const bodies = Array.from({ length: 60 }, () => 'x'.repeat(200 * 1024));
  await deliver(bodies, {
    strict: null,
    batchSize: 60,
    heaviestBatch: 6 * 1024 * 1024,
    handle: (messages) => {
      weights.push(Buffer.byteLength(JSON.stringify({ Records: messages })));
      return [];
    },
  });
  expect(weights.length).toBe(2);
  expect(Math.max(...weights)).toBeLessThanOrEqual(6 * 1024 * 1024);
});
