import { IllegalTransition, ValidationFailed } from '../../platform/errors.ts';
import { nextPeriod, type WantedPattern } from '../domain/change.ts';
import { plannedAtMost, type Rota } from '../domain/rota.ts';
import { changeExisting, type RotaChange } from './change-existing.ts';
import { agentsMustExist } from './create-rota.ts';
import type { OnCallPorts } from './ports.ts';

/** Fields of a pattern only: what is not wanted is not there. */
const wantsPattern = (wanted: WantedPattern): boolean => Object.values(wanted).some((value) => value !== undefined);

/**
 * Renames a rota, or lets its turns go otherwise from `effectiveFrom` on (now when left out). What was before is never
 * touched. @throws what changeExisting throws; ValidationFailed for a past `effectiveFrom`
 */
export const changeRota = async (
  ports: OnCallPorts,
  change: RotaChange,
  {
    name,
    effectiveFrom,
    ...wanted
  }: WantedPattern & {
    readonly name?: string | undefined;
    readonly effectiveFrom?: string | undefined;
  },
): Promise<Rota> => {
  await agentsMustExist(ports.people, wanted.agentIds ?? []);
  return changeExisting(ports, change, (rota, now) => {
    const since = effectiveFrom ?? now;
    if (since < now)
      throw new ValidationFailed([{ path: 'effectiveFrom', message: 'must not lie in the past: what was stays' }]);
    const planned = rota.periods.filter((one) => one.effectiveFrom > now && one.effectiveFrom < since);
    if (planned.length >= plannedAtMost)
      throw new IllegalTransition(
        `${plannedAtMost} changes are planned already; take one of their instants back first.`,
      );
    return {
      type: 'onCallRota.changed',
      at: now,
      data: {
        ...(name === undefined ? {} : { name }),
        ...(wantsPattern(wanted) ? { pattern: { since, period: nextPeriod(rota, wanted, since) } } : {}),
      },
    };
  });
};

/** Ends a rota: from now on nobody is on call by it, and its team may get another. Who was on call stays known. */
export const archiveRota = async (ports: OnCallPorts, change: RotaChange): Promise<Rota> =>
  changeExisting(ports, change, (_rota, now) => ({ type: 'onCallRota.archived', at: now, data: {} }));
