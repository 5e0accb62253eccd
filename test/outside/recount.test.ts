import type { Ticket, TimelineEvent } from './desk-reader.ts';
import { contributionsOf, countedIn, figureOf, localDates, nearestRank, series } from './recount.ts';

const wall = (_priority: string, from: number, to: number): number => to - from;

const at = (time: string) => `2026-03-01T${time}:00.000Z`;
const head: Ticket = {
  id: 'tkt_1',
  externalId: null,
  customerId: 'cus_1',
  priority: 'critical',
  status: 'closed',
  teamId: 'tea_2',
  createdAt: at('08:00'),
};

type Step = [time: string, type: string, data: Record<string, unknown>, role?: string];
const timeline = (...steps: Step[]): TimelineEvent[] =>
  (
    [['08:00', 'created', { status: 'new', priority: 'high', teamId: 'tea_1', assigneeId: null }], ...steps] as Step[]
  ).map(([time, type, data, role], index) => ({
    eventId: `e${index}`,
    version: index + 1,
    type: `ticket.${type}`,
    at: at(time),
    actor: { role: role ?? 'agent' },
    data,
  }));
const status = (time: string, from: string, to: string): Step => [
  time,
  from === 'resolved' && to !== 'closed' ? 'reopened' : 'statusChanged',
  { from, to },
];
const of = (kpi: string, ...steps: Step[]) =>
  contributionsOf(head, timeline(...steps), wall).filter((one) => one.kpi === kpi);

describe('first response', () => {
  it('is the first public reply of staff, with team and priority of that moment', () => {
    const found = of(
      'first-response-time',
      ['08:10', 'replied', { visibility: 'public' }, 'requester'],
      ['08:20', 'replied', { visibility: 'internal' }],
      ['08:25', 'replied', { visibility: 'public', onBehalfOf: 'ctc_1' }],
      [
        '08:30',
        'assigned',
        { from: { teamId: 'tea_1', assigneeId: null }, to: { teamId: 'tea_2', assigneeId: 'agt_1' } },
      ],
      ['08:40', 'replied', { visibility: 'public' }],
      ['08:50', 'updated', { changes: { priority: { from: 'high', to: 'critical' } } }],
      ['09:00', 'replied', { visibility: 'public' }],
    );
    expect(found).toEqual([
      {
        kpi: 'first-response-time',
        at: Date.parse(at('08:40')),
        team: 'tea_2',
        customer: 'cus_1',
        priority: 'high',
        value: 2400,
        excluded: null,
      },
    ]);
  });

  it('a resolve without a reply before is left out once, at the first resolve', () => {
    const found = of(
      'first-response-time',
      status('09:00', 'new', 'resolved'),
      status('10:00', 'resolved', 'open'),
      status('11:00', 'open', 'closed'),
    );
    expect(found).toMatchObject([{ at: Date.parse(at('09:00')), team: 'tea_1', value: null, excluded: 'noReply' }]);
  });
});

describe('resolution', () => {
  it('ends at the resolve that stands, without waiting for the customer and without the time resolved before', () => {
    const found = of(
      'resolution-time',
      status('08:10', 'new', 'open'),
      status('08:30', 'open', 'waiting_customer'),
      status('09:30', 'waiting_customer', 'waiting_vendor'),
      status('09:40', 'waiting_vendor', 'resolved'),
      status('12:40', 'resolved', 'open'),
      ['12:45', 'updated', { from: { priority: 'high' }, to: { priority: 'critical' } }],
      status('12:50', 'open', 'waiting_customer'),
      status('13:00', 'waiting_customer', 'resolved'),
      status('15:00', 'resolved', 'closed'),
    );
    expect(found).toMatchObject([
      { at: Date.parse(at('13:00')), priority: 'critical', value: (10 + 20 + 10 + 10) * 60 },
    ]);
  });

  it('a reply of the customer that takes the ticket back ends a wait, and a resolve', () => {
    const back = (time: string, from: string): Step => [
      time,
      'replied',
      { visibility: 'public', status: { from, to: 'open' } },
      'requester',
    ];
    const waited = of(
      'resolution-time',
      status('08:10', 'new', 'waiting_customer'),
      back('09:10', 'waiting_customer'),
      status('09:20', 'open', 'resolved'),
    );
    expect(waited).toMatchObject([{ value: 20 * 60 }]);
    expect(of('resolution-time', status('09:00', 'new', 'resolved'), back('09:10', 'resolved'))).toEqual([]);
  });

  it('closing without a resolve is the resolve; reopened and open again is none', () => {
    expect(of('resolution-time', status('09:00', 'new', 'closed'))).toMatchObject([{ value: 3600 }]);
    expect(of('resolution-time', status('09:00', 'new', 'resolved'), status('09:10', 'resolved', 'open'))).toEqual([]);
  });

  it('counts critical tickets in all, team and customer, and every priority by priority', () => {
    const one = of('resolution-time', status('09:00', 'new', 'closed'))[0];
    if (one === undefined) throw new Error('no contribution');
    const both = [one, { ...one, priority: 'critical', value: 60 }];
    expect(figureOf('resolution-time', 'team', both)).toMatchObject({
      value: 60,
      n: 1,
      numerator: 60,
      excluded: { otherPriority: 1 },
    });
    const cells = series('resolution-time', 'priority', 'day', both, localDates('Etc/UTC'));
    expect(cells.get('2026-03-01 high')).toMatchObject({ value: 3600, n: 1, excluded: {} });
  });
});

it('volume is by creation, with the team, customer and priority of now; none where there is none', () => {
  expect(contributionsOf({ ...head, teamId: null, customerId: null }, timeline(), wall)).toEqual([
    {
      kpi: 'ticket-volume',
      at: Date.parse(at('08:00')),
      team: 'none',
      customer: 'none',
      priority: 'critical',
      value: 1,
      excluded: null,
    },
  ]);
});

it('a figure over nothing has no value', () => {
  expect(figureOf('first-response-time', 'all', [])).toEqual({
    value: null,
    n: 0,
    numerator: 0,
    denominator: 0,
    excluded: {},
    p50: null,
    p90: null,
  });
});

it('percentiles are nearest ranks', () => {
  const ten = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect([
    nearestRank(ten, 0.5),
    nearestRank(ten, 0.9),
    nearestRank([7], 0.9),
    nearestRank([1, 2], 0.9),
    nearestRank([], 0.5),
  ]).toEqual([5, 9, 7, 2, null]);
});

it('days and months are those of the zone, by the offset of their own date', () => {
  const berlin = localDates('Europe/Berlin');
  expect([
    berlin(Date.parse('2016-03-27T22:30:00Z')),
    berlin(Date.parse('2016-03-26T22:30:00Z')),
    berlin(Date.parse('2016-02-29T23:00:00Z')),
  ]).toEqual(['2016-03-28', '2016-03-26', '2016-03-01']);
});

it('time counts round the clock for what is critical, else on working days from 9 to 17', () => {
  const counted = countedIn('Europe/Berlin');
  const [friday, monday] = [Date.parse('2026-03-27T15:30:00Z'), Date.parse('2026-03-30T07:30:00Z')];
  expect(counted('critical', friday, monday)).toBe(64 * 3_600_000);
  // Friday 16:30 to 17:00; clocks are set forward on Sunday; Monday 9:00 to 9:30.
  expect(counted('high', friday, monday)).toBe(3_600_000);
});
