import { awsActionNames, type AwsActionName, type awsActions } from './aws/actions.ts';
import { troubleOf } from './aws/troubles.ts';
import type { Action, Doing, Observation } from './domain/action.ts';
import type { Verifier } from './verification/verifier.ts';

type Serve = Extract<Action, { do: 'serve' }>;

const isOfAws = (name: Action['do']): name is AwsActionName => awsActionNames.some((one) => one === name);

/** Whoever does what a drill wants: AWS, the verifier, and the desk itself on the restored table. */
export const doingBy = (doers: {
  readonly aws: ReturnType<typeof awsActions>;
  readonly verifier: Pick<Verifier, 'scan' | 'compare' | 'writeManifest' | 'findManifest'>;
  readonly serve: (action: Serve) => Promise<Observation>;
}): Doing => {
  const { aws, verifier, serve } = doers;
  const own = (action: Action, until: number): Promise<Observation> | null => {
    switch (action.do) {
      case 'write-manifest':
        return verifier.writeManifest(action, until);
      case 'find-manifest':
        return verifier.findManifest(action);
      case 'scan':
        return verifier.scan(action, until);
      case 'compare':
        return verifier.compare(action, until);
      case 'serve':
        return serve(action);
      default:
        return null;
    }
  };
  return {
    perform: async (action, until) => {
      if (isOfAws(action.do)) return aws[action.do](action);
      try {
        const observation = await own(action, until);
        if (observation === null) throw new Error(`nobody does ${action.do}`);
        return observation;
      } catch (error) {
        const trouble = troubleOf(error, action.do);
        if (trouble === null) throw error;
        return trouble;
      }
    },
  };
};
