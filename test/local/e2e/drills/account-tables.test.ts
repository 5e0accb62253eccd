import { projectAssembly } from '../assembly-copy.ts';
import { type Json, RunningDesk, stopDesks } from '../running-desk.ts';
import { backupSettings, checkOf, ended, startDrill } from './drills.ts';
import { invoices, OtherTables, readings } from './other-tables.ts';

/** Drills of tables of the account that are not the desk's own: only what every table has can be checked, and that is. */
const minute = 60_000;
let desk: RunningDesk;
let tables: OtherTables;

beforeAll(async () => {
  const assembly = await projectAssembly({ drillTables: ['billing', 'meters'] });
  desk = await RunningDesk.start(assembly, Date.UTC(2026, 2, 2, 4, 56));
  tables = await OtherTables.make(desk);
}, 480_000);
afterAll(async () => {
  tables?.close();
  await stopDesks();
});

const notApplicable = ['canaries', 'chains', 'snapshot', 'manifest'];
const resultsOf = ({ integrity }: Json): Json =>
  Object.fromEntries(integrity.checks.map(({ name, result }: Json) => [name, result]));
const legsOf = ({ legs }: Json): readonly string[] => legs.map(({ name }: Json) => name);
const scratchTables = (): readonly string[] => desk.tables().filter((name) => name.includes('-drill-'));
const ticketsAbout = async ({ id }: Json): Promise<readonly Json[]> => {
  const { items } = await desk.ask('/v1/alerts?limit=100');
  const about: Json[] = [];
  for (const { kind, ticketId } of items) {
    const ticket = await desk.ask(`/v1/tickets/${ticketId}`);
    if (ticket.description.includes(id)) about.push({ kind, subject: ticket.subject });
  }
  return about;
};

/** Everything that applies was checked and is right, and what does not apply is said, in the answer and in the report. */
const expectPassed = async (drill: Json, table: string, items: number, rows: number | null): Promise<void> => {
  expect([drill.state, drill.verdict, drill.reasons]).toEqual(['done', 'passed', expect.anything()]);
  const left = rows === null ? [...notApplicable, 'indexes'] : notApplicable;
  for (const [name, result] of Object.entries(resultsOf(drill)))
    expect([name, result]).toEqual([name, left.includes(name) ? 'not_applicable' : 'passed']);
  expect(drill.integrity).toMatchObject({ items, compared: items, missing: 0, altered: 0, torn: 0 });
  expect(checkOf(drill, 'contents').detail).toContain(`${items} items compared, all that each of them holds`);
  expect(checkOf(drill, 'scan').detail).toContain(`${items} items and ${rows ?? 0} rows of indexes of the copy`);
  expect(drill.reasons.join(' ')).toContain(
    `${table} is not a table of the desk: canaries, chains, snapshot, manifest and the first read and write do not apply.`,
  );
  expect(drill.rpo).toMatchObject({ met: true, lostRecords: null, newestCanaryAt: null });
  expect(drill.rto).toMatchObject({ met: true });
  // The restore alone takes ten.
  expect(drill.rto.seconds).toBeGreaterThan(10);
  expect(legsOf(drill)).not.toContain('first-read');
  expect(legsOf(drill).slice(-2)).toEqual(['integrity', 'scratch-table-removed']);
  expect(drill.scratchTable.removedAt).not.toBeNull();
  for (const format of ['html', 'markdown']) {
    const { status, body } = await desk.as('auditor', `/v1/drills/${drill.id}/report?format=${format}`);
    expect(status).toBe(200);
    expect(body).toContain(`${table} is not a table of the desk`);
    expect(body).toMatch(/First read served[^a-z]*(<\/th><td>)?[^a-z]*not applicable/);
    expect(body).toMatch(/chains[^a-z]*(<\/td><td>)?[^a-z]*not applicable/);
  }
};

it('GET /v1/backups shows what could be restored of them; one in the plan has the copy of the night', async () => {
  await desk.timeTo(Date.UTC(2026, 2, 2, 5, 7));
  const { items } = await desk.ask('/v1/backups', undefined, 'auditor');
  const of = (name: string): Json => items.find(({ table }: Json) => table === name);
  expect(of('billing')).toMatchObject({
    newestRecoveryPointAt: expect.stringMatching(/^2026-03-02T05:00/),
    continuous: { latestRestorableAt: expect.any(String) },
    lastRun: { state: 'completed' },
    stale: false,
  });
  expect(of('meters')).toMatchObject({ newestRecoveryPointAt: null, continuous: null, method: null, lastRun: null });
  expect(of('crm')).toBeUndefined();
}, 120_000);

