import type { Actor } from '../../platform/actor.ts';
import type { StoredText } from '../../platform/store/stored-text.ts';
import type { Status } from '../../sla/domain/timeline.ts';
import { changeTicket } from './change.ts';
import type { Decision } from './decision.ts';
import { moveTicket } from './move.ts';
import { type NewTicket, openTicket } from './open.ts';
import type { PolicyChoice } from './policy-choice.ts';
import { replyToTicket } from './reply.ts';
import { dueBreach, silenced, tell } from './telling.ts';

/** An entry of an imported history, its names resolved to ids and its texts kept. */
export type HistoryEntry =
  | { readonly at: number; readonly type: 'status'; readonly status: Status }
  | {
      readonly at: number;
      readonly type: 'assigned';
      readonly teamId: string | null;
      readonly assigneeId: string | null;
    }
  | {
      readonly at: number;
      readonly type: 'reply';
      readonly visibility: 'public' | 'internal';
      readonly author: 'agent' | 'requester';
      readonly body: StoredText;
    };

/**
 * Replays a ticket's history through the same rules that live tickets follow, each step at its own instant. Deadlines that
 * passed between two steps, or before `now`, are recorded as breaches at their own instants; nobody is alerted. A status that
 * is repeated, or an assignment that changes nothing, is an update of the source and not a change: it leaves no event.
 */
export const replayHistory = (
  ticket: NewTicket,
  createdAt: number,
  history: readonly HistoryEntry[],
  { actor, now, choice }: { readonly actor: Actor; readonly now: number; readonly choice: PolicyChoice },
): readonly Decision[] => {
  const opened = openTicket(ticket, actor, createdAt, choice);
  const decisions: Decision[] = [
    { ...opened, event: { ...opened.event, data: { ...opened.event.data, imported: true } } },
  ];
  let { state } = opened;
  const take = (decision: Decision | null): void => {
    if (decision === null) return;
    decisions.push(decision);
    state = decision.state;
  };
  const settleUntil = (at: number): void => {
    for (let due = dueBreach(state, at); due !== null; due = dueBreach(state, at)) take(tell(state, due));
  };
  for (const entry of history) {
    settleUntil(entry.at);
    switch (entry.type) {
      case 'status':
        if (entry.status !== state.ticket.status) {
          take(moveTicket(state, entry.status, { reason: null, note: null, byMachine: false }, actor, entry.at));
        }
        break;
      case 'assigned':
        take(
          changeTicket(state, { teamId: entry.teamId, assigneeId: entry.assigneeId }, { actor, at: entry.at, choice }),
        );
        break;
      case 'reply': {
        const author: Actor = { id: actor.id, role: entry.author };
        const reply = {
          body: entry.body,
          visibility: entry.visibility,
          channel: ticket.channel,
          onBehalfOf: null,
          automatic: false,
        };
        take(replyToTicket(state, reply, author, entry.at));
        break;
      }
    }
  }
  settleUntil(now);
  const last = decisions.at(-1);
  return last === undefined ? [] : [...decisions.slice(0, -1), { ...last, state: silenced(last.state, now) }];
};
