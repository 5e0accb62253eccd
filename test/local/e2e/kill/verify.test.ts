import { createHash } from 'node:crypto';
import type { OutboxItem } from '../running-desk.ts';
import type { Effect } from './load.ts';
import { type Entity, faultsOfHistory, type Item } from './raw-table.ts';
import { checkAlerts, faultsOfBreaches, faultsOfEffects, faultsOfStatus } from './verify.ts';

/** What would be found, were the desk to lose or double something: the checks of the kill test, on tables made wrong by hand. */
const sha = (...lines: string[]): string =>
  createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('base64url');

const entity = (
  key: string,
  drafts: readonly { type: string; data: object; minute: number; alertId?: string }[],
): { key: string; heads: Item[]; events: Item[]; others: Item[] } => {
  let previous = '';
  const events = drafts.map(({ type, data, minute, ...rest }, index) => {
    const at = new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString();
    const digest = sha('salt', type, at, '{"id":"agt_1","role":"agent"}', JSON.stringify(data));
    previous = sha(previous, String(index + 1), digest);
    return {
      SK: `EV#${String(index + 1).padStart(8, '0')}`,
      type,
      at,
      data,
      version: index + 1,
      actor: { role: 'agent', id: 'agt_1' },
      salt: 'salt',
      digest,
      hash: previous,
      ...rest,
    };
  });
  return {
    key,
    heads: [{ SK: 'T', version: events.length, chain: previous, status: 'open', description: 'create-1.' }],
    events,
    others: [],
  };
};

const ticket = () =>
  entity('TKT#tkt_1', [
    { type: 'ticket.created', data: {}, minute: 0 },
    { type: 'ticket.statusChanged', data: { reason: 'status-2.', to: 'open' }, minute: 1 },
    { type: 'ticket.replied', data: { onBehalfOf: null, text: 'reply-3.', visibility: 'internal' }, minute: 2 },
    { type: 'sla.breached', data: { cycle: 1, metric: 'firstResponse' }, minute: 60, alertId: 'alt_1' },
  ]);
const effect = (kind: Effect['kind'], marker: string, version: number | null, status = 201): Effect => ({
  kind,
  marker,
  ticketId: 'tkt_1',
  status,
  version,
  unanswered: 0,
});
const effects = [
  effect('create', 'create-1.', 1),
  effect('status', 'status-2.', 2),
  effect('reply', 'reply-3.', 3),
  effect('reply', 'reply-9.', null, 409),
];
const now = Date.UTC(2026, 0, 5, 11);
const clocks = new Map([['tkt_1', ['firstResponse 1']]]);
const subscriber = { id: 'sub_1', target: 'a@b.c', severities: ['high'] };
const alert = (): Entity => ({
  key: 'ALT#alt_1',
  heads: [],
  events: [],
  others: [
    { SK: 'A', state: 'delivered', severity: 'high' },
    { SK: 'DLV#x', state: 'published', attempts: 1, subscriptionIds: ['sub_1'] },
  ],
});
const message: OutboxItem = {
  seq: 1,
  deliveredAt: '',
  kind: 'email',
  to: 'a@b.c',
  alertId: 'alt_1',
  ticketId: 'tkt_1',
};

const all = (own: Entity, alerts: readonly Entity[], outbox: readonly OutboxItem[] = [message]): readonly string[] => [
  ...faultsOfEffects(effects, [own]),
  ...faultsOfHistory(own),
  ...faultsOfStatus([own]),
  ...faultsOfBreaches([own], clocks, now),
  ...checkAlerts([own, ...alerts], [subscriber], outbox).faults,
];

it('finds nothing in a table that is right', () => expect(all(ticket(), [alert()])).toEqual([]));

it.each<[string, (own: ReturnType<typeof ticket>) => void]>([
  ['an event is lost', (own) => own.events.splice(2, 1)],
  ['the last event is lost', (own) => own.events.pop()],
  ['an event is there twice', (own) => own.events.splice(2, 0, own.events[2]!)],
  ['a refused reply was written', (own) => Object.assign(own.events[2]!['data'], { text: 'reply-9.' })],
  ['a word was changed', (own) => Object.assign(own.events[1]!['data'], { reason: 'another' })],
  ['the head is a version behind', (own) => Object.assign(own.heads[0]!, { version: 3 })],
  ['the head has another status', (own) => Object.assign(own.heads[0]!, { status: 'resolved' })],
  ['the head is gone', (own) => own.heads.pop()],
  ['a breach is another clock’s', (own) => Object.assign(own.events[3]!['data'], { metric: 'resolution' })],
  ['a breach has no alert', (own) => Object.assign(own.events[3]!, { alertId: 'alt_2' })],
])('notices that %s', (_what, spoil) => {
  const own = ticket();
  spoil(own);
  expect(all(own, [alert()])).not.toEqual([]);
});

it.each<[string, (items: Item[]) => void]>([
  ['an alert was not delivered', (items) => Object.assign(items[0]!, { state: 'raised' })],
  ['a delivery was not published', (items) => Object.assign(items[1]!, { state: 'publishing' })],
  ['a delivery is missing', (items) => items.pop()],
  ['a delivery is there twice', (items) => items.push({ ...items[1]!, SK: 'DLV#y' })],
  ['somebody was told who did not ask', (items) => Object.assign(items[0]!, { severity: 'low' })],
])('notices that %s', (_what, spoil) => {
  const raised = alert();
  spoil(raised.others as Item[]);
  expect(all(ticket(), [raised])).not.toEqual([]);
});

it('notices a message that never left, and counts one that left twice', () => {
  expect(all(ticket(), [alert()], [])).not.toEqual([]);
  expect(checkAlerts([ticket(), alert()], [subscriber], [message, message])).toMatchObject({
    faults: [],
    count: { repeatedMessages: 1 },
  });
});