it('a table that is not to be drilled is refused, and nothing is begun', async () => {
  for (const table of ['crm', 'nobody']) {
    const objectives = { rpoSeconds: 3600, rtoSeconds: 14_400 };
    const { status, body } = await desk.as('engineer', '/v1/drills', { body: { table, method: 'backup', objectives } });
    expect([status, JSON.stringify(body)]).toEqual([
      400,
      expect.stringContaining('is no table that can be drilled; there are: operations, billing, meters'),
    ]);
  }
  expect((await desk.ask('/v1/drills')).items).toEqual([]);
});

it('the copy of the night, and one that the drill takes, are compared item by item and pass', async () => {
  const nightly = await startDrill(desk, { table: 'billing' });
  const fresh = await startDrill(desk, { table: 'meters', recoveryPoint: 'fresh' });
  const rows = invoices.filter(({ batch }) => batch !== undefined).length;
  const billing = await ended(desk, nightly.id);
  await expectPassed(billing, 'billing', invoices.length, rows);
  expect(billing.recoveryPointUsed.createdAt).toMatch(/^2026-03-02T05:00/);
  const meters = await ended(desk, fresh.id);
  await expectPassed(meters, 'meters', readings.length, null);
  expect(legsOf(meters)[0]).toBe('backup');
  expect(scratchTables()).toEqual([]);
}, 120_000);

it('what was changed since the copy makes a drill neither fail nor pass: it names the items, and why it cannot tell', async () => {
  await tables.put('billing', [
    { ...invoices[2], total: -1 },
    { account: 'ACC#new', line: 1 },
  ]);
  await tables.remove('billing', [{ account: 'ACC#3', line: 3 }]);
  const { id } = await startDrill(desk, { table: 'billing' });
  const drill = await ended(desk, id);
  expect([drill.state, drill.verdict]).toEqual(['done', 'unknown']);
  expect(resultsOf(drill)).toMatchObject({
    scan: 'passed',
    schema: 'passed',
    items: 'unknown',
    contents: 'unknown',
    indexes: 'passed',
  });
  expect(drill.integrity).toMatchObject({ items: 300, compared: 299, missing: 1, altered: 1 });
  expect(checkOf(drill, 'contents').detail).toContain('ACC#2 n:2');
  expect(checkOf(drill, 'items').detail).toMatch(/ACC#new n:1.*ACC#3 n:3/);
  expect(drill.reasons[0]).toContain('Nothing tells whether that was changed since');
  expect(drill.reasons.join(' ')).toContain(
    `If nobody has written to billing since ${drill.recoveryPointUsed.createdAt}`,
  );
  expect(await ticketsAbout(drill)).toEqual([
    { kind: 'drill.unknown', subject: 'Restore drill of billing proved nothing' },
  ]);
}, 120_000);

it.each([
  ['one byte of an item is another', 'flip-byte', 'contents', { missing: 0, altered: 1 }],
  ['an item is missing', 'drop', 'items', { missing: 1, altered: 0 }],
] as const)(
  'of a table at rest a copy in which %s has failed, and the item is named',
  async (_what, how, check, counts) => {
    await backupSettings(desk, { corrupt: { how, partition: '3', which: 'first' } });
    const { id } = await startDrill(desk, { table: 'meters', atRest: true });
    const drill = await ended(desk, id);
    expect([drill.state, drill.verdict, drill.atRest]).toEqual(['done', 'failed', true]);
    expect(drill.integrity).toMatchObject(counts);
    expect(checkOf(drill, check)).toMatchObject({ result: 'failed', detail: expect.stringMatching(/n:3 b:/) });
    expect(drill.reasons.join(' ')).toMatch(/n:3 b:.* Do not restore from this recovery point/);
    expect(await ticketsAbout(drill)).toEqual([{ kind: 'drill.failed', subject: 'Restore drill of meters failed' }]);
    expect(scratchTables()).toEqual([]);
  },
  120_000,
);

it('without that word the same copy proves nothing, and still does not pass', async () => {
  await backupSettings(desk, { corrupt: { how: 'drop', partition: '3', which: 'first' } });
  const { id } = await startDrill(desk, { table: 'meters' });
  const drill = await ended(desk, id);
  expect([drill.verdict, drill.integrity.missing]).toEqual(['unknown', 1]);
  expect(checkOf(drill, 'items').detail).toMatch(/n:3 b:.* Nothing tells/);
}, 120_000);

it('point-in-time recovery takes a table that has it on to an instant after those changes', async () => {
  await desk.timeTo((await desk.now()) + 5 * minute);
  const { id } = await startDrill(desk, { table: 'billing', method: 'pitr' });
  const drill = await ended(desk, id);
  expect([drill.verdict, drill.integrity.compared, drill.recoveryPointUsed.arn]).toEqual(['passed', 300, null]);
  const refused = await ended(desk, (await startDrill(desk, { table: 'meters', method: 'pitr' })).id);
  expect([refused.verdict, refused.reasons]).toEqual([
    'failed',
    [expect.stringContaining('Point-in-time recovery of meters is off')],
  ]);
  expect(scratchTables()).toEqual([]);
}, 120_000);
