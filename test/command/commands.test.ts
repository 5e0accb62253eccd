import { main as cutover } from '../../bin/cutover/main.ts';
import { main as redrive } from '../../bin/redrive/main.ts';
import { main as upgradeItems } from '../../bin/upgrade-items/main.ts';
import { readOptions as readUpgrade } from '../../bin/upgrade-items/options.ts';
import { main as verifyHistory } from '../../bin/verify-history/main.ts';
import { listen } from './listen.ts';

describe.each([
  { name: 'redrive', main: redrive, options: ['--list', '--all', '--only', '--max'], needed: [] },
  { name: 'cutover', main: cutover, options: ['--overrides', '--dry-run', '--yes'], needed: ['--table', 'T'] },
  { name: 'verify-history', main: verifyHistory, options: [], needed: [] },
  { name: 'upgrade-items', main: upgradeItems, options: ['--dry-run', '--segments'], needed: [] },
])('npm run $name', ({ name, main, options, needed }) => {
  it('explains itself', async () => {
    const { code, said, complained } = await listen(main, '--help');
    expect([code, complained]).toEqual([0, '']);
    for (const word of [
      `usage: npm run ${name} --`,
      '--stage',
      '--url',
      '--help',
      'exit code',
      ...options,
      ...needed.slice(0, 1),
    ])
      expect(said).toContain(word);
  });

  it.each<[string, string[], RegExp]>([
    ['no desk', [], /Say which desk: --stage or --url/],
    ['an address of another machine', ['--url', 'http://desk.example'], /for AWS use --stage/],
    ['an unknown option', ['--stage', 'dev', '--colour'], /--colour/],
    ['words that belong to no option', ['--stage', 'dev', 'now'], /now/],
  ])('refuses %s, saying what is allowed', async (_name, args, message) => {
    const { code, said, complained } = await listen(main, ...args);
    expect([code, said]).toEqual([1, '']);
    expect(complained).toMatch(message);
    expect(complained).toContain(`See npm run ${name} -- --help`);
    expect(complained).not.toContain('    at ');
  });

  it('says how to go on when no desk answers', async () => {
    const { code, complained } = await listen(main, '--url', 'http://127.0.0.1:1', ...needed);
    expect(code).toBe(1);
    expect(complained).toMatch(/No desk answers at http:\/\/127\.0\.0\.1:1 .*\nStart it with npm start/);
  });
});

describe('upgrade-items', () => {
  it('reads what it is told', () => {
    expect(readUpgrade(['--stage', 'dev'])).toEqual({ stage: 'dev', url: null, dryRun: false, segments: 4 });
    expect(readUpgrade(['--url', 'http://localhost:3000', '--dry-run', '--segments', '8'])).toEqual({
      stage: 'local',
      url: 'http://localhost:3000',
      dryRun: true,
      segments: 8,
    });
  });

  it.each(['0', '65', '1.5', 'all'])('refuses %s segments', async (segments) => {
    const { code, complained } = await listen(upgradeItems, '--stage', 'dev', '--segments', segments);
    expect(code).toBe(1);
    expect(complained).toMatch(/--segments takes a whole number from 1 to 64, got "/);
  });
});
