import type { Principal } from '../../platform/actor.ts';
import type { StoredEvent } from '../../platform/store/event.ts';
import type { Position } from '../../platform/store/heads.ts';
import { ticketKey } from '../store.ts';
import { type DeskPorts, readFor } from './ports.ts';

/** An entry of a ticket's history as it is answered. */
export type TimelineItem = Pick<StoredEvent, 'eventId' | 'version' | 'type' | 'at' | 'recordedAt' | 'actor' | 'data'>;

/** What a requester may read of a ticket's history: not the desk's internal notes, nor its internal clocks. */
const shown = (principal: Principal, event: StoredEvent): boolean =>
  principal.role !== 'requester' || !(event.data['visibility'] === 'internal' || event.type.startsWith('sla.'));

/** A page of a ticket's history, oldest first, long texts filled in. @throws NotFound */
export const timeline = async (
  ports: DeskPorts,
  principal: Principal,
  request: { readonly ticketId: string; readonly limit: number; readonly after: Position | null },
): Promise<{ readonly items: readonly TimelineItem[]; readonly next: Position | null }> => {
  await readFor(ports, principal, request.ticketId);
  const page = await ports.tickets.events(request.ticketId, request.limit, request.after);
  const events = page.events.filter((event) => shown(principal, event));
  const hashes = events.flatMap((event) =>
    typeof event.data['bodyHash'] === 'string' ? [event.data['bodyHash']] : [],
  );
  // A page that is the whole history wants all the ticket's texts, as a rule: one query instead of an item each.
  const whole = request.after === null && page.next === null && hashes.length > 1;
  const { bodies } = ports.tickets;
  const key = ticketKey(request.ticketId);
  const texts = await (whole ? bodies.readAll(key) : bodies.read(key, hashes));
  return {
    items: events.map(({ eventId, version, type, at, recordedAt, actor, data }) => {
      const { bodyHash, text, note, ...plain } = data;
      // The note of a status change is the desk's own.
      const rest = note === undefined || principal.role === 'requester' ? plain : { ...plain, note };
      const body = typeof bodyHash === 'string' ? (texts.get(bodyHash) ?? '') : text;
      return { eventId, version, type, at, recordedAt, actor, data: body === undefined ? rest : { ...rest, body } };
    }),
    next: page.next,
  };
};
