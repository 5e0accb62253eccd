import { CommandFailure } from '../command/failure.ts';
import { runCommand, type Voice } from '../command/run.ts';
import { awsAccess, localAccess, type Surroundings } from '../operator/access.ts';
import { openCloud } from './aws.ts';
import { givenUpByFunction } from './given-up.ts';
import { list } from './list.ts';
import { type RedriveOptions, readOptions, usage } from './options.ts';
import type { Cloud } from './ports.ts';
import { type PutBack, type PutBackOptions, putHintsBack, putRecordsBack } from './put-back.ts';
import { shortName } from './source-names.ts';

interface Source {
  readonly name: string;
  readonly putBack: (options: PutBackOptions) => Promise<PutBack>;
}

/** Everything that may be put back. Asynchronous invocations are not among it: no function has dead letters of its own. */
const sourcesOf = async (cloud: Cloud, stage: string): Promise<readonly Source[]> => [
  ...cloud.deadLetters.map((letters) => ({
    name: letters.name,
    putBack: (options: PutBackOptions) => putHintsBack(letters, options),
  })),
  ...(await givenUpByFunction(cloud.failedRecords)).map((of) => ({
    name: shortName(stage, of.functionName),
    putBack: (options: PutBackOptions) => putRecordsBack(cloud, of, options),
  })),
];

const chosen = (all: readonly Source[], wanted: 'all' | { readonly only: string }): readonly Source[] => {
  if (wanted === 'all') return all;
  const found = all.filter(({ name }) => name === wanted.only);
  // Only functions with something in the bucket are known by name.
  if (found.length > 0 || wanted.only.startsWith('stream-')) return found;
  throw new CommandFailure(`There is no source ${wanted.only}; there are ${all.map(({ name }) => name).join(', ')}.`);
};

const progressEvery = 25;

/** Puts sources back one after the other, and answers whether all went well. What is left of one does not keep the others. */
export const putBack = async (
  cloud: Cloud,
  { stage, most }: Pick<RedriveOptions, 'stage' | 'most'>,
  wanted: 'all' | { readonly only: string },
  { say, complain }: Voice,
): Promise<boolean> => {
  let left = most;
  let well = true;
  let total = 0;
  for (const { name, putBack: put } of chosen(await sourcesOf(cloud, stage), wanted)) {
    if (left === 0) break;
    const progress = (count: number): void => {
      if (count % progressEvery === 0) say(`${name}: ${count} put back so far`);
    };
    const { done, stopped } = await put({ most: left, progress });
    left -= done;
    total += done;
    if (done > 0) say(`${name}: ${done} put back`);
    if (stopped === null) continue;
    well = false;
    complain(
      `${name} fails again, so the rest of it stays where it is: ${stopped}\n  Next: find what the function says of it (docs/runbook.md#${name}-errors), mend and deploy, then run this again.`,
    );
  }
  if (left === 0) say(`stopped after ${total}, as --max says; run it again for the rest`);
  else if (total === 0 && well) say('nothing to put back');
  return well;
};

/** Shows what was given up, or puts it back. */
export const main = (args: readonly string[], { env, ...voice }: Surroundings): Promise<number> =>
  runCommand(
    {
      usage,
      readOptions,
      run: async (options, { say }) => {
        const { stage, url } = options;
        const cloud = await openCloud(stage, url === null ? awsAccess(env) : await localAccess(url));
        try {
          if (options.putBack !== null) return (await putBack(cloud, options, options.putBack, voice)) ? 0 : 2;
          const lines = await list(cloud, stage);
          say(lines.length === 0 ? 'nothing was given up' : lines.join('\n'));
          if (lines.length > 0) say('\nWhen the cause is mended: the same command with --all, or --only one of them.');
          return 0;
        } finally {
          cloud.close();
        }
      },
      whenItFails:
        'What was put back until now stays so; run it again when this is mended. The policy cloud-service-desk-<stage>-redrive has the permissions that it needs.',
    },
    args,
    voice,
  );
