import type { Surroundings } from '../../bin/operator/access.ts';

type Main = (args: readonly string[], surroundings: Surroundings) => Promise<number>;

/** Runs an operator's command, and answers what it ended with and what stood on the terminal. */
export const listen = async (main: Main, ...args: readonly string[]) => {
  const said: string[] = [];
  const complained: string[] = [];
  const code = await main(args, {
    env: {},
    say: (line) => void said.push(line),
    complain: (line) => void complained.push(line),
  });
  return { code, said: said.join('\n'), complained: complained.join('\n') };
};
