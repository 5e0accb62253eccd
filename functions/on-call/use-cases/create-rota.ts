import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { NotFound } from '../../platform/errors.ts';
import { newId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { firstPeriod } from '../domain/change.ts';
import { after, type RotaEvent } from '../domain/history.ts';
import type { Pattern, Rota } from '../domain/rota.ts';
import type { OnCallPorts, People } from './ports.ts';

/** @throws NotFound for the first of them that is nobody here. */
export const agentsMustExist = async (people: People, agentIds: readonly string[]): Promise<void> => {
  const ids = [...new Set(agentIds)];
  const known = await Promise.all(ids.map((id) => people.hasAgent(id)));
  const missing = ids.find((_id, index) => known[index] !== true);
  if (missing !== undefined) throw new NotFound('agent', missing);
};

/**
 * Gives a team its rota. The team's claim is written in the same transaction, so of two that come at once one is refused, and
 * a repetition finds the team taken and writes nothing. @throws NotFound, AlreadyExists
 */
export const createRota = async (
  ports: OnCallPorts,
  wanted: Pattern & Pick<Rota, 'teamId' | 'name'>,
  options: { readonly actor: Actor; readonly remember: (rota: Rota) => TransactItem | undefined },
): Promise<Rota> => {
  const { teamId, name, ...pattern } = wanted;
  if (!(await ports.people.hasTeam(teamId))) throw new NotFound('team', teamId);
  await agentsMustExist(ports.people, pattern.agentIds);
  const now = ports.clock.now();
  const id = newId('rot', now);
  const event: RotaEvent = {
    type: 'onCallRota.created',
    at: isoInstant(now),
    data: { id, teamId, name, period: firstPeriod(pattern) },
  };
  const rota = after(null, event);
  await ports.rotas.create(rota, event, { actor: options.actor, once: options.remember(rota) });
  return rota;
};
