import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { ManifestReference, Progress } from '../../../functions/drills/domain/drill.ts';
import type { Integrity } from '../../../functions/drills/domain/integrity.ts';
import { type Pages, TablePages } from '../../../functions/drills/verification/pages.ts';
import { Verifier } from '../../../functions/drills/verification/verifier.ts';
import { open } from '../../../functions/desk/use-cases/open.ts';
import { reply } from '../../../functions/desk/use-cases/reply.ts';
import { setStatus } from '../../../functions/desk/use-cases/set-status.ts';
import { ticketDueHandler } from '../../../functions/desk/use-cases/attend-ticket.ts';
import { agent, deskOn, TestClock } from '../../desk/desk-on-engine.ts';
import type { Engine } from '../../engine.ts';
import { putAll, shapeOf } from './copies.ts';
import { Files } from './work-in-memory.ts';

const minute = 60_000;
const nothing = () => undefined;
export const start = Date.parse('2026-03-02T09:00:00Z');
/** The canaries of the copy, the recovery point, and the disaster. */
export const canariesAt = start + 30 * minute;
export const createdAt = canariesAt + 20_000;
export const declaredAt = canariesAt + 10 * minute;

type Desk = Awaited<ReturnType<typeof deskOn>>;

export const iso = (at: number): string => new Date(at).toISOString();

/** The sixteen items that tell when a copy was made. */
export const canaries = (table: string, at: number) =>
  Array.from({ length: 16 }, (_unused, index) => ({
    PK: `CAN#${String(index).padStart(2, '0')}`,
    SK: 'C',
    at: iso(at),
    table,
    tick: at / minute,
  }));

/** Lives of tickets: long texts, replies, holds, breaches with their alerts. */
export const liveThrough = async (desk: Desk, clock: TestClock, tickets: number): Promise<string[]> => {
  const ids: string[] = [];
  const attend = ticketDueHandler(desk as never);
  for (let index = 0; index < tickets; index += 1) {
    const long = index % 2 === 0 ? 'It began at noon, and nobody has touched anything since. '.repeat(8) : 'short';
    const { id } = await open(desk, agent, { ...desk.newTicket, description: `${index}: ${long}` }, nothing);
    ids.push(id);
    clock.at += 7_000;
    const said = { visibility: 'public' as const, channel: 'email' as const, onBehalfOf: null, automatic: false };
    const body = `${index}. ${'We are looking at the load balancers of your region. '.repeat(index % 3 === 0 ? 10 : 1)}`;
    await reply(desk, agent, { ticketId: id, ifMatch: null, body, ...said }, nothing);
    clock.at += 7_000;
    const target = { ticketId: id, ifMatch: null, reason: 'waiting', note: null };
    if (index % 4 === 1) await setStatus(desk, agent, { ...target, status: 'waiting_customer' }, nothing);
    if (index % 4 === 2) await attend({ pk: `TKT#${id}`, sk: 'T' } as never);
    clock.at += 7_000;
  }
  return ids;
};

/** What is worked on without an event: as the alerts context writes it. */
export const workingItems = (at: number, moved: boolean) => [
  {
    PK: 'ALT#alt_00000000000000000000000001',
    SK: 'A',
    id: 'alt_00000000000000000000000001',
    kind: 'sla.breach',
    subject: 'Checkout answers 502',
    at: iso(at),
    claimedAt: iso(at),
    queue: 'ALERTS',
    queueSort: `${iso(at)}#alt_00000000000000000000000001`,
    state: moved ? 'delivered' : 'raised',
    version: moved ? 3 : 1,
    ...(moved ? {} : { dueAt: iso(at + minute), dueShard: 3, dueLane: 'critical', dueAttempts: 0 }),
  },
  {
    PK: 'ALT#alt_00000000000000000000000001',
    SK: 'DLV#webhook#1',
    route: 'webhook#1',
    channel: 'webhook',
    subscriptionIds: ['sub_1'],
    state: moved ? 'published' : 'waiting',
    attempts: moved ? 1 : 0,
    ...(moved ? { publishedAt: iso(declaredAt) } : {}),
  },
  { PK: 'PAC#webhook#1', SK: 'M', minute: moved ? 29_000_001 : 29_000_000, alerts: moved ? 2 : 1 },
  { PK: 'SYS#heartbeat', SK: 'B', beat: moved ? 31 : 20, at: iso(moved ? declaredAt : at) },
  { PK: 'EPT#email#ada@acme.example', SK: 'E', arn: 'arn:1', ids: ['sub_1'], endingSince: null, version: 1 },
  {
    PK: 'CAL#cal_01KJQYB600RGVV67BWJX7S1GDK',
    SK: 'V#00000001',
    id: 'cal_01KJQYB600RGVV67BWJX7S1GDK',
    version: 1,
    rules: { days: [1, 2, 3] },
  },
];

