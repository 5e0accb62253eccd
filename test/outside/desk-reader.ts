import * as z from 'zod';

/** Reads a desk from outside, over HTTP alone. Nothing here knows the code that answers. */
export interface Desk {
  url: string;
  token: string;
}

export const ticketSchema = z.object({
  id: z.string(),
  externalId: z.string().nullable(),
  customerId: z.string().nullable(),
  priority: z.string(),
  status: z.string(),
  teamId: z.string().nullable(),
  createdAt: z.string(),
});
export type Ticket = z.infer<typeof ticketSchema>;

export const eventSchema = z.object({
  eventId: z.string(),
  version: z.number(),
  type: z.string(),
  at: z.string(),
  actor: z.object({ role: z.string() }),
  data: z.record(z.string(), z.unknown()),
});
export type TimelineEvent = z.infer<typeof eventSchema>;

const namedSchema = z.object({ id: z.string(), name: z.string() });

const RETRIES = 5;

/** GET of a JSON answer; 429 and 5xx are tried again, anything else but 200 is an error that names the path. */
export const get = async (desk: Desk, path: string): Promise<unknown> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(`${desk.url}${path}`, { headers: { authorization: `Bearer ${desk.token}` } });
    if (response.ok) return response.json();
    const passing = response.status === 429 || response.status >= 500;
    if (!passing || attempt === RETRIES)
      throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** attempt));
  }
};

/** Every item of a list, page after page; a cursor that comes twice is an error and not an endless loop. */
export const readAll = async <T>(desk: Desk, path: string, item: z.ZodType<T>): Promise<T[]> => {
  const page = z.object({ items: z.array(item), nextCursor: z.string().nullable() });
  const items: T[] = [];
  const seen = new Set<string>();
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = page.parse(await get(desk, `${path}?limit=100${next}`));
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor !== null && seen.has(cursor)) throw new Error(`GET ${path}: the cursor came twice`);
    if (cursor !== null) seen.add(cursor);
  } while (cursor !== null);
  return items;
};

/** Works on all items, a few at once, and keeps their order. */
export const mapSome = async <T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> => {
  const results: R[] = Array.from({ length: items.length });
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return results;
};

/** All tickets; one that comes on two pages is an error. */
export const readTickets = async (desk: Desk): Promise<Ticket[]> => {
  const tickets = await readAll(desk, '/v1/tickets', ticketSchema);
  if (new Set(tickets.map(({ id }) => id)).size !== tickets.length)
    throw new Error('GET /v1/tickets names a ticket twice');
  return tickets;
};

/** A ticket's events in the order of their versions, which must be 1, 2, 3, ... */
export const readTimeline = async (desk: Desk, ticketId: string): Promise<TimelineEvent[]> => {
  const events = await readAll(desk, `/v1/tickets/${ticketId}/timeline`, eventSchema);
  events.sort((a, b) => a.version - b.version);
  const hole = events.findIndex((event, index) => event.version !== index + 1);
  if (hole >= 0)
    throw new Error(
      `${ticketId}: version ${hole + 1} is missing from the timeline, ${events[hole]?.version} stands there`,
    );
  return events;
};

/** Names by id of teams, agents or customers. */
export const readNames = async (desk: Desk, list: 'teams' | 'agents' | 'customers'): Promise<Map<string, string>> =>
  new Map((await readAll(desk, `/v1/${list}`, namedSchema)).map(({ id, name }) => [id, name]));

/** The token named on the command line, in CSD_TOKEN, or handed out by a desk on this machine. */
export const findToken = async (url: string, given: string | undefined): Promise<string> => {
  const token = given ?? process.env.CSD_TOKEN;
  if (token) return token;
  const response = await fetch(`${url}/_local/tokens`);
  return z.object({ admin: z.string() }).parse(await response.json()).admin;
};
