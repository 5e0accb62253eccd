/** Prints what is being done, with seconds, and a table of it at the end. */
export class Steps {
  readonly #began = performance.now();
  readonly #done: { readonly name: string; readonly seconds: number }[] = [];

  async run<T>(name: string, work: () => T | Promise<T>): Promise<T> {
    console.log(`${this.#clock()}  ${name}`);
    const began = performance.now();
    const result = await work();
    this.#done.push({ name, seconds: (performance.now() - began) / 1000 });
    return result;
  }

  note(line: string): void {
    console.log(line.replaceAll(/^/gm, '           '));
  }

  summary(): void {
    console.log('\nstep                              seconds');
    for (const { name, seconds } of this.#done)
      console.log(`${name.padEnd(32)}  ${seconds.toFixed(1).padStart(7)}  ok`);
    console.log(`${'all'.padEnd(32)}  ${((performance.now() - this.#began) / 1000).toFixed(1).padStart(7)}`);
  }

  #clock(): string {
    return `${((performance.now() - this.#began) / 1000).toFixed(1).padStart(6)} s`;
  }
}
