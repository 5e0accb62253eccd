import { type SQSClient, SendMessageBatchCommand, type SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { type Clock, milliseconds } from '../clock.ts';
import { currentCorrelation } from '../correlation.ts';
import { logger } from '../logger.ts';
import { dueLanes } from './due-index.ts';

/** A hint names an item and the instant it was due when the hint was sent. It is only a hint: the handler reads the item again. */
export const hintSchema = z.object({
  pk: z.string(),
  sk: z.string(),
  dueAt: z.string(),
  /** The invocation that sent it: the commit of what is due soon, or the sweep. */
  correlationId: z.string().optional(),
});
export type Hint = z.infer<typeof hintSchema>;

export const dueItemSchema = z.object({
  PK: z.string(),
  SK: z.string(),
  dueAt: z.string(),
  dueLane: z.enum(dueLanes),
});
export type DueItem = z.infer<typeof dueItemSchema>;

/** How far ahead the sweep and committers look: more than two sweeps, less than the longest delay of SQS (15 minutes). */
export const hintHorizonSeconds = 150;

/** The queue of each lane. */
export interface QueueUrls {
  readonly critical: string;
  readonly rest: string;
  /** Left out by functions that have nothing to do with drills: what they commit of that lane waits for the sweep. */
  readonly drills?: string;
}

/**
 * Whole seconds of delay after which `dueAt` has certainly passed: a thing is overdue strictly after its instant, and SQS
 * delays by whole seconds, so the next full second.
 */
export const delaySeconds = (dueAt: string, now: number): number =>
  Math.max(0, Math.floor((milliseconds(dueAt) - now) / 1000) + 1);

/** SQS took only a part of the hints. */
export class HintsRefused extends Error {
  override readonly name = 'HintsRefused';
  constructor(count: number) {
    super(`SQS refused ${count} hints.`);
  }
}

/** Sends hints to SQS with the exact delay. A lost, late or repeated hint is harmless: what was not handled is still in the index. */
export class DueHints {
  readonly #sqs: SQSClient;
  readonly #urls: QueueUrls;
  readonly #clock: Clock;

  constructor(options: { sqs: SQSClient; urls: QueueUrls; clock: Clock }) {
    this.#sqs = options.sqs;
    this.#urls = options.urls;
    this.#clock = options.clock;
  }

  /** Hints what of the just committed items is due within the horizon; a failure is logged, since the sweep comes anyway. */
  async afterCommit(items: readonly unknown[]): Promise<void> {
    const horizon = this.#clock.now() + hintHorizonSeconds * 1000;
    const soon = items
      .map((item) => dueItemSchema.safeParse(item))
      .flatMap((result) => (result.success && milliseconds(result.data.dueAt) <= horizon ? [result.data] : []));
    if (soon.length === 0) return;
    try {
      await this.send(soon);
    } catch (error) {
      logger.warn('hint not sent; the sweep will', { error, items: soon.length });
    }
  }

  /** Sends one hint an item, ten a call. @throws when SQS refuses one: the next sweep sends it again. */
  async send(items: readonly DueItem[]): Promise<void> {
    for (const lane of dueLanes) {
      const url: string | undefined = this.#urls[lane];
      if (url === undefined) continue;
      const ofLane = items.filter((item) => item.dueLane === lane);
      for (let start = 0; start < ofLane.length; start += 10) {
        await this.#sendBatch(url, ofLane.slice(start, start + 10));
      }
    }
  }

  async #sendBatch(url: string, items: readonly DueItem[]): Promise<void> {
    const now = this.#clock.now();
    const correlationId = currentCorrelation() ?? undefined;
    const Entries: SendMessageBatchRequestEntry[] = items.map((item, index) => ({
      Id: String(index),
      MessageBody: JSON.stringify({ pk: item.PK, sk: item.SK, dueAt: item.dueAt, correlationId } satisfies Hint),
      DelaySeconds: Math.min(900, delaySeconds(item.dueAt, now)),
    }));
    const answer = await this.#sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    const refused = answer.Failed?.length ?? 0;
    if (refused > 0) throw new HintsRefused(refused);
  }
}
