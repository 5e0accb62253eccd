import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { FakeDesk, json } from './fake-desk.ts';
import { HEADER, logFile, REAL_LOG, row, runImport } from './log-file.ts';

let desk: FakeDesk;
beforeEach(async () => {
  desk = await new FakeDesk().start();
});
afterEach(() => desk.stop());

const importRows = async (...lines: string[]) => {
  const file = logFile(...lines);
  const rejects = file.replace('.csv', '.rejects.csv');
  const run = await runImport(file, '--url', desk.url);
  return { ...run, file, rejects: existsSync(rejects) ? readFileSync(rejects, 'utf8').trimEnd().split('\n') : [] };
};

describe('forms of CSV that are fine', () => {
  it('byte-order mark, quotes, CRLF, empty lines, other order of columns and further columns', async () => {
    const columns = HEADER.split(',').toReversed();
    const cells = row({ location: 'X' })
      .split(',')
      .toReversed()
      .map((cell) => (cell === 'X' ? '"Berlin, ""Mitte"""' : cell));
    const run = await importRows(`\uFEFFextra,${columns.join(',')}\r\n\r\n"a\r\nb",${cells.join(',')}\r\n , ,\r\n\r\n`);
    expect(run).toMatchObject({ code: 0, stderr: '', rejects: [] });
    expect(desk.sent).toMatchObject([{ externalId: 'INC1', customer: 'Berlin, "Mitte"' }]);
  });

  it('line numbers are those of an editor, also after CRLF inside quotes', async () => {
    const run = await importRows(
      `${HEADER}\r\n\r\n${row({ location: '"a\r\nb\r\nc"' })}\r\n${row({ number: 'INC2', priority: 'x' })}\r\n`,
    );
    expect(run.stderr).toContain('line 6, column priority');
  });

  it('a file of only a header imports nothing', async () => {
    expect(await importRows(HEADER)).toMatchObject({ code: 0 });
    expect(desk.imports).toEqual([]);
  });
});

describe('files that are refused before anything is sent', () => {
  it.each([
    [
      'a wrong header names the missing columns',
      [HEADER.replace('priority', 'prio').replace('number', 'id'), row()],
      /no column number, priority/,
    ],
    ['semicolons are recognised', [HEADER.replaceAll(',', ';'), row()], /separated by commas/],
    ['an empty file', [''], /is empty/],
    [
      'a quote that is never closed',
      [HEADER, row(), row({ location: '"open' }), row()],
      /on or after line 3 is never closed/,
    ],
  ])('%s', async (_, lines, message) => {
    const run = await importRows(...lines);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
    expect(desk.imports).toEqual([]);
  });

  it('a file that is not there, and a directory', async () => {
    for (const file of ['/nowhere/log.csv', '/tmp']) {
      const run = await runImport(file, '--url', desk.url);
      expect(run.code).toBe(1);
      expect(run.stderr).toMatch(/^import: cannot read/);
    }
  });
});

