import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { deskClient, readRetryAfter } from '../../bin/import/desk-client.ts';
import { FakeDesk, json } from './fake-desk.ts';
import { HEADER, logFile, REAL_LOG, row, runImport } from './log-file.ts';

let desk: FakeDesk;
beforeEach(async () => {
  desk = await new FakeDesk().start();
});
afterEach(() => desk.stop());

const realLog = (): string => {
  const file = logFile('');
  copyFileSync(REAL_LOG, file);
  return file;
};
const journalOf = (file: string): string =>
  join(dirname(file), readdirSync(dirname(file)).find((name) => name.endsWith('.import.jsonl')) ?? '');

it('imports the real log, and a rerun asks about everything and changes nothing', async () => {
  const file = realLog();
  const first = await runImport(file, '--url', desk.url);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toMatch(/rows\s+5998\n\s+incidents\s+890\n\s+created\s+890\n\s+unchanged\s+0\n/);
  expect(first.stdout).toContain('/v1/kpis/ticket-volume?from=2016-02-01&to=2016-04-01');
  expect(desk.imports.every((call) => call.tickets.length <= 25)).toBe(true);
  const again = await runImport(file, '--url', desk.url);
  expect(again.stdout).toMatch(/created\s+0\n\s+unchanged\s+890\n/);
  expect(desk.tickets.size).toBe(890);
});

it('takes the token of a desk on this machine, and another one when it has run out', async () => {
  desk.script = (call) => {
    if (desk.imports.length === 1 && call.path === '/v1/tickets/import') desk.tokens.integration = 'second';
    return false;
  };
  expect((await runImport(logFile(HEADER, row()), '--url', desk.url)).code).toBe(0);
  expect(desk.imports.map((call) => call.authorization)).toEqual(['Bearer integration-token', 'Bearer second']);
});

it('a token that is refused ends the import with the words of the desk', async () => {
  const run = await runImport(logFile(HEADER, row()), '--url', desk.url, '--token', 'forged');
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('refused the import: HTTP 401: Unauthorized');
});

it('says what to do when no desk answers', async () => {
  await desk.stop();
  const run = await runImport(logFile(HEADER, row()), '--url', desk.url);
  expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('start one with npm start') });
  desk = await new FakeDesk().start();
});

it('tries again after 429, 503 and a cut connection, with the same key, as Retry-After says', async () => {
  const faults = [429, 503, 0];
  desk.script = (call, response) => {
    if (call.path !== '/v1/tickets/import') return false;
    const fault = faults.shift();
    if (fault === undefined) return false;
    if (fault === 0) response.destroy();
    else json(response, fault, {}, { 'retry-after': '0' });
    return true;
  };
  const run = await runImport(logFile(HEADER, row()), '--url', desk.url);
  expect(run.code).toBe(0);
  expect(run.stdout + run.stderr).toContain('HTTP 429: trying again in 0.0 s');
  expect(desk.imports).toHaveLength(4);
  expect(new Set(desk.imports.map((call) => call.key)).size).toBe(1);
});

it('gives up after nine tries, waiting longer each time', async () => {
  desk.script = (_, response) => {
    json(response, 500, {});
    return true;
  };
  const waits: number[] = [];
  const client = deskClient({
    url: desk.url,
    token: { current: () => 't', renew: async () => false },
    sleep: async (milliseconds) => waits.push(milliseconds),
  });
  await expect(client({ method: 'GET', path: '/x' })).rejects.toThrow('failed 9 times, last with HTTP 500');
  expect(waits).toHaveLength(8);
  waits.forEach((wait, attempt) => {
    const full = Math.min(500 * 2 ** attempt, 20_000);
    expect(wait).toBeGreaterThanOrEqual(full / 2);
    expect(wait).toBeLessThanOrEqual(full);
  });
});

it.each([
  ['3', 3000],
  ['Mon, 29 Feb 2016 00:00:05 GMT', 5000],
  ['Sun, 28 Feb 2016 00:00:00 GMT', 0],
  ['999999', 300_000],
  ['soon', null],
  [null, null],
])('Retry-After %s', (value, expected) => {
  expect(readRetryAfter(value, Date.parse('2016-02-29T00:00:00Z'))).toBe(expected);
});

describe('after kill -9', () => {
  const start = (file: string): ChildProcess =>
    spawn(
      join('node_modules', '.bin', 'node'),
      ['--no-warnings', 'bin/import.ts', '--format', 'servicenow-log', file, '--url', desk.url, '--batch', '10'],
      { stdio: 'ignore' },
    );

  const killAfter = async (file: string, batches: number): Promise<void> => {
    const child = start(file);
    const goal = desk.imports.length + batches;
    while (desk.imports.length < goal && child.exitCode === null) await pause(2);
    child.kill('SIGKILL');
    await once(child, 'close');
  };

  it('continues three times, sends little twice, and ends with each incident once', async () => {
    const file = realLog();
    desk.script = async () => {
      await pause(5);
      return false;
    };
    for (const batches of [7, 1, 30]) await killAfter(file, batches);
    const before = desk.tickets.size;
    expect(before).toBeGreaterThan(300);
    expect(before).toBeLessThan(890);
    const run = await runImport(file, '--url', desk.url);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(/continued\s+\d+ incidents were done before/);
    expect(desk.tickets.size).toBe(890);
    expect(desk.sent.length).toBeLessThanOrEqual(890 + 3 * 2 * 10);
  });

  it('a half-written line of the journal is passed over', async () => {
    const file = realLog();
    await killAfter(file, 5);
    const journal = journalOf(file);
    writeFileSync(journal, readFileSync(journal, 'utf8').slice(0, -20));
    expect((await runImport(file, '--url', desk.url)).code).toBe(0);
    expect(desk.tickets.size).toBe(890);
  });

  it('a desk that was reset meanwhile gets everything again', async () => {
    const file = realLog();
    await killAfter(file, 5);
    desk.tickets.clear();
    const run = await runImport(file, '--url', desk.url);
    expect(run.code).toBe(0);
    expect(desk.tickets.size).toBe(890);
  });

  it('an incident that changed in the file since is sent again', async () => {
    const file = logFile(HEADER, row(), row({ number: 'INC2' }));
    desk.script = (call, response) => {
      if (call.tickets[0]?.externalId !== 'INC2') return false;
      json(response, 403, { detail: 'no' });
      return true;
    };
    expect((await runImport(file, '--url', desk.url, '--batch', '1', '--concurrency', '1')).code).toBe(1);
    desk.script = () => false;
    writeFileSync(file, [HEADER, row({ location: 'Elsewhere' }), row({ number: 'INC2' })].join('\n'));
    expect((await runImport(file, '--url', desk.url)).code).toBe(2);
    expect(desk.imports.at(-1)?.tickets).toHaveLength(2);
  });

  it('a file that is no journal is not overwritten', async () => {
    const file = logFile(HEADER, row());
    const run = await runImport(file, '--url', desk.url, '--journal', file);
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('no import journal') });
    expect(readFileSync(file, 'utf8')).toContain('INC1');
  });
});
