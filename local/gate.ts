/** Holds requests back while the desk starts or is being reset. */
export class Gate {
  #open: Promise<void> = Promise.resolve();
  #release: () => void = () => {};

  close(): void {
    this.#open = new Promise((resolve) => {
      this.#release = resolve;
    });
  }

  open(): void {
    this.#release();
  }

  /** Resolves when the gate is open. */
  pass(): Promise<void> {
    return this.#open;
  }
}
