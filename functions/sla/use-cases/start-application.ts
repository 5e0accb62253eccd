import { isoInstant } from '../../platform/clock.ts';
import { AlreadyExists, NotFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import { type Applications, AppliedAlready } from '../applications.ts';
import type { Application } from '../domain/application.ts';
import type { Asked, SlaPorts } from './ports.ts';

/**
 * Asks for a policy to be applied to the tickets that are running. One at a time for a policy: a second is refused, by the claim
 * that is written with the first. @throws NotFound, AlreadyExists naming the one that is not over
 */
export const startApplication = async (
  {
    sla,
    applications,
    clock,
  }: Pick<SlaPorts, 'sla' | 'clock'> & { readonly applications: Pick<Applications, 'begin' | 'runningOf'> },
  policyId: string,
  { actor, remember }: Asked<Application>,
): Promise<Application> => {
  if ((await sla.policy(policyId)) === null) throw new NotFound('SLA policy', policyId);
  const now = clock.now();
  const application: Application = {
    id: newId('sla', now),
    policyId,
    state: 'waiting',
    moved: 0,
    unchanged: 0,
    failed: 0,
    startedAt: isoInstant(now),
    endedAt: null,
    by: actor,
    pass: 1,
    movedBefore: 0,
    position: '',
    version: 1,
  };
  try {
    await applications.begin(application, remember?.(application));
  } catch (error) {
    if (!(error instanceof AppliedAlready)) throw error;
    const running = await applications.runningOf(policyId);
    throw new AlreadyExists(`${running ?? 'An application'} of this policy is not over; wait for its end.`);
  }
  return application;
};
