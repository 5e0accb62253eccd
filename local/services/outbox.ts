/** What left the desk: e-mail, SMS, webhooks and customer mail, in order, for people and tests to read. */
export interface OutboxItem {
  readonly seq: number;
  /** Stamped by the outbox, virtual time. */
  readonly deliveredAt: string;
  readonly kind: 'email' | 'sms' | 'webhook' | 'mail';
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly alertId: string | null;
  readonly ticketId: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Outbox {
  list(after: number): readonly OutboxItem[];
  add(item: Omit<OutboxItem, 'seq' | 'deliveredAt'>): OutboxItem;
}
