import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { chanceOf } from '../../chance.ts';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { QueueModel } from '../../model.ts';
import type { Strict } from '../../strict.ts';
import { eventAttributes } from './message-attributes.ts';
import { MessageStore, type StoredMessage } from './message-store.ts';
import type { Queues, ReceivedMessage } from './queues.ts';

interface QueueState {
  readonly model: QueueModel;
  readonly listeners: Set<() => void>;
  /** Instant of the planned wake-up, Infinity when none is. */
  wakeAt: number;
  cancel: () => void;
}

/** A message taken from a queue, and what SQS says about it. */
export interface TakenMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Message attributes as JSON. */
  readonly attributes: string;
  readonly systemAttributes: Readonly<Record<string, string>>;
}

/** So many messages, the longest visible ones, come in any order when queues are strict: what has waited for long is not passed over for good. */
const strictlyMixed = 100;

/**
 * Standard queues by virtual time: at least once, in best-effort order (strictly in none), visibility timeout, redrive after too many receives, retention.
 * One wake-up per queue is planned at a time, for the next hidden or delayed message.
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html)
 */
export class LocalQueues implements Queues {
  readonly #clock: VirtualClock;
  readonly #store: MessageStore;
  readonly #strict: Strict | null;
  readonly #queues: ReadonlyMap<string, QueueState>;

  constructor(file: DatabaseSync, models: readonly QueueModel[], clock: VirtualClock, strict: Strict | null) {
    this.#clock = clock;
    this.#strict = strict;
    this.#store = new MessageStore(file);
    this.#queues = new Map(
      models.map((model) => [model.arn, { model, listeners: new Set(), wakeAt: Infinity, cancel: () => {} }]),
    );
    for (const queue of this.#queues.values()) this.#plan(queue);
  }

  receive(queueArn: string, max: number): readonly ReceivedMessage[] {
    const { visibilityTimeoutSeconds } = this.#find(queueArn).model;
    return this.take(queueArn, max, visibilityTimeoutSeconds).map(({ attributes, systemAttributes, ...message }) => ({
      ...message,
      attributes: systemAttributes,
      messageAttributes: eventAttributes(attributes),
    }));
  }

  /** Takes messages and hides them for so long; their attributes as they were sent. `receive` and the API are made of it. */
  take(queueArn: string, max: number, visibilitySeconds: number): readonly TakenMessage[] {
    const queue = this.#find(queueArn);
    const now = this.#clock.now();
    this.#store.expire(queueArn, now - queue.model.retentionSeconds * 1000);
    const taken: TakenMessage[] = [];
    for (;;) {
      const candidates = this.#candidates(queueArn, now, max - taken.length);
      for (const message of candidates) {
        if (!this.#redriven(queue, message, now)) taken.push(this.#hide(message, now, visibilitySeconds));
      }
      // What is not hidden would be found again at once.
      if (candidates.length === 0 || taken.length >= max || visibilitySeconds === 0) break;
    }
    if (taken.length > 0) this.#plan(queue);
    return taken;
  }

  delete(queueArn: string, receiptHandle: string): void {
    this.#find(queueArn);
    this.#store.remove(queueArn, receiptHandle);
  }

  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): void {
    const queue = this.#find(queueArn);
    const now = this.#clock.now();
    if (!this.#store.change(queueArn, receiptHandle, now, now + seconds * 1000)) return;
    if (seconds === 0) this.#announce(queue);
    else this.#plan(queue);
  }

  send(queueArn: string, body: string, delaySeconds: number): void {
    this.put(queueArn, { messageId: randomUUID(), body, attributes: '{}', delaySeconds });
  }

  /** Stores a message as given; `send` and the API are made of it. */
  put(queueArn: string, message: { messageId: string; body: string; attributes: string; delaySeconds: number }): void {
    const queue = this.#find(queueArn);
    const now = this.#clock.now();
    const { messageId, body, attributes, delaySeconds } = message;
    this.#store.insert(queueArn, { messageId, body, attributes, sentAt: now, visibleAt: now + delaySeconds * 1000 });
    if (delaySeconds > 0) this.#planAt(queue, now + delaySeconds * 1000);
    else this.#announce(queue);
  }

  onVisible(queueArn: string, listener: () => void): () => void {
    const { listeners } = this.#find(queueArn);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  depth(queueArn: string): { readonly visible: number; readonly inFlight: number; readonly delayed: number } {
    const { model } = this.#find(queueArn);
    const now = this.#clock.now();
    this.#store.expire(queueArn, now - model.retentionSeconds * 1000);
    return this.#store.depth(queueArn, now);
  }

  /** The queue at a URL, or null. */
  at(url: string): QueueModel | null {
    for (const { model } of this.#queues.values()) if (model.url === url) return model;
    return null;
  }

  /** Forgets planned wake-ups: the messages are gone, or the desk stops. */
  rest(): void {
    for (const queue of this.#queues.values()) {
      queue.cancel();
      queue.wakeAt = Infinity;
    }
  }

  /** Messages that may be taken: the longest visible first, or strictly in an order of chance. */
  #candidates(queueArn: string, now: number, max: number): readonly StoredMessage[] {
    const strict = this.#strict;
    if (strict === null) return this.#store.visible(queueArn, now, max);
    const place = ({ messageId, receiveCount }: StoredMessage): number =>
      chanceOf(strict.seed, 'queue order', messageId, receiveCount);
    return this.#store
      .visible(queueArn, now, Math.max(max, strictlyMixed))
      .toSorted((one, other) => place(one) - place(other))
      .slice(0, max);
  }

  #find(queueArn: string): QueueState {
    const queue = this.#queues.get(queueArn);
    if (queue === undefined) throw new Error(`no queue ${queueArn} in the template`);
    return queue;
  }

  /** Moves a message that was received too often to the dead-letter queue, as SQS does when it would be received once more. */
  #redriven(queue: QueueState, message: StoredMessage, now: number): boolean {
    const { redrive, arn } = queue.model;
    const target = redrive === null ? undefined : this.#queues.get(redrive.deadLetterArn);
    if (redrive === null || target === undefined || message.receiveCount < redrive.maxReceiveCount) return false;
    this.#store.redrive(message.id, arn, target.model.arn, now);
    this.#announce(target);
    return true;
  }

  #hide(message: StoredMessage, now: number, seconds: number): TakenMessage {
    const receiptHandle = this.#store.hide(message.id, now, now + seconds * 1000);
    return {
      messageId: message.messageId,
      receiptHandle,
      body: message.body,
      attributes: message.attributes,
      systemAttributes: {
        ApproximateReceiveCount: String(message.receiveCount + 1),
        SentTimestamp: String(message.sentAt),
        SenderId: 'local',
        ApproximateFirstReceiveTimestamp: String(message.firstReceivedAt ?? now),
        ...(message.sourceQueue !== null && { DeadLetterQueueSourceArn: message.sourceQueue }),
      },
    };
  }

  #announce(queue: QueueState): void {
    for (const listener of queue.listeners) queueMicrotask(listener);
  }

  #plan(queue: QueueState): void {
    const next = this.#store.nextVisible(queue.model.arn, this.#clock.now());
    if (next !== null) this.#planAt(queue, next);
  }

  #planAt(queue: QueueState, at: number): void {
    if (at >= queue.wakeAt) return;
    queue.cancel();
    queue.wakeAt = at;
    queue.cancel = this.#clock.wakeAt(at, () => {
      queue.wakeAt = Infinity;
      this.#announce(queue);
      this.#plan(queue);
    });
  }
}
