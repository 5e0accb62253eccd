import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fixtureDir, temporaryDir } from './fixture/fixture.ts';

const main = join(import.meta.dirname, '../../local/main.ts');
const children: ChildProcess[] = [];

const start = async (
  data: string,
  ...more: string[]
): Promise<{ child: ChildProcess; url: string; output: () => string }> => {
  const child = spawn(process.execPath, [main, '--port', '0', '--data', data, '--assembly', fixtureDir, ...more]);
  children.push(child);
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      const ready = /^ready (\S+)$/m.exec(output);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('exit', (code) => reject(new Error(`exit ${code}: ${output}`)));
  });
  return { child, url, output: () => output };
};

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
});

describe('the process', () => {
  it.each([
    ['', []],
    [' under strict', ['--strict']],
  ])('loses nothing that it acknowledged when it is killed%s', async (_name, profile) => {
    const data = temporaryDir();
    const first = await start(data.path, ...profile);
    const token = await (await fetch(`${first.url}/_local/tokens/agent`)).text();
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const acknowledged: string[] = [];
    const write = async (lane: number): Promise<void> => {
      for (let index = 0; first.child.exitCode === null && !first.child.killed; index += 1) {
        const id = `${lane}-${index}`;
        const answer = await fetch(`${first.url}/v1/echo/item`, {
          method: 'POST',
          headers,
          body: JSON.stringify({ id }),
        }).catch(() => null);
        if (answer?.status === 201) acknowledged.push(id);
      }
    };
    const writers = Promise.all([1, 2, 3].map(write));
    while (acknowledged.length < 30) await new Promise((resolve) => setTimeout(resolve, 20));
    first.child.kill('SIGKILL');
    await writers;

    const second = await start(data.path, ...profile);
    await fetch(`${second.url}/_local/clock`, { method: 'POST', body: '{"advance":"PT0S"}' });
    const log: any = await (await fetch(`${second.url}/v1/echo/log`, { headers })).json();
    const delivered = new Set(
      log.filter(({ source }: any) => source === 'stream').flatMap(({ records }: any) => records),
    );
    expect(acknowledged.length).toBeGreaterThanOrEqual(30);
    expect(acknowledged.filter((id) => !delivered.has(id))).toEqual([]);

    second.child.kill('SIGINT');
    const [code] = await once(second.child, 'exit');
    expect([code, second.output().includes('stopping')]).toEqual([0, true]);
    data.remove();
  });

  it('says what is wrong and ends', async () => {
    const data = temporaryDir();
    const desk = await start(data.path);
    await expect(start(data.path)).rejects.toThrow('in use by another desk');
    await expect(start(temporaryDir().path, '--port', new URL(desk.url).port)).rejects.toThrow(
      /exit 1: [\s\S]*Port \d+ is in use/,
    );
    await expect(start(temporaryDir().path, '--clock', 'noon')).rejects.toThrow('exit 1: --clock takes an instant');
    desk.child.kill('SIGTERM');
    await once(desk.child, 'exit');
    await expect(start(data.path, '--clock', '2020-01-01T00:00:00Z')).rejects.toThrow('it cannot start at 2020-01-01');
    data.remove();
  });
});
