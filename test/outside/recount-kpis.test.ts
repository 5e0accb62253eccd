import { KPIS } from './recount.ts';
import { recountKpis, spansOf } from './recount-kpis.ts';
import { ReplayingDesk } from './replaying-desk.ts';

let desk: ReplayingDesk;
beforeEach(async () => {
  desk = await new ReplayingDesk().start();
  const entry = { type: 'question', subject: '', source: 's', customer: 'Acme', priority: 'critical', team: 'Team' };
  const history = [{ at: '2016-03-02T23:30:00.000Z', type: 'status', status: 'resolved' }];
  await fetch(`${desk.url}/v1/tickets/import`, {
    method: 'POST',
    body: JSON.stringify({ tickets: [{ ...entry, externalId: 'A', createdAt: '2016-03-02T21:30:00.000Z', history }] }),
  });
});
afterEach(() => desk.stop());

const none = { value: null, n: 0, numerator: 0, denominator: 0, excluded: {}, status: 'no_data', percentiles: null };
const volume = { ...none, value: 1, n: 1, numerator: 1, denominator: 1, status: 'met' };
const noReply = { ...none, excluded: { noReply: 1 } };
const resolution = { ...volume, value: 7200, numerator: 7200, percentiles: { p50: 7200, p90: 7150 } };

/** What a right desk answers about the one ticket, in a zone where it was resolved on `resolvedOn`. */
const answer = (
  resolvedOn: string,
  figures = { 'ticket-volume': volume, 'first-response-time': noReply, 'resolution-time': resolution },
) => {
  for (const kpi of KPIS) {
    for (const [groupBy, group] of Object.entries({
      '': 'all',
      '&groupBy=team': 'Team',
      '&groupBy=customer': 'Acme',
      '&groupBy=priority': 'critical',
    })) {
      const day = kpi === 'ticket-volume' ? '2016-03-02' : resolvedOn;
      const put = (query: string, from: string) =>
        desk.answers.set(`/v1/kpis/${kpi}?${query}${groupBy}`, {
          total: figures[kpi],
          series: [{ from, group, figure: figures[kpi] }],
        });
      put('from=2016-03-01&to=2016-04-01&granularity=day', day);
      put('from=2016-02-01&to=2016-05-01&granularity=month', '2016-03-01T00:00:00.000Z');
    }
  }
};

it('agrees with a right desk', async () => {
  answer('2016-03-02');
  const { table, differences } = await recountKpis({ url: desk.url, token: 't' });
  expect(differences).toEqual([]);
  expect(table).toContainEqual({
    kpi: 'resolution-time',
    grouping: 'team',
    cells: 2,
    groupsWithData: 1,
    total: 7200,
    n: 1,
    excluded: '{}',
  });
});

it('counts by the days of the reporting zone', async () => {
  answer('2016-03-03');
  const { differences } = await recountKpis({ url: desk.url, token: 't' }, { zone: 'Europe/Berlin' });
  expect(differences.filter((text) => !text.includes('month'))).toEqual([]);
});

it.each([
  ['a mean', { value: 7201 }, 'value: recount 7200, desk 7201'],
  ['a count', { n: 2 }, 'n: recount 1, desk 2'],
  ['an exclusion', { excluded: { noReply: 1 } }, 'excluded: recount , desk noReply 1'],
  ['a percentile', { percentiles: { p50: 7200, p90: 7000 } }, 'p90: recount 7200, desk 7000'],
])('finds %s that is wrong', async (_, wrong, message) => {
  answer('2016-03-02', {
    'ticket-volume': volume,
    'first-response-time': noReply,
    'resolution-time': { ...resolution, ...wrong } as typeof resolution,
  });
  const { differences } = await recountKpis({ url: desk.url, token: 't' });
  expect(differences).toContain(`resolution-time by team, day 2016-03-02 Team ${message}`);
  expect(differences.every((text) => text.startsWith('resolution-time'))).toBe(true);
});

it('finds a figure in the wrong period, twice: as missing and as made up', async () => {
  answer('2016-03-05');
  const text = (await recountKpis({ url: desk.url, token: 't' })).differences.join('\n');
  expect(text).toContain('resolution-time by all, day 2016-03-05 all: the recount has nothing, desk n 1');
  expect(text).toContain('resolution-time by all, day 2016-03-02 all: recount n 1, desk answers nothing');
});

it('asks days only for months with data, and months over the whole time in spans of two years', () => {
  expect(spansOf(['2016-02-03', '2016-02-29', '2018-03-01'])).toEqual([
    { from: '2016-02-01', to: '2016-03-01', granularity: 'day' },
    { from: '2018-03-01', to: '2018-04-01', granularity: 'day' },
    { from: '2016-01-01', to: '2018-01-01', granularity: 'month' },
    { from: '2018-01-01', to: '2018-05-01', granularity: 'month' },
  ]);
  expect(spansOf([])).toEqual([]);
});