describe('rows that are rejected', () => {
  it.each([
    [
      'a day that does not exist',
      row({ sys_updated_at: '31-02-2016 10:00' }),
      'sys_updated_at',
      'not a date: "31-02-2016 10:00"; expected DD-MM-YYYY HH:MM',
    ],
    ['a date of another form', row({ opened_at: '2016-02-29T10:00' }), 'opened_at', 'not a date: "2016-02-29T10:00"'],
    ['an hour that does not exist', row({ opened_at: '29-02-2016 24:00' }), 'opened_at', 'not a date'],
    [
      'an unknown state',
      row({ incident_state: '-100' }),
      'incident_state',
      'unknown state "-100"; allowed: New, Active',
    ],
    [
      'an unknown priority',
      row({ priority: '5 - Planning' }),
      'priority',
      'unknown priority "5 - Planning"; allowed: 1 - Critical',
    ],
    ['an unknown contact type', row({ contact_type: 'Fax' }), 'contact_type', 'unknown contact type "Fax"'],
    ['a count that is no number', row({ sys_mod_count: '1x' }), 'sys_mod_count', 'not a whole number: "1x"'],
  ])('%s', async (_, bad, column, reason) => {
    const run = await importRows(HEADER, row(), bad, row({ number: 'INC2' }));
    expect(run.code).toBe(2);
    expect(run.stderr).toContain(`line 3, column ${column}: ${reason}`);
    expect(desk.sent.map((ticket) => ticket.externalId)).toEqual(['INC2']);
  });

  it('too few and too many columns', async () => {
    const run = await importRows(HEADER, 'INC1,New', `${row({ number: 'INC2' })},more`, row({ number: 'INC3' }));
    expect(run.stderr).toContain('line 2: the row has 2 columns, the header has 14 (INC1 is left out)');
    expect(run.stderr).toContain('line 3: the row has 15 columns');
    expect(run.rejects.slice(1).map((line) => line.replace(/^(\d+),.*header has 14",/, '$1|'))).toEqual([
      '2|INC1,New',
      `3|${row({ number: 'INC2' })},more`,
    ]);
  });

  it('a row without a number is rejected alone', async () => {
    const run = await importRows(HEADER, row({ number: '' }), row({ number: '?' }), row());
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('line 2, column number: the incident number is missing (no incident can be told)');
    expect(desk.sent.map((ticket) => ticket.externalId)).toEqual(['INC1']);
    expect(run.rejects).toHaveLength(3);
  });

  it('all faults of a row are named', async () => {
    const run = await importRows(HEADER, row({ priority: 'x', incident_state: 'y' }));
    expect(run.rejects[1]).toMatch(/^2,incident_state; priority,"unknown state ""y"".*; unknown priority ""x""/);
  });

  it('an incident with a bad row is rejected whole, each row saying which one is bad; corrected rejects can be imported', async () => {
    const good = [row(), row({ sys_mod_count: '2', sys_updated_at: '01-03-2016 00:00' })];
    const bad = row({ sys_mod_count: '1', sys_updated_at: '32-01-2016 00:00' });
    const run = await importRows(HEADER, good[0] ?? '', row({ number: 'INC2' }), bad, good[1] ?? '');
    expect(run.code).toBe(2);
    expect(run.stdout).toMatch(/rejected\s+1 incidents, 3 rows/);
    expect(run.rejects[0]).toBe(`reject_line,reject_column,reject_reason,${HEADER}`);
    expect(run.rejects.slice(1).map((line) => line.split(',')[0])).toEqual(['2', '4', '5']);
    for (const line of [run.rejects[1], run.rejects[3]]) {
      expect(line).toContain(
        'incident INC1 is left out because of line 4, column sys_updated_at: not a date: ""32-01-2016 00:00""',
      );
    }
    expect(run.rejects[3]?.endsWith(good[1] ?? 'x')).toBe(true);

    const corrected = logFile(...run.rejects.map((line) => line.replace(/(,\d,Caller 1,[^,]*,)32-01/, '$129-02')));
    expect((await runImport(corrected, '--url', desk.url)).code).toBe(0);
    expect([...desk.tickets.keys()]).toEqual(['INC2', 'INC1']);
  });

  it('what the desk rejects goes to the rejects file with its reason', async () => {
    desk.script = (call, response) => {
      if (call.path !== '/v1/tickets/import') return false;
      const results = call.tickets.map(({ externalId }) =>
        externalId === 'INC2'
          ? { externalId, outcome: 'rejected', errors: [{ path: 'history[0].at', message: 'before creation' }] }
          : { externalId, outcome: 'created', ticketId: 'tkt_1', errors: [] },
      );
      json(response, 200, { results });
      return true;
    };
    const run = await importRows(HEADER, row(), row({ number: 'INC2' }));
    expect(run.code).toBe(2);
    expect(run.rejects[1]).toMatch(/^3,,the desk refused incident INC2: history\[0\].at: before creation,INC2/);
  });

  it('a batch refused for its content is sent ticket by ticket, so that the others come in', async () => {
    desk.script = (call, response) => {
      if (!call.tickets.some(({ externalId }) => externalId === 'INC2')) return false;
      json(response, 400, { title: 'Bad request', detail: 'tickets[1].subject is too long', status: 400 });
      return true;
    };
    const run = await importRows(HEADER, row(), row({ number: 'INC2' }), row({ number: 'INC3' }));
    expect(run.code).toBe(2);
    expect([...desk.tickets.keys()]).toEqual(['INC1', 'INC3']);
    expect(run.rejects[1]).toContain('tickets[1].subject is too long');
  });

  it('a rejects file of an earlier run does not outlive its reasons, another file at its place does', async () => {
    const file = logFile(HEADER, row());
    const rejects = file.replace('.csv', '.rejects.csv');
    writeFileSync(rejects, 'reject_line,reject_column,reject_reason,number\n');
    await runImport(file, '--url', desk.url);
    expect(existsSync(rejects)).toBe(false);
    writeFileSync(rejects, 'mine');
    await runImport(file, '--url', desk.url);
    expect(readFileSync(rejects, 'utf8')).toBe('mine');
  });
});

describe('arguments', () => {
  it.each([
    [['--format', 'xml', REAL_LOG], /the only format is servicenow-log/],
    [[], /exactly one FILE/],
    [[REAL_LOG, '--batch', '26'], /--batch must be at most 25/],
    [[REAL_LOG, '--concurrency', '0'], /--concurrency must be at least 1/],
    [[REAL_LOG, '--nonsense'], /--nonsense/],
    [[REAL_LOG, '--url', 'ftp://desk'], /http or https/],
    [[REAL_LOG, '--url', 'http://desk.example.com'], /only sent over https/],
    [[REAL_LOG, '--url', 'https://desk.example.com'], /needs an access token/],
    [[REAL_LOG, '--rejects', REAL_LOG], /input file itself/],
  ])('%j', async (args, message) => {
    const run = await runImport(...args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(message);
  });

  it('--help says what it does and ends with 0', async () => {
    expect(await runImport('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('exit code') });
  });
});
