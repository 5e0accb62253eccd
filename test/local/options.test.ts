import { OptionsError, readOptions } from '../../local/options.ts';

describe('command line', () => {
  it('has defaults', () => {
    expect(readOptions([], '/p')).toEqual({
      port: 3000,
      dataDir: '/p/.local',
      startAt: null,
      assemblyDir: null,
      projectDir: '/p',
      strict: null,
      verbose: false,
    });
  });

  it('reads all', () => {
    const options = readOptions(
      ['--port', '0', '--memory', '--clock', '2026-01-31T12:00:00Z', '--assembly', '/a', '--verbose'],
      '/p',
    );
    expect(options).toMatchObject({
      port: 0,
      dataDir: null,
      startAt: Date.UTC(2026, 0, 31, 12),
      assemblyDir: '/a',
      strict: null,
      verbose: true,
    });
  });

  it('answers null for help', () => expect(readOptions(['--help'], '/p')).toBeNull());

  it.each([
    [['--port', 'x']],
    [['--port', '70000']],
    [['--clock', 'tomorrow']],
    [['--seed', '4']],
    [['--memory', '--data', 'x']],
    [['--what']],
    [['extra']],
  ])('refuses %j', (args) => expect(() => readOptions(args, '/p')).toThrow(OptionsError));
});
