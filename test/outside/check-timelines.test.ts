import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../bin/import/main.ts';
import { checkTimelines } from './check-timelines.ts';
import { splitCsv } from './log-truth.ts';
import { ReplayingDesk } from './replaying-desk.ts';

const LOG = join(import.meta.dirname, '../data/incident_event_log.csv');

let desk: ReplayingDesk;
const check = () => checkTimelines({ url: desk.url, token: 't' }, LOG);
beforeEach(async () => {
  desk = await new ReplayingDesk().start();
  const directory = mkdtempSync(join(tmpdir(), 'csd-outside-'));
  const silent = { write: () => true };
  const places = ['--journal', join(directory, 'journal'), '--rejects', join(directory, 'rejects')];
  await main(['--format', 'servicenow-log', LOG, '--url', desk.url, '--token', 't', ...places], {
    env: {},
    stdout: silent,
    stderr: silent,
  });
});
afterEach(() => desk.stop());

it('two separate readings of the real log, the import and the check, agree on every incident', async () => {
  expect(await check()).toEqual({
    table: [
      { figure: 'incidents', log: 890, desk: 890 },
      { figure: 'created in February 2016', log: 207, desk: 207 },
      { figure: 'created in March 2016', log: 683, desk: 683 },
      { figure: 'status changes', log: expect.any(Number), desk: expect.any(Number) },
      { figure: 'reopens', log: 12, desk: 12 },
    ],
    differences: [],
  });
});

describe('finds', () => {
  const timeline = () => desk.timelines.get('tkt_INC0000045') ?? [];

  it('a missing, a doubled and a foreign ticket', async () => {
    const [first, second] = desk.tickets;
    Object.assign(second ?? {}, { externalId: first?.externalId });
    desk.tickets.push({ ...first, id: 'tkt_X', externalId: 'X' });
    desk.timelines.set('tkt_X', []);
    const text = (await check()).differences.join('\n');
    expect(text).toMatch(/INC\d+ is missing from the desk/);
    expect(text).toMatch(/INC\d+ is there twice/);
    expect(text).toContain('X (tkt_X) is not in the log');
  });

  it('a change at another instant, in another status, or not there', async () => {
    const changes = timeline().filter(({ type }) => type === 'ticket.statusChanged');
    Object.assign(changes[1] ?? {}, { at: '2016-02-29T08:54:00.000Z' });
    expect((await check()).differences).toEqual([
      'INC0000045 (tkt_INC0000045) status change 2: log 2016-02-29T08:53:00.000Z resolved, desk 2016-02-29T08:54:00.000Z resolved',
    ]);
    timeline().pop();
    expect((await check()).differences.join()).toContain('status changes: log');
  });

  it('another assignment and another creation', async () => {
    const assigned = timeline().find(({ type }) => type === 'ticket.assigned');
    Object.assign(assigned?.data ?? {}, { to: { teamId: 'Group 56', assigneeId: 'Resolver 1' } });
    Object.assign(desk.tickets.find(({ id }) => id === 'tkt_INC0000045') ?? {}, {
      createdAt: '2016-03-01T00:00:00.000Z',
    });
    const text = (await check()).differences.join('\n');
    expect(text).toContain('assignment 1: log nothing, desk 2016-02-29T01:23:00.000Z Group 56/');
    expect(text).toContain('created: log 2016-02-29T01:16:00.000Z, desk 2016-03-01T00:00:00.000Z');
    expect(text).toContain('created in March 2016: log 683, desk 684');
  });

  it('a hole in the versions', async () => {
    timeline().splice(1, 1);
    await expect(check()).rejects.toThrow('tkt_INC0000045: version 2 is missing');
  });
});

it('reads quotes, doubled quotes, line ends in cells and a byte-order mark', () => {
  expect(splitCsv('\uFEFFa,b\r\n\r\n"1,\n""x""",2\n,\nlast,')).toEqual([
    ['a', 'b'],
    ['1,\n"x"', '2'],
    ['last', ''],
  ]);
});
