import { main } from '../../bin/redrive/main.ts';
import { readOptions } from '../../bin/redrive/options.ts';
import { listen } from '../command/listen.ts';

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
  ['two wishes', ['--stage', 'dev', '--all', '--only', 'rollups'], /one of --list, --all and --only/],
  ['a maximum that is none', ['--stage', 'dev', '--all', '--max', '0'], /--max takes a whole number from 1, got "0"/],
])('refuses %s, saying what is allowed', async (_name, args, message) => {
  const { code, said, complained } = await listen(main, ...args);
  expect([code, said]).toEqual([1, '']);
  expect(complained).toMatch(message);
  expect(complained).toContain('See npm run redrive -- --help');
});
