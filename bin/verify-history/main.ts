import type { HistoryProblem, VerifiedHistory } from '../../functions/evidence/index.ts';
import { verifyHistory } from '../../functions/evidence/index.ts';
import { awsAccess, localAccess } from '../operator/access.ts';
import { CommandFailure, messageOf } from '../operator/failure.ts';
import { openEvidence } from './aws.ts';
import { readOptions, usage } from './options.ts';

export interface Surroundings {
  readonly env: { readonly AWS_ENDPOINT_URL?: string | undefined };
  readonly say: (line: string) => void;
  readonly complain: (line: string) => void;
}

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

/** Runs the command and answers its exit code. */
export const main = async (args: readonly string[], { env, say, complain }: Surroundings): Promise<number> => {
  try {
    const options = readOptions(args);
    if (options === null) {
      say(usage.trimEnd());
      return 0;
    }
    const { stage, url } = options;
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
  } catch (error) {
    complain(
      error instanceof CommandFailure
        ? error.message
        : `${messageOf(error)}\nThe policy cloud-service-desk-<stage>-auditor has the permissions that it needs.`,
    );
    return 1;
  }
};
