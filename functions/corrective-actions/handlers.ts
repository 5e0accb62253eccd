import { NotFound } from '../platform/errors.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { type CorrectiveAction, isOverdue } from './domain/corrective-action.ts';
import * as contract from './routes.ts';
import { changeAction } from './use-cases/change-action.ts';
import { listActions } from './use-cases/list-actions.ts';
import { moveAction } from './use-cases/move-action.ts';
import { openAction } from './use-cases/open-action.ts';
import type { ActionPorts } from './use-cases/ports.ts';

export interface CorrectiveActionsOptions extends ActionPorts {
  readonly once: OnceRecords;
  readonly cursors: Cursors;
  /** The local day of the reporting zone: what is overdue is a matter of days. */
  readonly today: () => string;
}

type Answered = CorrectiveAction & { readonly overdue: boolean };

export const correctiveActionsRoutes = (options: CorrectiveActionsOptions): readonly BoundRoute[] => {
  const bodyOf = (action: CorrectiveAction): Answered => ({ ...action, overdue: isOverdue(action, options.today()) });
  const answerOf = (action: CorrectiveAction): Answer<Answered> => ({
    status: 200,
    body: bodyOf(action),
    version: action.version,
  });
  const createdAnswer = (action: CorrectiveAction): Answer<Answered> => ({
    ...answerOf(action),
    status: 201,
    location: `/v1/corrective-actions/${action.id}`,
  });
  return [
    serve(contract.createAction, async ({ principal: { id, role }, body, once }) =>
      createdAnswer(await openAction(options, body, { id, role }, remembering(options.once, once, createdAnswer))),
    ),
    serve(contract.listCorrectiveActions, async ({ query: { limit, cursor, state, ownerId, overdue } }) => {
      const scope = ['corrective-actions', state ?? null, ownerId ?? null, overdue ?? null];
      const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
      const filter = { state, ownerId, overdue: overdue === undefined ? undefined : overdue === 'true' };
      const { actions, next } = await listActions(options, filter, { limit, after, today: options.today() });
      const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
      return { status: 200, body: { items: actions.map(bodyOf), nextCursor } };
    }),
    serve(contract.getAction, async ({ params: { actionId } }) => {
      const read = await options.actions.find(actionId);
      if (read === null) throw new NotFound('corrective action', actionId);
      return answerOf(read.action);
    }),
    serve(contract.patchAction, async ({ principal: { id, role }, params: { actionId }, body: changes, ifMatch }) =>
      answerOf(await changeAction(options, { id: actionId, ifMatch, changes }, { id, role })),
    ),
    serve(contract.setActionStatus, async ({ principal, params: { actionId }, body: { status, note }, once }) =>
      answerOf(
        await moveAction(
          options,
          { id: actionId, state: status, note },
          principal,
          remembering(options.once, once, answerOf),
        ),
      ),
    ),
  ];
};
