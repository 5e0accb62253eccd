import { wholeOf } from '../chance.ts';
import type { PlannedShard } from './shard-plan.ts';

const exponents = { least: 21, most: 39 };
const steps = { least: 1, most: 9 };

/**
 * Sequence numbers as long as DynamoDB's, 21 to 40 digits: they rise within a shard and say nothing across shards. Those of
 * one shard are the same number for who reads them as doubles, and most shards run over a power of ten, where sorting
 * as text goes wrong. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
 */
export class LongSequence {
  readonly #middle: number;
  readonly #turn: bigint;
  readonly #step: bigint;

  constructor(seed: number, { id, first, last }: PlannedShard) {
    this.#middle = Math.floor((first + last) / 2);
    this.#turn = 10n ** BigInt(wholeOf(exponents, seed, 'digits', id));
    this.#step = BigInt(wholeOf(steps, seed, 'step', id));
  }

  /** The number that a function sees, of the engine's own. */
  textOf(sequence: number): string {
    return String(this.#turn + BigInt(sequence - this.#middle) * this.#step);
  }

  /** The engine's own number. */
  sequenceOf(text: string): number {
    return Number((BigInt(text) - this.#turn) / this.#step) + this.#middle;
  }
}
