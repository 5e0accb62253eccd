import { createHash } from 'node:crypto';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { EventSourceModel } from '../model.ts';
import { matchesPattern } from '../pattern.ts';
import type { Queues, ReceivedMessage } from '../services/sqs/queues.ts';
import type { CrashPoint } from '../workers/function-pool.ts';
import type { Outcome } from '../workers/outcome.ts';
import { failedItems } from './batch-item-failures.ts';
import { batchesOf } from './batch-payload.ts';
import type { Source } from './source.ts';

export interface QueueSourceOptions {
  readonly name: string;
  readonly mapping: EventSourceModel;
  readonly region: string;
  readonly queues: Queues;
  readonly faults: Faults;
  readonly clock: VirtualClock;
  /** Batches at once, when the mapping does not say less. */
  readonly concurrency: number;
  readonly invoke: (event: unknown, crash: CrashPoint) => Promise<Outcome>;
  /** Whether the delivery at hand comes twice, although nothing failed. */
  readonly comesAgain: () => boolean;
  /** The most that the messages of a batch weigh, in bytes. */
  readonly heaviestBatch: number;
}

const bodyOf = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/**
 * One event source mapping on a queue. A batch that the function took is deleted; what failed, by an error or by name,
 * stays hidden until its visibility timeout, and comes again. Messages may come twice.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class QueueSource implements Source {
  readonly name: string;
  readonly #options: QueueSourceOptions;
  readonly #concurrency: number;
  readonly #inHand = new Set<Promise<void>>();
  #running = false;
  #unsubscribe: (() => void) | null = null;
  #windowEnds: number | null = null;
  #cancelWindow: (() => void) | null = null;

  constructor(options: QueueSourceOptions) {
    this.name = options.name;
    this.#options = options;
    this.#concurrency = Math.min(options.concurrency, options.mapping.maximumConcurrency ?? options.concurrency);
  }

  start(): void {
    this.#running = true;
    this.#unsubscribe = this.#options.queues.onVisible(this.#options.mapping.sourceArn, () => this.#take());
    this.#take();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#unsubscribe?.();
    this.#closeWindow();
    await Promise.all(this.#inHand);
  }

  busy(): boolean {
    if (!this.#running) return false;
    return this.#inHand.size > 0 || (this.#visible() > 0 && this.#windowEnds === null);
  }

  describe(): string {
    const { visible, inFlight, delayed } = this.#options.queues.depth(this.#options.mapping.sourceArn);
    return `${visible} visible, ${inFlight} in flight, ${delayed} delayed`;
  }

  #visible(): number {
    return this.#options.queues.depth(this.#options.mapping.sourceArn).visible;
  }

  /** Takes batches while there are messages and hands are free; one that is not full waits for the batching window. */
  #take(): void {
    const { mapping, clock } = this.#options;
    while (this.#running && this.#inHand.size < this.#concurrency) {
      const visible = this.#visible();
      if (visible === 0) return;
      if (visible < mapping.batchSize && mapping.batchingWindowSeconds > 0) {
        if (this.#windowEnds === null) {
          this.#windowEnds = clock.now() + mapping.batchingWindowSeconds * 1000;
          this.#cancelWindow = clock.wakeAt(this.#windowEnds, () => this.#take());
        }
        if (clock.now() < this.#windowEnds) return;
      }
      this.#closeWindow();
      const messages = this.#receive();
      if (messages.length === 0) return;
      const work: Promise<void> = this.#deliver(messages).finally(() => {
        this.#inHand.delete(work);
        this.#take();
      });
      this.#inHand.add(work);
    }
  }

  #closeWindow(): void {
    this.#cancelWindow?.();
    this.#cancelWindow = null;
    this.#windowEnds = null;
  }

  #receive(): readonly ReceivedMessage[] {
    const { mapping, queues } = this.#options;
    const messages: ReceivedMessage[] = [];
    while (messages.length < mapping.batchSize) {
      const received = queues.receive(mapping.sourceArn, Math.min(10, mapping.batchSize - messages.length));
      if (received.length === 0) break;
      messages.push(...received);
    }
    return messages;
  }

  async #deliver(received: readonly ReceivedMessage[]): Promise<void> {
    const { mapping, queues, heaviestBatch } = this.#options;
    const wanted = received.filter(
      (message) =>
        mapping.filters.length === 0 ||
        mapping.filters.some((filter) => matchesPattern(filter, { ...message, body: bodyOf(message.body) })),
    );
    for (const message of received)
      if (!wanted.includes(message)) queues.delete(mapping.sourceArn, message.receiptHandle);
    for (const batch of batchesOf(wanted, { count: mapping.batchSize, bytes: heaviestBatch }))
      await this.#deliverBatch(batch);
  }

  async #deliverBatch(batch: readonly ReceivedMessage[]): Promise<void> {
    const { mapping, queues, region } = this.#options;
    const outcome = await this.#invoke({
      Records: batch.map((message) => ({
        ...message,
        md5OfBody: createHash('md5').update(message.body).digest('hex'),
        eventSource: 'aws:sqs',
        eventSourceARN: mapping.sourceArn,
        awsRegion: region,
      })),
    });
    if (outcome.kind !== 'answered') return;
    const ids = new Set(batch.map(({ messageId }) => messageId));
    const failures = mapping.reportBatchItemFailures ? failedItems(outcome.payload, ids) : new Set<string>();
    if (failures === 'all') return;
    for (const { messageId, receiptHandle } of batch)
      if (!failures.has(messageId)) queues.delete(mapping.sourceArn, receiptHandle);
  }

  /** A duplicate runs beside its twin, as two deliveries of a standard queue may. */
  async #invoke(event: unknown): Promise<Outcome> {
    const { faults, invoke, comesAgain } = this.#options;
    const fault = faults.take('queue', ['duplicate', 'crash-before', 'crash-after']);
    const twin = fault === 'duplicate' || comesAgain() ? invoke(event, null) : null;
    const outcome = await invoke(event, fault === 'crash-before' ? 'before' : fault === 'crash-after' ? 'after' : null);
    await twin;
    return outcome;
  }
}
