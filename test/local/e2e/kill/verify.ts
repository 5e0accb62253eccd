import type { OutboxItem } from '../running-desk.ts';
import type { Effect } from './load.ts';
import type { Entity, Item } from './raw-table.ts';

/** A subscription of the test: which severities it is to hear of. */
export interface Subscriber {
  readonly id: string;
  readonly target: string;
  readonly severities: readonly string[];
}

const ticketsOf = (entities: readonly Entity[]): readonly Entity[] =>
  entities.filter(({ key }) => key.startsWith('TKT#'));

/** Every text that a marker could stand in, by marker. */
const markersIn = (
  entities: readonly Entity[],
): ReadonlyMap<string, readonly { ticketId: string; version: number }[]> => {
  const found = new Map<string, { ticketId: string; version: number }[]>();
  const note = (text: unknown, ticketId: string, version: number): void => {
    if (typeof text === 'string') found.set(text, [...(found.get(text) ?? []), { ticketId, version }]);
  };
  for (const { key, heads, events } of ticketsOf(entities)) {
    const ticketId = key.slice('TKT#'.length);
    for (const head of heads) note(head['description'], ticketId, 1);
    for (const { type, version, data } of events as readonly Item[]) {
      if (type === 'ticket.replied') note(data.text, ticketId, version);
      if (type === 'ticket.statusChanged' || type === 'ticket.reopened') note(data.reason, ticketId, version);
      if (type === 'ticket.updated') note(data.changes.subject?.to, ticketId, version);
    }
  }
  return found;
};

/** Every good answer's effect is there once, at the version that it named; a refused one's is not there. */
export const faultsOfEffects = (effects: readonly Effect[], entities: readonly Entity[]): readonly string[] => {
  const found = markersIn(entities);
  return effects.flatMap(({ kind, marker, ticketId, status, version, unanswered }) => {
    const places = found.get(marker) ?? [];
    const told = `${kind} ${marker} answered ${status} after ${unanswered} without answer`;
    if (status >= 300) {
      // A PATCH repeated after a lost answer is refused (412) by the version that its own first try has made.
      const atMost = kind === 'patch' && unanswered > 0 ? 1 : 0;
      return places.length <= atMost ? [] : [`${told}, found ${places.length} times`];
    }
    const [place] = places;
    if (places.length !== 1 || place === undefined) return [`${told}, found ${places.length} times`];
    const right = place.ticketId === ticketId && place.version === version;
    return right
      ? []
      : [`${told}: ${ticketId} version ${version}, found at ${place.ticketId} version ${place.version}`];
  });
};

/** The last word about the status of each ticket is what its head says. */
export const faultsOfStatus = (entities: readonly Entity[]): readonly string[] =>
  ticketsOf(entities).flatMap(({ key, heads, events }) => {
    const last = events.findLast(({ data }) => typeof data?.to === 'string' || typeof data?.status?.to === 'string');
    const told = last?.['data'].status?.to ?? last?.['data'].to ?? 'new';
    return heads[0]?.['status'] === told ? [] : [`${key}: status ${heads[0]?.['status']}, its events say ${told}`];
  });

const hour = 3_600_000;

/** Whether a ticket's first response is late at `now`, by its events alone: nobody of the staff wrote in public within the hour, nor was it solved. */
const firstResponseMissed = (events: readonly Item[], now: number): boolean => {
  const due = Date.parse(events[0]?.['at']) + hour;
  const stop = events.find(
    ({ type, data, actor }) =>
      (type === 'ticket.replied' &&
        data.visibility === 'public' &&
        data.onBehalfOf === null &&
        actor.role !== 'requester') ||
      (type === 'ticket.statusChanged' && ['resolved', 'closed'].includes(data.to)),
  );
  return (stop === undefined ? now : Date.parse(stop['at'])) > due;
};

const clockName = (of: { metric: string; cycle: number }): string => `${of.metric} ${of.cycle}`;

/**
 * Each clock that ran out has one breach event. Which ones did: of first responses by the events alone, of the others by what
 * the desk answers about its clocks (`breached`, by ticket).
 */
