import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { CorrectiveAction } from '../domain/corrective-action.ts';
import { checkPeople } from './check-people.ts';
import type { ActionPorts, Remember } from './ports.ts';

/** What a new action is made of. */
export type NewAction = Pick<
  CorrectiveAction,
  'title' | 'description' | 'ownerId' | 'teamId' | 'dueOn' | 'violationIds' | 'effectiveness'
>;

/** Opens a corrective action (S-51). @throws ValidationFailed */
export const openAction = async (
  ports: ActionPorts,
  fields: NewAction,
  actor: Actor,
  remember: Remember,
): Promise<CorrectiveAction> => {
  await checkPeople(ports, fields);
  const now = ports.clock.now();
  const at = isoInstant(now);
  const action: CorrectiveAction = {
    id: newId('cac', now),
    ...fields,
    state: 'open',
    note: null,
    doneAt: null,
    createdBy: actor.id,
    version: 1,
    createdAt: at,
    updatedAt: at,
  };
  const event = { type: 'correctiveAction.created', actor, data: { ...fields } } as const;
  await ports.actions.commit(null, action, event, remember(action));
  return action;
};
