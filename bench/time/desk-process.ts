import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface DeskProcess {
  readonly url: string;
  readonly readySeconds: number;
  stop(): Promise<void>;
}

/** Starts `npm start` without npm, on a free port, and waits for its line `ready`. @throws when it ends before. */
export const startDeskProcess = async (projectDir: string, options: readonly string[]): Promise<DeskProcess> => {
  const began = performance.now();
  const desk = spawn(process.execPath, [join(projectDir, 'local/main.ts'), '--port', '0', ...options], {
    cwd: projectDir,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_NO_WARNINGS: '1' },
  });
  const ended = once(desk, 'exit');
  const lines = createInterface({ input: desk.stdout });
  for await (const line of lines) {
    if (!line.startsWith('ready ')) continue;
    const readySeconds = (performance.now() - began) / 1000;
    desk.stdout.resume();
    const stop = async (): Promise<void> => {
      desk.kill('SIGTERM');
      await ended;
    };
    return { url: line.slice('ready '.length).trim(), readySeconds, stop };
  }
  throw new Error('the desk ended before it was ready');
};
