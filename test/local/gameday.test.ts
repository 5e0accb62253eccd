import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const command = resolve(import.meta.dirname, '../../bin/gameday.ts');

const gameDay = async (...args: string[]): Promise<{ code: number; text: string }> => {
  try {
    const { stdout, stderr } = await run(process.execPath, [command, ...args]);
    return { code: 0, text: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
};

it('breaks the sweep, hears the alarm, follows the runbook and loses nothing', async () => {
  const { code, text } = await gameDay('--only', 'sweep');
  expect(text).toMatch(/▲ job-sweep-silent rings [5-9] min after the break/);
  expect(text).toContain('0 alerts have come');
  expect(text).toContain('docs/runbook.md#job-sweep-silent');
  expect(text).toMatch(/✓ job-sweep-silent is OK again/);
  expect(text).toContain('✓ alerts that came, each once: 1 of 1');
  expect(text).toContain('✓ minutes from opening to the breach in the history: 60 of 60');
  expect(text).not.toContain('✗');
  expect(code).toBe(0);
}, 240_000);

it('says what there is to play, and refuses what is not there', async () => {
  expect(await gameDay('--help')).toMatchObject({ code: 0, text: expect.stringContaining('SNS refuses alerts') });
  expect(await gameDay('--only', 'moon')).toMatchObject({ code: 1, text: expect.stringContaining('no scene "moon"') });
});
