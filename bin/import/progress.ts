/** Where lines go; isTTY decides between one line that is redrawn and a plain line every few seconds. */
export interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Progress {
  readonly advance: (count: number) => void;
  /** Prints a line of its own without breaking the bar. */
  readonly note: (text: string) => void;
  readonly end: () => void;
}

const REDRAW_EVERY = 100;
const PLAIN_EVERY = 3_000;
const BAR = 28;

/** Seconds as `4 s` or `2 min 05 s`. */
export const duration = (seconds: number): string => {
  const whole = Math.round(seconds);
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
};

const percentOf = (done: number, total: number): number => (total === 0 ? 100 : Math.floor((done / total) * 100));

/** Shows how far a run of `total` incidents is, `already` of them from before. Rate and ETA count only what this run did. */
export const showProgress = (
  output: Output,
  total: number,
  already: number,
  quiet: boolean,
  now: () => number = Date.now,
): Progress => {
  const began = now();
  let done = already;
  let shownAt = began;
  let drawn = false;
  const line = (): string => {
    const seconds = Math.max((now() - began) / 1000, 0.001);
    const rate = (done - already) / seconds;
    const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
    return `${done}/${total} incidents (${percentOf(done, total)} %), ${rate.toFixed(0)}/s${left}`;
  };
  const draw = (): void => {
    const filled = total === 0 ? BAR : Math.round((done / total) * BAR);
    output.write(
      `\r\u001b[K[${'='.repeat(filled)}${' '.repeat(BAR - filled)}] ${line()}`.slice(0, (output.columns || 100) + 4),
    );
    drawn = true;
  };
  const erase = (): void => {
    if (drawn) output.write('\r\u001b[K');
    drawn = false;
  };
  return {
    advance: (count) => {
      done += count;
      if (quiet || now() - shownAt < (output.isTTY ? REDRAW_EVERY : PLAIN_EVERY)) return;
      shownAt = now();
      if (output.isTTY) draw();
      else output.write(`${line()}\n`);
    },
    note: (text) => {
      erase();
      output.write(`${text}\n`);
    },
    end: () => {
      erase();
      if (!quiet) output.write(`${line()}\n`);
    },
  };
};
