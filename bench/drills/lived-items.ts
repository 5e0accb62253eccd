import { randomBytes } from 'node:crypto';
import { newId } from '../../functions/platform/ids.ts';
import { dueAttributes } from '../../functions/platform/due/due-index.ts';
import { Bodies } from '../../functions/platform/store/bodies.ts';
import { sealEvent } from '../../functions/platform/store/event.ts';
import { headSum } from '../../functions/platform/store/head-sum.ts';

type Item = Readonly<Record<string, unknown>>;

const eventsEach = 5;
const actor = { id: 'agt_01KJPW0000AAAAAAAAAAAAAAAA', role: 'agent' } as const;
const words = 'We are looking at the load balancers of your region and will come back to you. ';

/** A ticket as a desk has it after some days: its head, events with a chain that holds, a long text, and now and then an alert. */
const livedTicket = (index: number, at: number): readonly Item[] => {
  const id = newId('tkt', at);
  const PK = `TKT#${id}`;
  const customerId = `cus_01KJPW00000000000000${String(index % 2000).padStart(6, '0')}`;
  const description = `${index}: ${words.repeat(6)}`;
  const events: ReturnType<typeof sealEvent>[] = [];
  for (let version = 1; version <= eventsEach; version += 1) {
    const data = { visibility: 'public', channel: 'email', text: `${version}. ${words.repeat(3)}`, onBehalfOf: null };
    const draft = { type: 'ticket.replied', at: new Date(at + version * 60_000).toISOString(), actor, data };
    const previous = events.at(-1)?.hash ?? '';
    events.push(sealEvent({ key: PK, kind: 'ticket', id }, version, previous, draft, at + version * 60_000));
  }
  const dueAt = new Date(at + 86_400_000).toISOString();
  const bodyHash = Bodies.hash(description);
  const head = {
    PK,
    SK: 'T',
    id,
    number: `T-${index}`,
    subject: 'Checkout answers 502 in one region, and only there',
    status: 'open',
    priority: 'high',
    type: 'incident',
    channel: 'email',
    customerId,
    customerSort: id,
    requesterId: 'ctc_01KJPW0000AAAAAAAAAAAAAAAA',
    teamId: 'tem_01KJPW0000AAAAAAAAAAAAAAAA',
    queue: `T#tem_01KJPW0000AAAAAAAAAAAAAAA${index % 10}`,
    queueSort: `0#${dueAt}#${id}`,
    createdAt: new Date(at).toISOString(),
    updatedAt: new Date(at + eventsEach * 60_000).toISOString(),
    nextDueAt: dueAt,
    tags: ['checkout', 'region'],
    timeline: randomBytes(180).toString('base64'),
    descriptionHash: bodyHash,
    version: eventsEach,
    chain: events.at(-1)?.hash,
    ...dueAttributes(PK, dueAt, 'rest'),
  };
  const text = { PK, SK: `T#BODY#${bodyHash}`, text: description };
  return [{ ...head, sum: headSum(head) }, ...events, text, ...(index % 5 === 0 ? livedAlert(id, at) : [])];
};

const livedAlert = (ticketId: string, at: number): readonly Item[] => {
  const id = `alt_${randomBytes(13).toString('hex').toUpperCase()}`;
  const claimedAt = new Date(at).toISOString();
  const alert = {
    kind: 'sla.breach',
    severity: 'high',
    subject: 'Checkout answers 502',
    state: 'delivered',
    version: 2,
  };
  const route = `email#${id.slice(-8)}`;
  return [
    {
      PK: `ALT#${id}`,
      SK: 'A',
      id,
      ticketId,
      ...alert,
      at: claimedAt,
      claimedAt,
      queue: 'ALERTS',
      queueSort: `${claimedAt}#${id}`,
    },
    {
      PK: `ALT#${id}`,
      SK: `DLV#${route}`,
      route,
      channel: 'email',
      state: 'published',
      attempts: 1,
      publishedAt: claimedAt,
    },
  ];
};

/** So many items of tickets that lived one after the other, from `from` on. */
export function* livedItems(count: number, from: number): Generator<Item> {
  let made = 0;
  for (let index = 0; made < count; index += 1) {
    for (const item of livedTicket(index, from + index * 1_000)) {
      yield item;
      made += 1;
    }
  }
}

/** The items by which a copy says when it was made. */
export const canaryItems = (table: string, at: number): readonly Item[] =>
  Array.from({ length: 16 }, (_unused, index) => ({
    PK: `CAN#${String(index).padStart(2, '0')}`,
    SK: 'C',
    at: new Date(at).toISOString(),
    table,
    tick: Math.floor(at / 60_000),
  }));
