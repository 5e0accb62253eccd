import type { Voice } from '../command/run.ts';

/** Told after each leg. The command goes on when it returns: tests end it here. */
export type AfterLeg = (name: string) => void;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** Does one leg after the other, says how long each took, and at the end all of them together. */
export class Legs {
  readonly #voice: Pick<Voice, 'say'>;
  readonly #after: AfterLeg;
  readonly #taken: (readonly [string, number])[] = [];

  constructor(voice: Pick<Voice, 'say'>, after: AfterLeg = () => {}) {
    this.#voice = voice;
    this.#after = after;
  }

  /** `told` says in a line what came of it. */
  async leg<Result>(name: string, work: () => Promise<Result>, told: (result: Result) => string): Promise<Result> {
    const began = performance.now();
    const result = await work();
    const took = performance.now() - began;
    this.#taken.push([name, took]);
    this.#voice.say(`${name.padEnd(12)} ${seconds(took).padStart(8)}  ${told(result)}`);
    this.#after(name);
    return result;
  }

  summary(): string {
    const all = this.#taken.reduce((sum, [, took]) => sum + took, 0);
    return `cut over in ${seconds(all)}: ${this.#taken.map(([name, took]) => `${name} ${seconds(took)}`).join(', ')}`;
  }
}
