import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkTimelines } from '../../outside/check-timelines.ts';
import { recountKpis } from '../../outside/recount-kpis.ts';
import { projectAssembly, projectDir } from './assembly-copy.ts';
import { RunningDesk, stopDesks } from './running-desk.ts';

/** The whole log through the whole desk: imported by a command that is killed three times, compared by scripts that know no code of the desk. */
const csv = join(projectDir, 'test/data/incident_event_log.csv');
const files = mkdtempSync(join(tmpdir(), 'import-'));
const timeLimit = 600_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);

let desk: RunningDesk;
beforeAll(async () => {
  desk = await RunningDesk.start(await projectAssembly());
}, 480_000);
afterAll(async () => {
  await stopDesks();
  rmSync(files, { recursive: true, force: true });
});

const journalOf = (name: string): string => join(files, `${name}.jsonl`);

/** How many incidents a run's journal has as done. */
const done = (name: string): number =>
  existsSync(journalOf(name)) ? readFileSync(journalOf(name), 'utf8').split('"kind":"done"').length - 1 : 0;

/** Runs the command; with `killAt` it is killed (-9) as soon as so many incidents are done. Answers exit code and what it printed. */
const runImport = async (
  name: string,
  killAt: number | null,
): Promise<{ code: number | null; signal: string | null; output: string }> => {
  const options = [
    '--format',
    'servicenow-log',
    csv,
    '--url',
    desk.desk.url,
    '--journal',
    journalOf(name),
    '--rejects',
    join(files, 'rejects.csv'),
  ];
  const child = spawn(process.execPath, ['bin/import.ts', ...options], { cwd: projectDir });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('close', (code, signal) => resolve({ code, signal })),
  );
  const deadline = setTimeout(() => child.kill('SIGKILL'), 300_000);
  try {
    if (killAt !== null) {
      while (child.exitCode === null && done(name) < killAt) await pause(5);
      child.kill('SIGKILL');
    }
    return { ...(await ended), output };
  } finally {
    clearTimeout(deadline);
  }
};

const outside = async () => ({ url: desk.desk.url, token: (await desk.desk.tokens())['admin'] ?? '' });

const expectTheLog = async (): Promise<void> => {
  // Lists are read from indexes, which are up to a second behind on a strict desk.
  await desk.timeTo((await desk.now()) + 2_000);
  const { table, differences } = await checkTimelines(await outside(), csv);
  expect(differences).toEqual([]);
  print(table.map(({ figure, log, desk: answered }) => `${figure.padEnd(24)} log ${log}, desk ${answered}`).join('\n'));
  expect(Object.fromEntries(table.map((row) => [row.figure, row.desk]))).toMatchObject({
    incidents: 890,
    'created in February 2016': 207,
    'created in March 2016': 683,
    reopens: 12,
  });
};

it(
  'brings in every incident as the log has it, although it is killed three times',
  async () => {
    for (const killAt of [100, 350, 700]) {
      const { signal } = await runImport('first', killAt);
      print(`import killed with ${done('first')} of 890 done`);
      expect(signal).toBe('SIGKILL');
      expect(done('first')).toBeGreaterThanOrEqual(killAt);
      expect(done('first')).toBeLessThan(890);
    }
    const { code, output } = await runImport('first', null);
    expect([code, output]).toEqual([0, expect.stringMatching(/continuing: [78]\d\d of 890/)]);
    await expectTheLog();
  },
  timeLimit,
);

it(
  'changes nothing when it is run again',
  async () => {
    const { code, output } = await runImport('second', null);
    print(/^ +rows[^]*?rejected.*$/m.exec(output)?.[0] ?? output);
    expect(code).toBe(0);
    expect(output).toMatch(/unchanged\D+890|890\D+unchanged/);
    await expectTheLog();
  },
  timeLimit,
);

it('never alerts what is history', async () => {
  expect((await desk.ask('/v1/alerts')).items).toEqual([]);
  expect(await desk.outbox()).toEqual([]);
});

describe('live tickets beside the imported ones', () => {
  const priorities = ['critical', 'high', 'normal', 'low'] as const;

  /** Twelve tickets of four priorities, three teams and three customers: answered after 1 to 12 minutes, solved later; one of each four gets no reply. */
  const liveTickets = async (): Promise<void> => {
    const teams = await Promise.all(['Network', 'Database', 'Billing'].map((name) => desk.ask('/v1/teams', { name })));
    const customers = await Promise.all(
      ['Initech', 'Umbrella', 'Hooli'].map((name) => desk.ask('/v1/customers', { name })),
    );
    const tickets = [];
    for (let index = 0; index < 16; index += 1) {
      const ticket = await desk.ticket({
        customerId: customers[index % 3].id,
        teamId: teams[(index + Math.floor(index / 3)) % 3].id,
        priority: priorities[index % 4],
        requester: { name: 'Bob', email: `bob${index % 3}@customer.example` },
      });
      tickets.push(ticket);
    }
    const start = await desk.now();
    for (const [index, { id }] of tickets.entries()) {
      await desk.timeTo(Math.max(start + (index + 1) * 60_000, await desk.now()));
      if (index < 13)
        await desk.ask(
          `/v1/tickets/${id}/replies`,
          { body: 'We are on it.', visibility: 'public', channel: 'email' },
          'agent',
        );
      if (index === 5) await desk.ask(`/v1/tickets/${id}/status`, { status: 'waiting_customer' }, 'agent');
    }
    await desk.timeTo(start + 30 * 60_000);
    for (const [index, { id }] of tickets.entries())
      if (index !== 15) await desk.ask(`/v1/tickets/${id}/status`, { status: 'resolved' }, 'agent');
    await desk.ask(`/v1/tickets/${tickets[0].id}/status`, { status: 'open' }, 'agent');
    await desk.timeTo(start + 35 * 60_000);
  };

  it(
    'have figures that equal the recount, in at least three groups of each kind',
    async () => {
      await liveTickets();
      const { table, differences } = await recountKpis(await outside(), { waitSeconds: 60 });
      for (const { kpi, grouping, cells, groupsWithData, n, excluded } of table) {
        print(
          `${kpi.padEnd(20)} ${grouping.padEnd(9)} ${String(cells).padStart(4)} cells equal, n ${String(n).padStart(3)} in ${String(groupsWithData).padStart(2)} groups, excluded ${excluded}`,
        );
      }
      expect(differences).toEqual([]);
      expect(table).toHaveLength(12);
      for (const row of table)
        expect([row.kpi, row.grouping, row.n > 0, row.grouping === 'all' || row.groupsWithData >= 3]).toEqual([
          row.kpi,
          row.grouping,
          true,
          true,
        ]);
    },
    timeLimit,
  );
});
