import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import { textOf } from '../state/row.ts';
import type { Outbox, OutboxItem } from './outbox.ts';

const storedItem = z.object({
  seq: z.number(),
  deliveredAt: z.string(),
  kind: z.enum(['email', 'sms', 'webhook', 'mail']),
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  alertId: z.string().nullable(),
  ticketId: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
});

/** The outbox kept in the desk file: `seq` counts from 1 without gaps, also over a restart, and from 1 again after a reset. */
export function storedOutbox(file: DatabaseSync, clock: VirtualClock): Outbox {
  const insert = file.prepare('INSERT INTO outbox (seq, item) VALUES (?, ?)');
  const last = file.prepare('SELECT COALESCE(MAX(seq), 0) AS seq FROM outbox');
  const after = file.prepare('SELECT item FROM outbox WHERE seq > ? ORDER BY seq');
  return {
    list: (seq) => after.all(seq).map((row) => storedItem.parse(JSON.parse(textOf(row, 'item')))),
    add(item) {
      const seq = Number(last.get()?.['seq'] ?? 0) + 1;
      const stored: OutboxItem = { ...item, seq, deliveredAt: new Date(clock.now()).toISOString() };
      insert.run(seq, JSON.stringify(stored));
      return stored;
    },
  };
}
