import { main } from '../../bin/redrive/main.ts';
import { readOptions } from '../../bin/redrive/options.ts';

const run = async (...args: string[]) => {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await main(args, {
    env: {},
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
};

it.each<[string, string[], object]>([
  ['looks, when nothing else is said', ['--stage', 'dev'], { stage: 'dev', url: null, putBack: null, most: Infinity }],
  ['puts all back', ['--stage', 'dev', '--all'], { putBack: 'all' }],
  [
    'puts one back, so much of it',
    ['--stage', 'dev', '--only', 'rollups', '--max', '3'],
    { putBack: { only: 'rollups' }, most: 3 },
  ],
  [
    'goes to a local desk',
    ['--url', 'http://127.0.0.1:3000/', '--list'],
    { stage: 'local', url: 'http://127.0.0.1:3000', putBack: null },
  ],
])('%s', (_name, args, wanted) => {
  expect(readOptions(args)).toMatchObject(wanted);
});

it.each<[string, string[], RegExp]>([
  ['no desk', ['--all'], /Say which desk: --stage or --url/],
  ['two wishes', ['--stage', 'dev', '--all', '--only', 'rollups'], /one of --list, --all and --only/],
  ['a maximum that is none', ['--stage', 'dev', '--all', '--max', '0'], /--max takes a whole number from 1, got "0"/],
  ['an address of another machine', ['--url', 'http://desk.example', '--all'], /for AWS use --stage/],
  ['an unknown option', ['--stage', 'dev', '--al'], /--al/],
])('refuses %s, saying what is allowed', async (_name, args, message) => {
  const { code, said, complained } = await run(...args);
  expect([code, said]).toEqual([1, '']);
  expect(complained).toMatch(message);
  expect(complained).toContain('See npm run redrive -- --help');
});

it('explains itself', async () => {
  const { code, said } = await run('--help');
  expect(code).toBe(0);
  for (const option of ['--stage', '--url', '--list', '--all', '--only', '--max', 'exit code'])
    expect(said).toContain(option);
});

it('says how to go on when no desk answers', async () => {
  const { code, complained } = await run('--url', 'http://127.0.0.1:1', '--all');
  expect(code).toBe(1);
  expect(complained).toMatch(/No desk answers at http:\/\/127\.0\.0\.1:1 .*\nStart it with npm start/);
});
