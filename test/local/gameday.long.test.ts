import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { playGameDay } from '../../bin/gameday/play.ts';
import { startDesk } from '../../local/desk.ts';
import { AssemblyCopy, projectAssembly, projectDir } from './e2e/assembly-copy.ts';

it('plays all scenes: every alarm rings and returns, and nothing is lost', async () => {
  const command = resolve(import.meta.dirname, '../../bin/gameday.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [command]);
  const rung = [...stdout.matchAll(/▲ (\S+) rings/g)].map(([, name]) => name);
  const returned = [...stdout.matchAll(/✓ (\S+) is OK again/g)].map(([, name]) => name);
  const alarms = ['delivery-failures', 'stream-kpis-errors', 'stream-kpis-behind', 'job-sweep-silent', 'oldest-due'];
  expect(rung).toEqual(alarms);
  expect(returned.toSorted()).toEqual(alarms.toSorted());
  expect(stdout).toContain('3 scenes: every alarm rang and returned, nothing was lost');
}, 720_000);

it('says which alarm did not ring, when one does not', async () => {
  const copy = new AssemblyCopy(await projectAssembly());
  expect(copy.deafen('job-sweep-silent')).toBe(1);
  const desk = await startDesk({
    port: 0,
    dataDir: null,
    startAt: null,
    assemblyDir: copy.directory,
    projectDir,
    strict: null,
    verbose: false,
  });
  try {
    expect(await playGameDay(desk.url, ['sweep'])).toEqual([
      'sweep: job-sweep-silent did not ring within 15 min',
      'sweep: job-sweep-silent did not return within 40 min',
    ]);
  } finally {
    await desk.stop();
    copy.remove();
  }
}, 480_000);
