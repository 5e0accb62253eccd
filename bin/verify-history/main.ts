import type { HistoryProblem, VerifiedHistory } from '../../functions/evidence/index.ts';
import { verifyHistory } from '../../functions/evidence/index.ts';
import { runCommand } from '../command/run.ts';
import { awsAccess, localAccess, type Surroundings } from '../operator/access.ts';
import { openEvidence } from './aws.ts';
import { readOptions, usage } from './options.ts';

/** A rewritten table would have a problem in each line; what is wrong is clear from the first. */
const shownProblems = 50;
const progressEvery = 1000;

const verdict = ({ pages, entities, events, problems, lastDay }: VerifiedHistory): string => {
  if (lastDay === null)
    return 'nothing is proved: there is no digest yet. The first is written within an hour of the deployment.';
  const seen = `${pages} pages up to ${lastDay}, ${entities} histories, ${events} events`;
  if (problems === 0) return `the history is as it was written down: ${seen}`;
  return `${problems} things are not as they were written down (${seen}).\n  Next: docs/runbook.md#how-to-prove-the-history`;
};

/** Compares the history with the digests, and says each thing that is not as it was written down. */
export const main = (args: readonly string[], { env, ...voice }: Surroundings): Promise<number> =>
  runCommand(
    {
      usage,
      readOptions,
      run: async ({ stage, url }, { say, complain }) => {
        const evidence = await openEvidence(stage, url === null ? awsAccess(env) : await localAccess(url));
        try {
          let shown = 0;
          const found = ({ about, problem }: HistoryProblem): void => {
            shown += 1;
            if (shown <= shownProblems) complain(`${about}: ${problem}`);
            if (shown === shownProblems) complain('... and more, only counted from here on');
          };
          const progress = ({ entities, of }: { entities: number; of: number }): void => {
            if (entities % progressEvery === 0) say(`${entities} of ${of} histories`);
          };
          const result = await verifyHistory({ ...evidence, found, progress });
          say(verdict(result));
          return result.problems === 0 && result.lastDay !== null ? 0 : 2;
        } finally {
          evidence.close();
        }
      },
      whenItFails: 'The policy cloud-service-desk-<stage>-auditor has the permissions that it needs.',
    },
    args,
    voice,
  );
