/** The right to compute rollups. A later lease has a higher epoch. */
export interface Lease {
  readonly owner: string;
  readonly epoch: number;
}

/** A later run has written already: this one lost its lease while it slept, and everything it knows is old. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor() {
    super('A later rollup has written already; this run ends here.');
  }
}
