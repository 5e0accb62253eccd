import { createHash } from 'node:crypto';

/** One ticket of `POST /v1/tickets/import`. Instants are ISO 8601 UTC; null says that the source does not know. */
export interface TicketPayload {
  readonly externalId: string;
  readonly source: string;
  readonly subject: string;
  readonly description: string;
  readonly customer: string | null;
  readonly requester: string | null;
  readonly type: 'incident';
  readonly priority: Priority;
  readonly team: string | null;
  readonly channel: Channel;
  readonly createdAt: string;
  readonly history: readonly HistoryEntry[];
}

export type Priority = 'critical' | 'high' | 'normal' | 'low';
export type Channel = 'web' | 'email' | 'phone' | 'api';
export type Status = 'open' | 'waiting_customer' | 'waiting_vendor' | 'waiting_internal' | 'resolved' | 'closed';

export type HistoryEntry =
  | { readonly at: string; readonly type: 'status'; readonly status: Status }
  | { readonly at: string; readonly type: 'assigned'; readonly team: string | null; readonly assignee: string | null };

/** Names the content of a ticket: equal content, equal hash (the mapping writes fields in one fixed order). */
export const contentHash = (ticket: TicketPayload): string =>
  createHash('sha256').update(JSON.stringify(ticket)).digest('hex').slice(0, 32);
