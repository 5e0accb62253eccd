import * as z from 'zod';
import type { LocalState } from '../../state/local-state.ts';

const key = 'parameters';
const schema = z.record(z.string(), z.string());

/**
 * Values that were written over those of the template, by name. They hold until the desk is reset: CloudFormation does not rewrite
 * a parameter that its template has not changed.
 */
export class WrittenParameters {
  readonly #state: LocalState;

  constructor(state: LocalState) {
    this.#state = state;
  }

  all(): Readonly<Record<string, string>> {
    return schema.parse(JSON.parse(this.#state.get(key) ?? '{}'));
  }

  write(name: string, value: string): void {
    this.#state.set(key, JSON.stringify({ ...this.all(), [name]: value }));
  }

  clear(): void {
    this.#state.set(key, '{}');
  }
}
