/**
 * Virtual time as workers read it, in 16 bytes of shared memory: [0] virtual minus wall time in ms, [1] the instant at
 * which time stands still, or 0 while it runs. `workers/virtual-date.ts` reads the same cells.
 */
export class ClockCells {
  readonly buffer = new SharedArrayBuffer(16);
  readonly #cells = new BigInt64Array(this.buffer);

  now(): number {
    const frozen = Atomics.load(this.#cells, 1);
    return frozen !== 0n ? Number(frozen) : Date.now() + this.offset();
  }

  offset(): number {
    return Number(Atomics.load(this.#cells, 0));
  }

  get frozen(): boolean {
    return Atomics.load(this.#cells, 1) !== 0n;
  }

  /** Time stands still at this instant. */
  freeze(at: number): void {
    Atomics.store(this.#cells, 1, BigInt(at));
  }

  /** Time runs at wall speed from this instant. */
  runFrom(at: number): void {
    Atomics.store(this.#cells, 0, BigInt(Math.round(at - Date.now())));
    Atomics.store(this.#cells, 1, 0n);
  }
}
