import { type ParseArgsConfig, parseArgs } from 'node:util';
import { CommandFailure, messageOf } from './failure.ts';

/** Where a command speaks: a terminal, or the lists of a test. */
export interface Voice {
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

export const terminal: Voice = {
  say: (line) => console.log(line),
  complain: (line) => console.error(line),
};

export interface Command<Options> {
  readonly usage: string;
  /** Null when help is asked for. @throws CommandFailure saying what is allowed. */
  readonly readOptions: (args: readonly string[]) => Options | null;
  /** Does it, and answers the exit code. */
  readonly run: (options: Options, voice: Voice) => Promise<number>;
  /** Said behind a failure that nobody foresaw: what holds nevertheless, and what is needed. */
  readonly whenItFails?: string;
}

/** Runs a command and answers its exit code: 1 when it could not go on, of which it says why and what to do. */
export const runCommand = async <Options>(
  { usage, readOptions, run, whenItFails }: Command<Options>,
  args: readonly string[],
  voice: Voice,
): Promise<number> => {
  try {
    const options = readOptions(args);
    if (options !== null) return await run(options, voice);
    voice.say(usage.trimEnd());
    return 0;
  } catch (error) {
    const foreseen = error instanceof CommandFailure;
    voice.complain(foreseen ? error.message : [messageOf(error), whenItFails ?? []].flat().join('\n'));
    return 1;
  }
};

/** The words of a command line. @throws CommandFailure for what no option allows, ending with `see`. */
export const readArguments = <const Config extends ParseArgsConfig>(
  args: readonly string[],
  config: Config,
  see: string,
): ReturnType<typeof parseArgs<Config>> => {
  try {
    return parseArgs<Config>({ ...config, args: [...args] });
  } catch (error) {
    throw new CommandFailure(`${error instanceof Error ? error.message : String(error)}\n${see}`);
  }
};
