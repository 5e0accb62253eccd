import type { Principal, Role } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { Forbidden, IllegalTransition, NotFound, ValidationFailed } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { type CorrectiveAction, moved, nextStates, type State } from '../domain/corrective-action.ts';
import type { ActionPorts, Remember } from './ports.ts';

/** Who answers for corrective actions; everybody else moves their own. */
const responsible: readonly Role[] = ['lead', 'manager', 'admin'];

const attempts = 8;

const check = (action: CorrectiveAction, state: State, note: string | null, principal: Principal): void => {
  if (!responsible.includes(principal.role) && action.ownerId !== principal.id)
    throw new Forbidden('Only its owner, a lead, a manager or an admin changes the state of a corrective action.');
  const possible = nextStates(action.state);
  if (!possible.includes(state))
    throw new IllegalTransition(
      `It is ${action.state}; from there it becomes ${possible.length === 0 ? 'nothing else' : possible.join(', ')}.`,
    );
  if (state === 'done' && note === null)
    throw new ValidationFailed([{ path: 'note', message: 'is required when it is done: what was done' }]);
};

/**
 * Leads an action to another state. A lost race is decided again on what is there then.
 * @throws NotFound, Forbidden, IllegalTransition, ValidationFailed
 */
export const moveAction = async (
  ports: ActionPorts,
  command: { readonly id: string; readonly state: State; readonly note: string | null },
  principal: Principal,
  remember: Remember,
): Promise<CorrectiveAction> => {
  const { id, state, note } = command;
  for (let attempt = 1; ; attempt += 1) {
    const read = await ports.actions.find(id);
    if (read === null) throw new NotFound('corrective action', id);
    check(read.action, state, note, principal);
    const next = moved(read.action, state, { note, at: isoInstant(ports.clock.now()) });
    const actor = { id: principal.id, role: principal.role };
    const data = { from: read.action.state, to: state, note };
    try {
      await ports.actions.commit(read, next, { type: 'correctiveAction.moved', actor, data }, remember(next));
      return next;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};