/** A desk that has lived until its canaries, with a manifest of before. */
export const livedDesk = async (engine: Engine) => {
  const clock = new TestClock(start);
  const desk = await deskOn(engine, clock);
  const tickets = await liveThrough(desk, clock, 12);
  const table = engine.tables.operations;
  await putAll(engine, table, [...workingItems(start, false), ...canaries(table, canariesAt)]);
  clock.at = start + 20 * minute;
  const files = new Files();
  const manifest = await manifestOf(engine, table, files, clock);
  clock.at = declaredAt + minute;
  return { clock, desk, table, tickets, files, manifest };
};

export const manifestOf = async (
  engine: Engine,
  tableName: string,
  files: Files,
  clock: TestClock,
): Promise<ManifestReference> => {
  const verifier = new Verifier({ client: engine.client, work: files, archive: files, clock, pageItems: 40 });
  let progress: Progress | null = null;
  for (;;) {
    const answer = await verifier.writeManifest({ do: 'write-manifest', tableName, progress }, clock.at);
    progress = kept(answer.progress);
    if (answer.manifest !== null) return answer.manifest;
  }
};

/** As an item of a table keeps it between two slices. */
const kept = (progress: Progress): Progress => JSON.parse(JSON.stringify(progress));

export interface Verification {
  readonly scratchTable: string;
  readonly source: string;
  readonly files: Files;
  readonly clock: TestClock;
  readonly manifest: ManifestReference | null;
  readonly own?: boolean;
  readonly atRest?: boolean;
  /** The attribute by which items of the source expire. */
  readonly ttl?: string;
  readonly createdAt?: number;
  readonly pages?: (pages: Pages) => Pages;
  /** Slices that come a page or a part far each, and each of which dies once before its progress is kept. */
  readonly dying?: boolean;
  /** Between scans and comparison. */
  readonly meanwhile?: (scans: { copyScan: Progress; sourceScan: Progress }) => void;
}

let drills = 0;

/** Scans both sides and compares them, as a drill has it done. */
export const verify = async (engine: Engine, wanted: Verification): Promise<Integrity> => {
  const { clock, files, source, scratchTable, dying = false } = wanted;
  const pages = wanted.pages?.(new TablePages(engine.client)) ?? new TablePages(engine.client);
  const verifier = new Verifier({
    client: engine.client,
    work: files,
    archive: files,
    clock,
    pages,
    ...(dying ? { pageItems: 9 } : {}),
  });
  drills += 1;
  const drillId = `drl_${drills}`;
  const shape = { ...(await shapeOf(engine, source)), ttl: wanted.ttl ?? null };
  const until = (): number => (dying ? clock.at : clock.at + 100_000);
  const scan = async (side: 'copy' | 'source'): Promise<Progress> => {
    for (let progress: Progress | null = null; ; ) {
      const action = { do: 'scan', side, shape, drillId, progress } as const;
      const tableName = side === 'copy' ? scratchTable : source;
      if (dying) await verifier.scan({ ...action, tableName }, until());
      progress = kept((await verifier.scan({ ...action, tableName }, until())).progress);
      if (progress.done) return progress;
    }
  };
  const scans = { copyScan: await scan('copy'), sourceScan: await scan('source') };
  wanted.meanwhile?.(scans);
  for (let progress: Progress | null = null; ; ) {
    const action = {
      do: 'compare',
      drillId,
      own: wanted.own ?? true,
      atRest: wanted.atRest ?? false,
      declaredAt: iso(declaredAt),
      source: shape,
      scratchTable,
      recoveryPoint: { arn: 'arn:recovery', createdAt: iso(wanted.createdAt ?? createdAt), sizeBytes: null },
      manifest: wanted.manifest,
      ...scans,
      progress,
    } as const;
    if (dying) await verifier.compare(action, until());
    const answer = await verifier.compare(action, until());
    if (answer.integrity !== null) return answer.integrity;
    progress = kept(answer.progress);
  }
};

/** The results by name of check. */
export const resultsOf = ({ checks }: Integrity): Record<string, string> =>
  Object.fromEntries(checks.map(({ name, result }) => [name, result]));

export const detailOf = ({ checks }: Integrity, name: string): string =>
  checks.find((check) => check.name === name)?.detail ?? '';

export const put = (engine: Engine, TableName: string, Item: Record<string, unknown>) =>
  engine.client.send(new PutCommand({ TableName, Item }));
