import { createWriteStream, mkdirSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

const kept = 300;

/** What a function's workers print: a ring of recent lines, a file when the desk keeps one, the terminal when asked. */
export class FunctionLog {
  readonly #lines: string[] = [];
  readonly #file: WriteStream | null;
  readonly #name: string;
  readonly #verbose: boolean;
  readonly #onLine: (line: string) => void;

  constructor(options: { name: string; logDir: string | null; verbose: boolean; onLine: (line: string) => void }) {
    this.#name = options.name;
    this.#verbose = options.verbose;
    this.#onLine = options.onLine;
    if (options.logDir === null) this.#file = null;
    else {
      mkdirSync(options.logDir, { recursive: true });
      this.#file = createWriteStream(join(options.logDir, `${options.name}.log`), { flags: 'a' });
    }
  }

  write(text: string): void {
    for (const line of text.split('\n')) {
      if (line === '') continue;
      this.#lines.push(line);
      this.#onLine(line);
      this.#file?.write(`${line}\n`);
      if (this.#verbose) process.stderr.write(`${this.#name} | ${line}\n`);
    }
    if (this.#lines.length > kept) this.#lines.splice(0, this.#lines.length - kept);
  }

  recent(): readonly string[] {
    return this.#lines;
  }

  close(): void {
    this.#file?.end();
  }
}
