import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readLog } from '../../bin/import/servicenow-log/read-log.ts';
import { toTickets } from '../../bin/import/servicenow-log/to-ticket.ts';
import { HEADER, logFile, REAL_LOG, row } from './log-file.ts';

const ticketsOf = async (file: string) => toTickets((await readLog(file)).incidents);
const only = async (...rows: string[]) => (await ticketsOf(logFile(HEADER, ...rows)))[0];
const real = async (number: string) => (await ticketsOf(REAL_LOG)).find(({ externalId }) => externalId === number);

describe('incidents of the real log', () => {
  it('maps an incident with three states and one group', async () => {
    expect(await real('INC0000045')).toEqual({
      externalId: 'INC0000045',
      source: 'servicenow',
      subject: 'Category 55 / Subcategory 170',
      description: 'Symptom: Symptom 72\nCategory: Category 55\nSubcategory: Subcategory 170',
      customer: 'Location 143',
      requester: 'Caller 2403',
      type: 'incident',
      priority: 'normal',
      team: 'Group 56',
      channel: 'phone',
      createdAt: '2016-02-29T01:16:00.000Z',
      history: [
        { at: '2016-02-29T01:23:00.000Z', type: 'assigned', team: 'Group 56', assignee: null },
        { at: '2016-02-29T01:23:00.000Z', type: 'status', status: 'open' },
        { at: '2016-02-29T08:53:00.000Z', type: 'status', status: 'resolved' },
        { at: '2016-03-05T12:00:00.000Z', type: 'status', status: 'closed' },
      ],
    });
  });

  it('sorts the incident whose rows stand out of order', async () => {
    const at = (await real('INC0000137'))?.history.map((entry) => entry.at) ?? [];
    expect(at.length).toBeGreaterThan(3);
    expect(at).toEqual([...at].sort());
  });

  it('has 890 incidents, 207 created in February and 683 in March 2016', async () => {
    const tickets = await ticketsOf(REAL_LOG);
    const created = (month: string) => tickets.filter(({ createdAt }) => createdAt.startsWith(month)).length;
    expect([tickets.length, created('2016-02'), created('2016-03')]).toEqual([890, 207, 683]);
    expect(tickets.every(({ createdAt, history }) => history.every(({ at }) => createdAt <= at))).toBe(true);
  });
});

describe('rules of the mapping', () => {
  it.each([
    ['New', 'open'],
    ['Active', 'open'],
    ['Awaiting User Info', 'waiting_customer'],
    ['Awaiting Vendor', 'waiting_vendor'],
    ['Awaiting Problem', 'waiting_internal'],
    ['Awaiting Evidence', 'waiting_internal'],
    ['Resolved', 'resolved'],
    ['Closed', 'closed'],
  ])('state %s is status %s', async (state, status) => {
    expect((await only(row({ incident_state: state, assignment_group: '?' })))?.history).toEqual([
      { at: '2016-02-29T01:23:00.000Z', type: 'status', status },
    ]);
  });

  it('a repeated state, also under another name, is no change; back from resolved is one', async () => {
    const states = ['New', 'Active', 'Active', 'Resolved', 'Resolved', 'Active', 'Closed'];
    const ticket = await only(
      ...states.map((state, index) =>
        row({ incident_state: state, sys_mod_count: `${index}`, sys_updated_at: `29-02-2016 02:0${index}` }),
      ),
    );
    const statuses = ticket?.history.flatMap((entry) =>
      entry.type === 'status' ? [`${entry.at.slice(14, 16)} ${entry.status}`] : [],
    );
    expect(statuses).toEqual(['00 open', '03 resolved', '05 open', '06 closed']);
  });

  it('rows of one minute are in the order of sys_mod_count, as numbers', async () => {
    const ticket = await only(
      row({ incident_state: 'Resolved', sys_mod_count: '10' }),
      row({ incident_state: 'New', sys_mod_count: '9' }),
    );
    expect(ticket?.history.flatMap((entry) => (entry.type === 'status' ? entry.status : []))).toEqual([
      'open',
      'resolved',
    ]);
  });

  it('an assignment is noted when group or assignee differ, null for ?', async () => {
    const ticket = await only(
      row({ assignment_group: '?', assigned_to: '?' }),
      row({ assignment_group: 'Group 1', assigned_to: '?', sys_updated_at: '29-02-2016 02:00', sys_mod_count: '1' }),
      row({
        assignment_group: 'Group 1',
        assigned_to: 'Resolver 2',
        sys_updated_at: '29-02-2016 03:00',
        sys_mod_count: '2',
      }),
      row({
        assignment_group: 'Group 1',
        assigned_to: 'Resolver 2',
        sys_updated_at: '29-02-2016 04:00',
        sys_mod_count: '3',
      }),
      row({ assignment_group: '?', assigned_to: '?', sys_updated_at: '29-02-2016 05:00', sys_mod_count: '4' }),
    );
    expect(ticket?.team).toBeNull();
    expect(ticket?.history.filter(({ type }) => type === 'assigned')).toEqual([
      { at: '2016-02-29T02:00:00.000Z', type: 'assigned', team: 'Group 1', assignee: null },
      { at: '2016-02-29T03:00:00.000Z', type: 'assigned', team: 'Group 1', assignee: 'Resolver 2' },
      { at: '2016-02-29T05:00:00.000Z', type: 'assigned', team: null, assignee: null },
    ]);
  });

  it('creation is the first row when that is older than the opening', async () => {
    expect((await only(row({ opened_at: '29-02-2016 09:00' })))?.createdAt).toBe('2016-02-29T01:23:00.000Z');
  });

  it('customer is of the first row, priority of the last', async () => {
    const ticket = await only(
      row({ location: 'Location 1', priority: '1 - Critical' }),
      row({ location: 'Location 2', priority: '2 - High', sys_updated_at: '01-03-2016 00:00', sys_mod_count: '1' }),
    );
    expect(ticket).toMatchObject({ customer: 'Location 1', priority: 'high' });
  });

  it('? is null, and words fall back to what is known', async () => {
    const unknown = await only(
      row({ location: '?', caller_id: '?', category: '?', subcategory: '?', u_symptom: '?', contact_type: '?' }),
    );
    expect(unknown).toMatchObject({
      customer: null,
      requester: null,
      subject: 'INC1',
      channel: 'api',
      description: 'Symptom: unknown\nCategory: unknown\nSubcategory: unknown',
    });
    expect(await only(row({ subcategory: '?' }))).toMatchObject({ subject: 'Category 55' });
  });

  it.each([
    ['Phone', 'phone'],
    ['Email', 'email'],
    ['Self service', 'web'],
    ['IVR', 'phone'],
    ['Direct opening', 'web'],
  ])('contact type %s is channel %s', async (type, channel) => {
    expect(await only(row({ contact_type: type }))).toMatchObject({ channel });
  });
});

it('any order of the rows in the file gives the same payload', async () => {
  const [header = '', ...lines] = readFileSync(REAL_LOG, 'utf8').trimEnd().split('\n').slice(0, 120);
  const ties = [0, 1, 2].map((n) =>
    lines
      .slice(0, 1)
      .map((line) => line.replace('Group 56', `Group ${n}`))
      .join(''),
  );
  const rows = [...lines, ...ties];
  const expected = await ticketsOf(logFile(header, ...rows));
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray(rows, { minLength: rows.length }), async (shuffled) => {
      expect(await ticketsOf(logFile(header, ...shuffled))).toEqual(expected);
    }),
    { numRuns: 30 },
  );
});
