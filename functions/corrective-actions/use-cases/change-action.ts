import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { type CorrectiveAction, isFinal } from '../domain/corrective-action.ts';
import { checkPeople } from './check-people.ts';
import type { NewAction } from './open-action.ts';
import type { ActionPorts } from './ports.ts';

/** Fields to change; what is undefined stays. */
export type ActionChanges = { readonly [Field in keyof NewAction]?: NewAction[Field] | undefined };

/**
 * Changes fields of an action, under If-Match; what is the same already is no change and leaves no event.
 * @throws NotFound, StaleVersion, IllegalTransition when nothing more comes of the action, ValidationFailed
 */
export const changeAction = async (
  ports: ActionPorts,
  command: { readonly id: string; readonly ifMatch: number | null; readonly changes: ActionChanges },
  actor: Actor,
): Promise<CorrectiveAction> => {
  const { id, ifMatch, changes } = command;
  const read = await ports.actions.find(id);
  if (read === null) throw new NotFound('corrective action', id);
  const { action } = read;
  if (ifMatch !== null && ifMatch !== action.version) throw new StaleVersion(action.version);
  if (isFinal(action.state)) throw new IllegalTransition(`It is ${action.state}; nothing of it changes any more.`);
  await checkPeople(ports, changes);
  const before: Readonly<Record<string, unknown>> = { ...action };
  const changed = Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[field]),
    ),
  );
  if (Object.keys(changed).length === 0) return action;
  const next: CorrectiveAction = {
    ...action,
    ...changed,
    version: action.version + 1,
    updatedAt: isoInstant(ports.clock.now()),
  };
  try {
    await ports.actions.commit(read, next, { type: 'correctiveAction.changed', actor, data: { changed } }, undefined);
  } catch (error) {
    if (error instanceof LostRace) throw new StaleVersion(action.version + 1);
    throw error;
  }
  return next;
};
