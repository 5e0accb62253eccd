import { NotFound } from '../platform/errors.ts';
import type { Principal } from '../platform/actor.ts';
import { remembering } from '../platform/http/once-answer.ts';
import type { Answer, BoundRoute } from '../platform/http/request.ts';
import { serve } from '../platform/http/serve.ts';
import type { Cursors } from '../platform/store/cursor.ts';
import { positionSchema } from '../platform/store/heads.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import type { OnceRecords } from '../platform/store/once.ts';
import { type AlertBody, alertBody } from './answers.ts';
import type { FoundAlert } from './use-cases/deliver-alert.ts';
import * as contract from './routes.ts';
import { listAlerts, type ListAlertsPorts } from './use-cases/list-alerts.ts';

export interface AlertReadingOptions extends ListAlertsPorts {
  readonly cursors: Cursors;
  readonly once: OnceRecords;
  /** Tells the ticket of the alert that somebody takes care, and marks the alert. @throws NotFound */
  acknowledge(
    principal: Principal,
    command: { readonly alertId: string; readonly note: string | null },
    remember: (acknowledged: FoundAlert) => TransactItem | undefined,
  ): Promise<FoundAlert>;
}

const alertAnswer = (found: FoundAlert): Answer<AlertBody> => ({ status: 200, body: alertBody(found) });

/** Alerts that were raised. Needs the table alone, so whoever binds these carries no SNS client. */
export const alertReadingRoutes = (options: AlertReadingOptions): readonly BoundRoute[] => [
  serve(contract.listAlerts, async ({ query: { limit, cursor, ...filters } }) => {
    const scope = ['alerts', filters.ticketId, filters.kind, filters.severity];
    const after = cursor === undefined ? null : await options.cursors.open(scope, cursor, positionSchema);
    const { items, next } = await listAlerts(options, filters, limit, after);
    const nextCursor = next === null ? null : await options.cursors.seal(scope, next);
    return { status: 200, body: { items: items.map(alertBody), nextCursor } };
  }),

  serve(contract.getAlert, async ({ params: { alertId } }) => {
    const found = await options.alerts.find(alertId);
    if (found === null) throw new NotFound('alert', alertId);
    return alertAnswer(found);
  }),

  serve(contract.acknowledgeAlert, async ({ principal, params: { alertId }, body: { note }, once }) =>
    alertAnswer(await options.acknowledge(principal, { alertId, note }, remembering(options.once, once, alertAnswer))),
  ),
];
