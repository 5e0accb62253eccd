import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { numberOf, optionalTextOf, type Row, textOf } from '../../state/row.ts';

/** A message as it lies in a queue. Instants in ms of virtual time. */
export interface StoredMessage {
  readonly id: number;
  readonly messageId: string;
  readonly body: string;
  /** Message attributes as JSON. */
  readonly attributes: string;
  readonly sentAt: number;
  readonly firstReceivedAt: number | null;
  /** Receives before this one. */
  readonly receiveCount: number;
  readonly sourceQueue: string | null;
}

export interface NewMessage {
  readonly messageId: string;
  readonly body: string;
  readonly attributes: string;
  readonly sentAt: number;
  readonly visibleAt: number;
}

/** Queue messages in the desk file; each call is committed when it returns. */
export class MessageStore {
  readonly #insert;
  readonly #visible;
  readonly #hide;
  readonly #redrive;
  readonly #remove;
  readonly #change;
  readonly #expire;
  readonly #next;
  readonly #depth;

  constructor(file: DatabaseSync) {
    this.#insert = file.prepare(
      'INSERT INTO messages (queue, message_id, body, attributes, sent_at, visible_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    this.#visible = file.prepare(
      'SELECT * FROM messages WHERE queue = ? AND visible_at <= ? ORDER BY visible_at, id LIMIT ?',
    );
    this.#hide = file.prepare(
      'UPDATE messages SET visible_at = ?, receipt = ?, receive_count = receive_count + 1, first_received_at = COALESCE(first_received_at, ?) WHERE id = ?',
    );
    this.#redrive = file.prepare(
      'UPDATE messages SET queue = ?, source_queue = ?, visible_at = ?, receipt = NULL, receive_count = 0, first_received_at = NULL WHERE id = ?',
    );
    this.#remove = file.prepare('DELETE FROM messages WHERE receipt = ? AND queue = ?');
    this.#change = file.prepare(
      'UPDATE messages SET visible_at = ? WHERE receipt = ? AND queue = ? AND visible_at > ?',
    );
    this.#expire = file.prepare('DELETE FROM messages WHERE queue = ? AND sent_at < ?');
    this.#next = file.prepare('SELECT MIN(visible_at) AS at FROM messages WHERE queue = ? AND visible_at > ?');
    this.#depth = file.prepare(
      `SELECT COUNT(*) FILTER (WHERE visible_at <= :now) AS visible,
              COUNT(*) FILTER (WHERE visible_at > :now AND receipt IS NOT NULL) AS inFlight,
              COUNT(*) FILTER (WHERE visible_at > :now AND receipt IS NULL) AS delayed
       FROM messages WHERE queue = :queue`,
    );
  }

  insert(queue: string, message: NewMessage): void {
    const { messageId, body, attributes, sentAt, visibleAt } = message;
    this.#insert.run(queue, messageId, body, attributes, sentAt, visibleAt);
  }

  visible(queue: string, now: number, max: number): readonly StoredMessage[] {
    return this.#visible.all(queue, now, max).map(stored);
  }

  /** Hides a message until an instant and returns the receipt that rules it from now on; earlier receipts end. */
  hide(id: number, now: number, until: number): string {
    const receipt = randomUUID();
    this.#hide.run(until, receipt, now, id);
    return receipt;
  }

  redrive(id: number, from: string, to: string, now: number): void {
    this.#redrive.run(to, from, now, id);
  }

  remove(queue: string, receipt: string): void {
    this.#remove.run(receipt, queue);
  }

  /** False when the receipt is not, or no longer, that of a hidden message. */
  change(queue: string, receipt: string, now: number, visibleAt: number): boolean {
    return this.#change.run(visibleAt, receipt, queue, now).changes > 0;
  }

  /** Removes messages sent before an instant. */
  expire(queue: string, before: number): void {
    this.#expire.run(queue, before);
  }

  /** When the next hidden or delayed message becomes visible, or null. */
  nextVisible(queue: string, now: number): number | null {
    const at = this.#next.get(queue, now)?.['at'];
    return typeof at === 'number' ? at : null;
  }

  depth(queue: string, now: number): { visible: number; inFlight: number; delayed: number } {
    const row = this.#depth.get({ queue, now });
    if (row === undefined) return { visible: 0, inFlight: 0, delayed: 0 };
    return {
      visible: numberOf(row, 'visible'),
      inFlight: numberOf(row, 'inFlight'),
      delayed: numberOf(row, 'delayed'),
    };
  }
}

function stored(row: Row): StoredMessage {
  return {
    id: numberOf(row, 'id'),
    messageId: textOf(row, 'message_id'),
    body: textOf(row, 'body'),
    attributes: textOf(row, 'attributes'),
    sentAt: numberOf(row, 'sent_at'),
    firstReceivedAt: row['first_received_at'] === null ? null : numberOf(row, 'first_received_at'),
    receiveCount: numberOf(row, 'receive_count'),
    sourceQueue: optionalTextOf(row, 'source_queue'),
  };
}
