import { type ChildProcess, spawn } from 'node:child_process';
import { projectDir } from '../assembly-copy.ts';

const startLimitMs = 90_000;
const stopLimitMs = 30_000;

/** `npm start -- --data DIR --port 0` as a process of its own, to be killed. */
export class DeskProcess {
  readonly url: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #output: () => string;

  private constructor(child: ChildProcess, url: string, ended: Promise<void>, output: () => string) {
    this.#child = child;
    this.url = url;
    this.#ended = ended;
    this.#output = output;
  }

  static async start(assemblyDir: string, dataDir: string): Promise<DeskProcess> {
    const args = ['local/main.ts', '--assembly', assemblyDir, '--data', dataDir, '--port', '0'];
    // A group of its own: the engine and its guard die with it when the whole group is killed.
    const child = spawn(process.execPath, args, { cwd: projectDir, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    const ready = new Promise<string>((resolve, reject) => {
      const late = setTimeout(
        () => reject(new Error(`not ready within ${startLimitMs / 1000} s:\n${output}`)),
        startLimitMs,
      );
      const read = (text: string): void => {
        output = (output + text).slice(-20_000);
        const [, url] = /^ready (\S+)$/m.exec(output) ?? [];
        if (url === undefined) return;
        clearTimeout(late);
        resolve(url);
      };
      child.stdout?.setEncoding('utf8').on('data', read);
      child.stderr?.setEncoding('utf8').on('data', read);
      void ended.then(() => reject(new Error(`the desk ended before it was ready:\n${output}`)));
    });
    try {
      return new DeskProcess(child, await ready, ended, () => output);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    }
  }

  /** kill -9 of the desk alone, or of everything that it has started in the same instant. */
  async kill(what: 'process' | 'group'): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined) return;
    process.kill(what === 'group' ? -pid : pid, 'SIGKILL');
    await this.#ended;
  }

  /** Ctrl-C. @throws when it does not end by itself. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const late = setTimeout(() => this.#child.kill('SIGKILL'), stopLimitMs);
    this.#child.kill('SIGTERM');
    await this.#ended;
    clearTimeout(late);
    if (this.#child.exitCode !== 0) throw new Error(`the desk did not stop by itself:\n${this.#output()}`);
  }
}