export const faultsOfBreaches = (
  entities: readonly Entity[],
  breached: ReadonlyMap<string, readonly string[]>,
  now: number,
): readonly string[] =>
  ticketsOf(entities).flatMap(({ key, events }) => {
    const recorded = events.filter(({ type }) => type === 'sla.breached').map(({ data }) => clockName(data));
    const answered = breached.get(key.slice('TKT#'.length)) ?? [];
    const faults: string[] = [];
    if (new Set(recorded).size < recorded.length) faults.push(`${key}: a clock was breached twice: ${recorded}`);
    if (recorded.toSorted().join() !== answered.toSorted().join())
      faults.push(`${key}: breach events ${recorded}, clocks ${answered}`);
    if (recorded.includes('firstResponse 1') !== firstResponseMissed(events, now))
      faults.push(`${key}: first response missed ${firstResponseMissed(events, now)}, breach events ${recorded}`);
    return faults;
  });

export interface AlertCount {
  alerts: number;
  deliveries: number;
  /** Deliveries that needed more than one attempt: a worker or the desk died in the middle. */
  repeatedAttempts: number;
  /** Messages sent once more with the same alertId: the desk died between publish and mark. */
  repeatedMessages: number;
}

/** What is told of clocks: breaches, and warnings before them. */
const telling = ['sla.breached', 'sla.warned', 'sla.escalated'];

/** Each breach and warning has its alert, delivered, with one delivery, published or summarised, for each subscription that wants it, and nothing for others. */
export const checkAlerts = (
  entities: readonly Entity[],
  subscribers: readonly Subscriber[],
  outbox: readonly OutboxItem[],
): { count: AlertCount; faults: readonly string[] } => {
  const faults: string[] = [];
  const count = { alerts: 0, deliveries: 0, repeatedAttempts: 0, repeatedMessages: 0 };
  const raised = ticketsOf(entities).flatMap(({ events }) =>
    events.filter(({ type }) => telling.includes(type)).map((event) => event['alertId']),
  );
  const alerts = new Map(
    entities.filter(({ key }) => key.startsWith('ALT#')).map(({ key, others }) => [key.slice('ALT#'.length), others]),
  );
  // Too many in a minute come as one summary, under an id of its own.
  const messages = Map.groupBy(
    outbox,
    ({ alertId, attributes, to }) => `${alertId ?? attributes?.['summaryId']} ${to}`,
  );
  if (new Set(raised).size < raised.length) faults.push('two events share an alert');
  for (const id of alerts.keys()) if (!raised.includes(id)) faults.push(`alert ${id} has no event`);
  for (const id of raised) {
    const items = alerts.get(id) ?? [];
    const alert = items.find(({ SK }) => SK === 'A');
    const deliveries = items.filter(({ SK }) => SK.startsWith('DLV#'));
    count.alerts += 1;
    count.deliveries += deliveries.length;
    count.repeatedAttempts += deliveries.filter(({ attempts }) => attempts > 1).length;
    if (alert?.['state'] !== 'delivered' || alert['dueAt'] !== undefined)
      faults.push(`alert ${id}: ${alert?.['state']}, due ${alert?.['dueAt']}`);
    for (const { SK, state } of deliveries)
      if (state !== 'published' && state !== 'summarised') faults.push(`alert ${id} ${SK}: ${state}`);
    for (const { id: subscriptionId, target, severities } of subscribers) {
      const wanted = severities.includes(alert?.['severity']);
      const own = deliveries.filter(({ subscriptionIds }) => subscriptionIds.includes(subscriptionId));
      const sent = messages.get(`${own[0]?.['summaryId'] ?? id} ${target}`)?.length ?? 0;
      if (own.length !== (wanted ? 1 : 0)) faults.push(`alert ${id}: ${own.length} deliveries for ${target}`);
      if (wanted ? sent < 1 : sent > 0) faults.push(`alert ${id}: ${sent} messages to ${target}`);
      if (sent > 1) count.repeatedMessages += sent - 1;
    }
  }
  return { count, faults };
};
