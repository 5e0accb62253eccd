import type { Position } from '../../platform/store/heads.ts';
import type { Alert } from '../domain/alert.ts';
import type { FoundAlert } from './deliver-alert.ts';

export interface AlertQuery {
  readonly ticketId?: string | undefined;
  readonly kind?: Alert['kind'] | undefined;
  readonly severity?: Alert['severity'] | undefined;
}

interface IdPage {
  readonly ids: readonly string[];
  readonly next: Position | null;
}

export interface ListAlertsPorts {
  readonly alerts: { find(alertId: string): Promise<FoundAlert | null> };
  readonly lists: {
    all(limit: number, after: Position | null): Promise<IdPage>;
    ofTicket(ticketId: string, limit: number, after: Position | null): Promise<IdPage>;
  };
}

/** Reads at most so many pages of ids for one answer; what a filter leaves of them may be short of the limit. */
const pagesAtMost = 8;

/** One page of alerts, newest first. The list has ended when `next` is null, and only then. */
export const listAlerts = async (
  ports: ListAlertsPorts,
  query: AlertQuery,
  limit: number,
  after: Position | null,
): Promise<{ readonly items: readonly FoundAlert[]; readonly next: Position | null }> => {
  const { ticketId, kind, severity } = query;
  const items: FoundAlert[] = [];
  let next = after;
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const wanted = limit - items.length;
    const ids: IdPage =
      ticketId === undefined ? await ports.lists.all(wanted, next) : await ports.lists.ofTicket(ticketId, wanted, next);
    const found = await Promise.all(ids.ids.map((alertId) => ports.alerts.find(alertId)));
    items.push(
      ...found
        .filter((one) => one !== null)
        .filter(({ alert }) => (kind ?? alert.kind) === alert.kind && (severity ?? alert.severity) === alert.severity),
    );
    next = ids.next;
    if (next === null || items.length >= limit) break;
  }
  return { items, next };
};
