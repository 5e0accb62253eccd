import { milliseconds } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, ValidationFailed } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { liveOverrides } from '../domain/change.ts';
import { type Override, overridesAtMost, type Rota } from '../domain/rota.ts';
import { changeExisting, type RotaChange } from './change-existing.ts';
import { agentsMustExist } from './create-rota.ts';
import type { OnCallPorts } from './ports.ts';

/** An override and the rota that has it, whose version is the ETag of both. */
export interface MadeOverride {
  readonly rota: Rota;
  readonly override: Override;
}

const madeOf = (rota: Rota): MadeOverride => {
  const override = rota.overrides.at(-1);
  if (override === undefined) throw new RangeError(`${rota.id} has no override`);
  return { rota, override };
};

const inTheLife = (rota: Rota, { from, to }: { readonly from: string; readonly to: string }, now: string): void => {
  const begins = rota.periods[0]?.effectiveFrom ?? now;
  const errors = [
    ...(to <= now ? [{ path: 'to', message: 'must lie in the future: nobody is put on call in the past' }] : []),
    ...(from < begins && begins > now
      ? [{ path: 'from', message: `must not be before the rota begins, at ${begins}` }]
      : []),
  ];
  if (errors.length > 0) throw new ValidationFailed(errors);
};

/**
 * Puts somebody on call, whosever turn it is. What of it lies in the past is left out: it begins now at the earliest. Told
 * twice without an Idempotency-Key, two equal overrides lie over each other, which is harmless: the same person is on call.
 * @throws what changeExisting throws; ValidationFailed; IllegalTransition when there are too many
 */
export const addOverride = async (
  ports: OnCallPorts,
  change: Omit<RotaChange, 'remember'> & { readonly remember: (made: MadeOverride) => TransactItem | undefined },
  wanted: Pick<Override, 'agentId' | 'from' | 'to' | 'note'>,
): Promise<MadeOverride> => {
  await agentsMustExist(ports.people, [wanted.agentId]);
  const remember = (rota: Rota) => change.remember(madeOf(rota));
  const rota = await changeExisting(ports, { ...change, remember }, (before, now) => {
    inTheLife(before, wanted, now);
    if (liveOverrides(before, now).length >= overridesAtMost)
      throw new IllegalTransition(`${overridesAtMost} overrides are planned already; end one that is not needed.`);
    const override: Override = {
      ...wanted,
      id: newId('ovr', milliseconds(now)),
      from: wanted.from < now ? now : wanted.from,
      createdAt: now,
      createdBy: change.actor.id,
    };
    return { type: 'onCallRota.overrideAdded', at: now, data: { override } };
  });
  return madeOf(rota);
};

/**
 * Takes an override back: one that has not begun never will, one that holds ends now, and one that is over stays what it
 * was. @throws what changeExisting throws; NotFound; IllegalTransition when it is over
 */
export const endOverride = async (ports: OnCallPorts, change: RotaChange, overrideId: string): Promise<Rota> =>
  changeExisting(ports, change, (rota, now) => {
    const override = rota.overrides.find(({ id, from, to }) => id === overrideId && from < to);
    if (override === undefined) throw new NotFound('override of this rota', overrideId);
    if (override.to <= now) throw new IllegalTransition(`${overrideId} is over; the past is not changed.`);
    return { type: 'onCallRota.overrideEnded', at: now, data: { overrideId } };
  });
