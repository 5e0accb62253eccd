/** What the command asks of AWS, and nothing more: the adapters are in aws.ts, the tests have them in memory. */

export interface TakenHint {
  readonly body: string;
  /** When it was first sent, in ms. */
  readonly sentAt: number;
  /** Queues it once more where it came from, as it is. */
  sendAgain(): Promise<void>;
  remove(): Promise<void>;
}

/** The dead letters of one queue of hints. */
export interface DeadLetters {
  readonly name: string;
  count(): Promise<number>;
  /** Shows some without taking them. */
  peek(): Promise<readonly Pick<TakenHint, 'body' | 'sentAt'>[]>;
  /** Up to ten, hidden from others for a minute; empty when there are none. */
  take(most: number): Promise<readonly TakenHint[]>;
}

/** The bucket of stream records that were given up. */
export interface FailedRecords {
  readonly bucket: string;
  keys(): Promise<readonly string[]>;
  read(key: string): Promise<string>;
  remove(key: string): Promise<void>;
}

export type Answer =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** Functions by name, called at their live version. */
export interface Functions {
  invoke(name: string, payload: string): Promise<Answer>;
}

export interface Cloud {
  readonly deadLetters: readonly DeadLetters[];
  readonly failedRecords: FailedRecords;
  readonly functions: Functions;
  /** The cloud's time in ms: a local desk has its own. */
  readonly now: number;
}
