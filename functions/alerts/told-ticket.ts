import * as z from 'zod';
import type { ItemKey } from '../platform/store/heads.ts';

const headSchema = z.object({ ticketId: z.string() });

/** An alert is raised in the transaction of the event that it tells: whoever meets a new one knows that its ticket has changed. */
export const toldTicket = {
  prefix: 'ALT#',
  of: (head: unknown): ItemKey | null => {
    const alert = headSchema.safeParse(head).data;
    return alert === undefined ? null : { PK: `TKT#${alert.ticketId}`, SK: 'T' };
  },
} as const;
