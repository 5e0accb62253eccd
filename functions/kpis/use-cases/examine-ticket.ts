import * as z from 'zod';
import { canonicalJson } from '../../platform/store/event.ts';
import type { Fact } from '../domain/fact.ts';
import type { TicketRow } from '../domain/ticket-row.ts';
import { projection } from './project-change.ts';

/** Where a fact lies. */
export interface FactPlace {
  readonly kpi: string;
  readonly hour: string;
  readonly subject: string;
}
export interface PlacedFact extends FactPlace {
  readonly fact: Fact;
}
export const placeName = ({ kpi, hour, subject }: FactPlace): string => `${kpi} ${hour} ${subject}`;

/** What has to be written so that facts and row are what the events say; `over` is the version that was read, null for none. */
export type Repair =
  | (PlacedFact & {
      readonly what: 'fact';
      readonly kind: 'missing' | 'stale' | 'altered' | 'unfounded';
      readonly over: number | null;
      readonly was: Fact | null;
    })
  | { readonly what: 'row'; readonly kind: 'row'; readonly row: TicketRow; readonly over: number | null };

export interface ExaminePorts {
  readonly zone: string;
  /** A ticket's events in order and its head behind them, consistently. */
  readonly history: { of(ticketId: string): Promise<readonly Record<string, unknown>[]> };
  readonly facts: { at(places: readonly FactPlace[]): Promise<readonly PlacedFact[]> };
  readonly rows: { find(ticketId: string): Promise<TicketRow | null> };
}

interface Said<Thing> {
  readonly thing: Thing;
  /** When the event was written that says so. */
  readonly recordedAt: string;
}
interface Saying {
  readonly facts: ReadonlyMap<string, Said<PlacedFact>>;
  readonly row: Said<TicketRow> | null;
  /** Of the last event; 0 without any. */
  readonly version: number;
}

const writtenSchema = z.object({ recordedAt: z.string(), version: z.number() });

/** What a history says: the projection of the stream, run over it with nothing behind it. Of one place the last version stands. */
const sayingOf = async (zone: string, history: readonly Record<string, unknown>[]): Promise<Saying> => {
  const facts = new Map<string, Said<PlacedFact>>();
  const rows: TicketRow[] = [];
  let last = { recordedAt: '', version: 0 };
  const { project, finish } = projection({
    zone,
    facts: {
      put: async (kpi, hour, fact) => {
        const thing = { kpi, hour, subject: fact.subject, fact };
        const before = facts.get(placeName(thing));
        if (before === undefined || before.thing.fact.version < fact.version)
          facts.set(placeName(thing), { thing, recordedAt: last.recordedAt });
        return [];
      },
    },
    rows: {
      put: async (row) => void rows.push(row),
    },
    marks: { add: async () => {} },
    hint: async () => {},
  });
  for (const newImage of history) {
    last = writtenSchema.safeParse(newImage).data ?? last;
    await project({ sequenceNumber: '', newImage });
  }
  await finish();
  const head = rows.at(-1) ?? null;
  // A head that is newer than the events of the page before it belongs to a change of this moment: its row is on its way.
  const said = head === null || head.version !== last.version ? null : { thing: head, recordedAt: last.recordedAt };
  return { facts, row: said, version: last.version };
};

const same = (a: unknown, b: unknown): boolean => canonicalJson(a) === canonicalJson(b);

/**
 * Compares what the events of a ticket say with what is kept, and answers what to write. Nothing is written here.
 *
 * The stream may write at the same time. What it has not brought yet is no drift: `arrived` is the instant up to which the
 * stream is known to have come, and what was recorded later is passed over. What it brings between this reading and the write
 * is not undone, since no write goes over a later version than the one that was read here. A fact that is newer than its events was
 * written while they were read, as a rule: they are read again before that is believed.
 *
 * `found` are facts of the ticket that somebody met elsewhere: those that no event says are answered as tombstones, with the
 * version of the last event, so that the next event is newer.
 */
export const examineTicket = async (
  ports: ExaminePorts,
  ticketId: string,
  arrived: string,
  found: readonly PlacedFact[] = [],
): Promise<{ readonly repairs: readonly Repair[]; readonly facts: number }> => {
  const { zone, history } = ports;
  let saying = await sayingOf(zone, await history.of(ticketId));
  const read = await ports.facts.at([...saying.facts.values()].map(({ thing }) => thing));
  const row = await ports.rows.find(ticketId);
  const kept = new Map([...found, ...read].map((fact) => [placeName(fact), fact]));
  const ahead =
    (row?.version ?? 0) > (saying.row?.thing.version ?? 0) ||
    [...kept].some(([name, { fact }]) => fact.version > (saying.facts.get(name)?.thing.fact.version ?? 0));
  if (ahead) saying = await sayingOf(zone, await history.of(ticketId));
  const repairs: Repair[] = [];
  for (const [name, { thing, recordedAt }] of saying.facts) {
    const was = kept.get(name)?.fact ?? null;
    if (recordedAt > arrived || same(was, thing.fact)) continue;
    const kind = was === null ? 'missing' : was.version < thing.fact.version ? 'stale' : 'altered';
    repairs.push({ ...thing, what: 'fact', kind, over: was?.version ?? null, was });
  }
  for (const [name, placed] of kept) {
    const { fact: was } = placed;
    if (saying.facts.has(name) || was.retracted) continue;
    const fact = { ...was, value: null, excluded: null, retracted: true, version: saying.version };
    repairs.push({ ...placed, fact, what: 'fact', kind: 'unfounded', over: was.version, was });
  }
  if (saying.row !== null && saying.row.recordedAt <= arrived && !same(row, saying.row.thing))
    repairs.push({ what: 'row', kind: 'row', row: saying.row.thing, over: row?.version ?? null });
  return { repairs, facts: saying.facts.size };
};
