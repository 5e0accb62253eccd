import { showProgress } from '../../bin/import/progress.ts';

const screen = (isTTY: boolean) => {
  const output = {
    isTTY,
    columns: 80,
    text: '',
    write: (text: string) => {
      output.text += text;
    },
  };
  return output;
};

it('draws one line with share, rate and time left on a terminal', () => {
  let now = 0;
  const output = screen(true);
  const progress = showProgress(output, 100, 20, false, () => now);
  now = 2000;
  progress.advance(40);
  expect(output.text).toContain('60/100 incidents (60 %), 20/s, 2.0 s left');
  expect(output.text).not.toContain('\n');
  progress.note('HTTP 503');
  expect(output.text.endsWith('\r\u001b[KHTTP 503\n')).toBe(true);
});

it('prints plain lines now and then elsewhere, and nothing when quiet', () => {
  let now = 0;
  const plain = screen(false);
  const quiet = screen(true);
  const shown = [showProgress(plain, 10, 0, false, () => now), showProgress(quiet, 10, 0, true, () => now)];
  for (const progress of shown) progress.advance(1);
  now = 4000;
  for (const progress of shown) {
    progress.advance(3);
    progress.end();
  }
  expect(plain.text.split('\n')).toEqual([
    '4/10 incidents (40 %), 1/s, 6.0 s left',
    '4/10 incidents (40 %), 1/s, 6.0 s left',
    '',
  ]);
  expect(quiet.text).toBe('');
});
