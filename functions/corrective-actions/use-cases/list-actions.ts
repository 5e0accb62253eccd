import type { Position } from '../../platform/store/heads.ts';
import { type CorrectiveAction, isOverdue, type State } from '../domain/corrective-action.ts';
import type { ActionPorts } from './ports.ts';

export interface ActionFilter {
  readonly state?: State | undefined;
  readonly ownerId?: string | undefined;
  readonly overdue?: boolean | undefined;
}

/** A page by due day. What the filter leaves out is missing on its page, which may be short; the list ends only at its end. */
export const listActions = async (
  { actions }: ActionPorts,
  { state, ownerId, overdue }: ActionFilter,
  page: { readonly limit: number; readonly after: Position | null; readonly today: string },
): Promise<{ readonly actions: readonly CorrectiveAction[]; readonly next: Position | null }> => {
  const found = await actions.list(page.limit, page.after);
  return {
    next: found.next,
    actions: found.actions.filter(
      (action) =>
        (state === undefined || action.state === state) &&
        (ownerId === undefined || action.ownerId === ownerId) &&
        (overdue === undefined || isOverdue(action, page.today) === overdue),
    ),
  };
};
