import type { TicketRow } from '../domain/ticket-row.ts';

export interface TicketRows {
  put(row: TicketRow): Promise<void>;
}
