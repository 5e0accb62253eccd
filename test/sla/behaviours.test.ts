import { agent, always, at, Book, bot, Life, office, requester } from './life.ts';

/** What must hold of clocks, where other desks have long threads about it. The 2nd of March 2026 is a Monday. */

const hourly = { targets: { firstResponse: 60, resolution: 240 } };
const officeHours = { ...hourly, calendar: office };

describe('business hours', () => {
  test('count, not the wall clock: Friday 16:30 and an hour is Monday 9:30', () => {
    const life = new Life(officeHours, '2026-03-06 16:30');
    expect(life.clock('2026-03-06 16:31', 'firstResponse')).toMatchObject({ due: '2026-03-09 09:30', minutes: 1 });
    expect(life.clock('2026-03-08 12:00', 'firstResponse')).toMatchObject({ state: 'running', minutes: 30 });
  });

  test('due exactly at closing stays at closing', () => {
    expect(new Life(officeHours, '2026-03-06 16:00').clock('2026-03-06 16:00', 'firstResponse')).toMatchObject({
      due: '2026-03-06 17:00',
    });
  });

  test('24/7 loses no minute at midnight', () => {
    const life = new Life({ targets: { firstResponse: 3 * 1440 }, calendar: always }, '2026-03-02 23:59');
    expect(life.clock('2026-03-05 00:01', 'firstResponse')).toMatchObject({
      due: '2026-03-05 23:59',
      minutes: 2 * 1440 + 2,
    });
  });

  test('several windows a day, and windows that touch at midnight, are what they look like', () => {
    const night = {
      ...office,
      hours: {
        mon: [
          ['09:00', '12:00'],
          ['13:00', '15:00'],
          ['22:00', '24:00'],
        ],
        tue: [['00:00', '06:00']],
      },
    } as never;
    const life = new Life({ targets: { firstResponse: 8 * 60 }, calendar: night }, '2026-03-02 11:00');
    // 1 h to noon, 2 h in the afternoon, 2 h to midnight, 3 h after it.
    expect(life.clock('2026-03-02 11:00', 'firstResponse')?.due).toBe('2026-03-03 03:00');
  });

  test('the day on which clocks are set forward is an hour shorter, that on which they are set back an hour longer', () => {
    const spring = new Life(
      { targets: { firstResponse: 24 * 60 }, calendar: { ...always, timezone: 'Europe/Berlin' } },
      '2026-03-28T22:00:00Z',
    );
    expect(spring.clock('2026-03-29T10:00:00Z', 'firstResponse')).toMatchObject({
      due: '2026-03-30 00:00',
      minutes: 720,
    });
    const night = { ...office, hours: { sun: [['00:00', '06:00']] } } as never;
    const autumn = new Life({ targets: { firstResponse: 7 * 60 }, calendar: night }, '2026-10-24T22:00:00Z');
    // 0:00 to 6:00 of that night are seven hours.
    expect(autumn.clock('2026-10-25T05:00:00Z', 'firstResponse')).toMatchObject({
      due: '2026-10-25 06:00',
      minutes: 420,
    });
  });

  test('history is evaluated with the offset of its own date', () => {
    const winter = new Life(officeHours, '2026-01-12T07:30:00Z');
    const summer = new Life(officeHours, '2026-07-13T07:30:00Z');
    // 8:30 in winter, before opening; 9:30 in summer, half an hour after it. Both looked at today.
    expect(winter.clock('2026-11-26T00:00:00Z', 'firstResponse')?.due).toBe('2026-01-12 10:00');
    expect(summer.clock('2026-11-26T00:00:00Z', 'firstResponse')?.due).toBe('2026-07-13 10:30');
  });
});

describe('responses', () => {
  test.each(['email', 'web', 'chat', 'phone', 'api'] as const)('a public reply by %s is one', (channel) => {
    const life = new Life(hourly, '2026-03-02 10:00').reply('2026-03-02 10:20', { channel });
    expect(life.clock('2026-03-02 12:00', 'firstResponse')).toMatchObject({ state: 'met', minutes: 20 });
  });

  test('an outbound call is one, from its beginning, however late it is written down', () => {
    const life = new Life(hourly, '2026-03-02 10:00').call('2026-03-02 11:20', 'outbound', '2026-03-02 10:50');
    expect(life.told).toEqual(['breached firstResponse 1 2026-03-02 11:00']);
    expect(life.clock('2026-03-02 12:00', 'firstResponse')).toMatchObject({
      state: 'met',
      stopped: '2026-03-02 10:50',
    });
  });

  test('internal notes, bots and automatic replies are none', () => {
    const life = new Life(hourly, '2026-03-02 10:00')
      .reply('2026-03-02 10:05', { visibility: 'internal' })
      .reply('2026-03-02 10:06', { by: bot })
      .reply('2026-03-02 10:07', { automatic: true });
    expect(life.clock('2026-03-02 10:30', 'firstResponse')).toMatchObject({ state: 'running', minutes: 30 });
  });

  test('opening a ticket on the customer’s behalf is none, nor is writing down the customer’s word', () => {
    const life = new Life(hourly, '2026-03-02 10:00', { by: agent }).reply('2026-03-02 10:10', { onBehalfOf: 'ctc_1' });
    expect(life.clock('2026-03-02 10:30', 'firstResponse')).toMatchObject({ state: 'running' });
  });

  test('replying once is enough, whatever comes after', () => {
    const life = new Life(hourly, '2026-03-02 10:00')
      .reply('2026-03-02 10:20')
      .reply('2026-03-02 15:00')
      .status('2026-03-02 15:30', 'waiting_vendor');
    expect(life.clock('2026-03-03 10:00', 'firstResponse')).toMatchObject({ state: 'met', minutes: 20 });
  });

  test('the next response counts from the oldest message that nobody answered, each waiting message once', () => {
    const promise = { targets: { firstResponse: 60, nextResponse: 30 } };
    const life = new Life(promise, '2026-03-02 10:00')
      .customer('2026-03-02 10:05')
      .reply('2026-03-02 10:10')
      .customer('2026-03-02 11:00')
      .customer('2026-03-02 11:20')
      .reply('2026-03-02 11:25')
      .customer('2026-03-02 12:00')
      .look('2026-03-02 13:00')
      .look('2026-03-02 14:00');
    expect(life.clock('2026-03-02 13:00', 'nextResponse', 1)).toMatchObject({ state: 'met', minutes: 25 });
    expect(life.clock('2026-03-02 13:00', 'nextResponse', 2)).toMatchObject({
      state: 'breached',
      due: '2026-03-02 12:30',
    });
    expect(life.told).toEqual(['breached nextResponse 2 2026-03-02 12:30']);
  });

  test('an automatic answer of the customer waits for nothing and reopens nothing', () => {
    const promise = { targets: { firstResponse: 60, nextResponse: 30, resolution: 240 } };
    const life = new Life(promise, '2026-03-02 10:00')
      .reply('2026-03-02 10:10')
      .status('2026-03-02 10:20', 'resolved')
      .reply('2026-03-02 10:21', { by: requester, automatic: true });
    expect(life.state.ticket.status).toBe('resolved');
    expect(life.clock('2026-03-02 12:00', 'nextResponse')).toBeNull();
  });
});

describe('resolving and reopening', () => {
  test('clocks stop on resolve, even if the customer wrote last', () => {
    const promise = { targets: { firstResponse: 60, nextResponse: 30, resolution: 240 } };
    const life = new Life(promise, '2026-03-02 10:00')
      .reply('2026-03-02 10:10')
      .customer('2026-03-02 10:20')
      .status('2026-03-02 10:30', 'resolved')
      .look('2026-03-04 10:00');
    expect(life.clock('2026-03-04 10:00', 'nextResponse')).toMatchObject({ state: 'cancelled', minutes: 10 });
    expect(life.clock('2026-03-04 10:00', 'resolution')).toMatchObject({ state: 'met', minutes: 30 });
    expect(life.told).toEqual([]);
  });

  test('how late it was stays as it was when it stopped', () => {
    const life = new Life(hourly, '2026-03-02 10:00').status('2026-03-02 15:00', 'resolved');
    expect(life.clock('2026-03-09 10:00', 'resolution')).toMatchObject({ state: 'breached', minutes: 300 });
  });

  test('resolved, then closed, does not change the resolution time', () => {
    const life = new Life(hourly, '2026-03-02 10:00')
      .status('2026-03-02 11:00', 'resolved')
      .status('2026-03-09 11:00', 'closed');
    expect(life.clock('2026-03-10 10:00', 'resolution')).toMatchObject({ stopped: '2026-03-02 11:00', minutes: 60 });
  });

  test('a reopen excludes the time spent resolved, clears the stale due date and does not reset silently', () => {
    const life = new Life(hourly, '2026-03-02 10:00')
      .status('2026-03-02 11:00', 'resolved')
      .status('2026-03-03 11:00', 'open');
    expect(life.clock('2026-03-03 11:30', 'resolution')).toMatchObject({
      state: 'running',
      due: '2026-03-03 14:00',
      minutes: 90,
      stopped: null,
    });
    expect(life.clock('2026-03-03 11:30', 'resolution')?.clock.startedAt).toBe(at('2026-03-02 10:00'));
    expect(life.state.ticket.nextDueAt).toBe(new Date(at('2026-03-03 14:00')).toISOString());
  });

  test('after a bot’s resolve a reopen restarts first response; after a person’s it does not', () => {
    const by = (who: typeof agent) =>
      new Life(hourly, '2026-03-02 10:00').status('2026-03-02 10:10', 'resolved', who).customer('2026-03-03 10:00');
    expect(by(bot).clock('2026-03-03 10:15', 'firstResponse', 1)).toMatchObject({ state: 'cancelled' });
    expect(by(bot).clock('2026-03-03 10:15', 'firstResponse', 2)).toMatchObject({
      state: 'running',
      due: '2026-03-03 11:00',
      minutes: 15,
    });
    expect(by(agent).clock('2026-03-03 10:15', 'firstResponse', 2)).toBeNull();
  });

  test('a resolve without a public reply cancels first response', () => {
    const life = new Life(hourly, '2026-03-02 10:00').status('2026-03-02 10:10', 'resolved');
    expect(life.clock('2026-03-02 12:00', 'firstResponse')).toMatchObject({ state: 'cancelled' });
  });

  test('created already closed: nothing runs, nothing is owed', () => {
    const closed = new Life(hourly, '2026-03-02 10:00').status('2026-03-02 10:00', 'closed').look('2026-03-03 10:00');
    expect(closed.clock('2026-03-03 10:00', 'resolution')).toMatchObject({ state: 'met', minutes: 0 });
    expect(closed.clock('2026-03-03 10:00', 'firstResponse')).toMatchObject({ state: 'cancelled', minutes: 0 });
    expect([closed.told, closed.attention]).toEqual([[], null]);
  });
});

describe('holds', () => {
  test('only the business part of one moves the due date', () => {
    const life = new Life(officeHours, '2026-03-06 16:00')
      .status('2026-03-06 16:30', 'waiting_customer')
      .status('2026-03-09 09:30', 'open');
    // Friday 16:30 to Monday 9:30 is an hour of work.
    expect(life.clock('2026-03-09 09:30', 'resolution')).toMatchObject({ due: '2026-03-09 13:00', minutes: 30 });
  });

  test('waiting time right before a resolve is deducted', () => {
    const life = new Life(hourly, '2026-03-02 10:00')
      .status('2026-03-02 11:00', 'waiting_customer')
      .status('2026-04-13 11:00', 'resolved');
    expect(life.clock('2026-04-14 10:00', 'resolution')).toMatchObject({ state: 'met', minutes: 60 });
  });

  test('created in a waiting status is on hold from second zero', () => {
    const life = new Life(hourly, '2026-03-02 10:00').status('2026-03-02 10:00', 'waiting_customer');
    expect(life.clock('2026-03-02 20:00', 'resolution')).toMatchObject({ state: 'paused', minutes: 0 });
    life.status('2026-03-02 20:00', 'open');
    expect(life.clock('2026-03-02 20:00', 'resolution')).toMatchObject({ due: '2026-03-03 00:00', minutes: 0 });
  });

  test('survive changes of priority', () => {
    const promise = { targets: { resolution: { low: 480, critical: 240 } } };
    const life = new Life(promise, '2026-03-02 10:00', { priority: 'low' })
      .status('2026-03-02 11:00', 'waiting_customer')
      .status('2026-03-02 12:00', 'open')
      .change('2026-03-02 12:30', { priority: 'critical' });
    expect(life.clock('2026-03-02 12:30', 'resolution')).toMatchObject({ due: '2026-03-02 15:00', minutes: 90 });
  });

  test('survive changes of policy, also to one that does not know them', () => {
    const book = new Book(
      { targets: { resolution: 120 }, conditions: { teamId: ['tem_fast'] }, pausedBy: {} },
      { targets: { resolution: 480 } },
    );
    const life = new Life(book, '2026-03-02 10:00')
      .status('2026-03-02 11:00', 'waiting_customer')
      .status('2026-03-02 12:00', 'open')
      .change('2026-03-02 12:10', { teamId: 'tem_fast' });
    expect(life.clock('2026-03-02 12:10', 'resolution')).toMatchObject({ due: '2026-03-02 13:00', minutes: 70 });
    expect(life.clock('2026-03-02 12:10', 'resolution')?.clock.policy.id).toBe('slp_0');
  });

  test('nothing pauses first response by default', () => {
    const life = new Life(hourly, '2026-03-02 10:00').status('2026-03-02 10:10', 'waiting_customer');
    expect(life.clock('2026-03-02 10:30', 'firstResponse')).toMatchObject({ state: 'running', minutes: 30 });
  });
});

describe('warnings and levels', () => {
  test('a warning comes at its share of the target, in business hours', () => {
    const life = new Life({ ...officeHours, targets: { firstResponse: 120 }, warnings: [75] }, '2026-03-06 15:30').look(
      '2026-03-09 09:10',
    );
    // 90 minutes are over at 17:00, when nobody reads it any more: it comes when work begins again, before the deadline.
    expect(life.told).toEqual(['warned firstResponse 1 2026-03-09 09:00']);
    expect(life.clock('2026-03-09 09:10', 'firstResponse')?.due).toBe('2026-03-09 09:30');
  });

  test('levels before and after the deadline fall in business hours: nobody is called at midnight or on a weekend', () => {
    const life = new Life(
      { ...officeHours, targets: { firstResponse: 60 }, levels: [-30, 30, 120] },
      '2026-03-06 16:15',
    )
      .look('2026-03-06 16:50')
      .look('2026-03-10 09:00');
    expect(life.told).toEqual([
      'escalated firstResponse 1 level 1 2026-03-06 16:45',
      'breached firstResponse 1 2026-03-09 09:15',
      'escalated firstResponse 1 level 2 2026-03-09 09:45',
      'escalated firstResponse 1 level 3 2026-03-09 11:15',
    ]);
  });

  test('a second, different escalation is not swallowed; the same one is not repeated', () => {
    const book = new Book({ targets: { firstResponse: 60 }, levels: [30] });
    const life = new Life(book, '2026-03-02 10:00').look('2026-03-02 11:40');
    book.hold({ targets: { firstResponse: 60 }, levels: [30, 90] });
    life.apply('2026-03-02 11:45').look('2026-03-02 13:00').look('2026-03-02 14:00');
    expect(life.told).toEqual([
      'breached firstResponse 1 2026-03-02 11:00',
      'escalated firstResponse 1 level 1 2026-03-02 11:30',
      'escalated firstResponse 1 level 2 2026-03-02 12:30',
    ]);
  });

  test('a desk that looks late tells the breach and no warning that has nothing to say any more', () => {
    const life = new Life({ ...hourly, warnings: [75], levels: [-10, 30] }, '2026-03-02 10:00').look(
      '2026-03-02 12:00',
    );
    expect(life.told).toEqual([
      'breached firstResponse 1 2026-03-02 11:00',
      'escalated firstResponse 1 level 2 2026-03-02 11:30',
    ]);
  });

  test('acknowledging stops escalation, not the breach', () => {
    const life = new Life({ targets: { firstResponse: 60 }, warnings: [75], levels: [30, 60] }, '2026-03-02 10:00')
      .look('2026-03-02 10:50')
      .acknowledge('2026-03-02 10:55', 'firstResponse')
      .look('2026-03-02 14:00');
    expect(life.told).toEqual(['warned firstResponse 1 2026-03-02 10:45', 'breached firstResponse 1 2026-03-02 11:00']);
    expect(life.attention).toBeNull();
  });

  test('merged tickets never escalate', () => {
    const life = new Life({ ...hourly, warnings: [75], levels: [-10, 30] }, '2026-03-02 10:00')
      .merge('2026-03-02 10:30')
      .look('2026-03-05 10:00');
    expect(life.told).toEqual([]);
    expect(life.clock('2026-03-05 10:00', 'resolution')).toMatchObject({ state: 'cancelled', minutes: 30 });
    expect(life.attention).toBeNull();
  });

  test('on hold nothing is told, and what waits moves with the hold', () => {
    const promise = { targets: { resolution: 60 }, warnings: [75], levels: [30] };
    const life = new Life(promise, '2026-03-02 10:00')
      .status('2026-03-02 10:30', 'waiting_customer')
      .look('2026-03-03 10:30');
    expect([life.told, life.attention]).toEqual([[], null]);
    life.status('2026-03-03 10:30', 'open').look('2026-03-03 10:50').look('2026-03-03 12:00');
    expect(life.told).toEqual([
      'warned resolution 1 2026-03-03 10:45',
      'breached resolution 1 2026-03-03 11:00',
      'escalated resolution 1 level 1 2026-03-03 11:30',
    ]);
  });
});

describe('levels that are told again', () => {
  const again = { after: 30, every: 30, times: 3 };

  test('repetitions fall in business hours: on a closing and over a weekend they wait for the next opening', () => {
    const life = new Life({ ...officeHours, targets: { firstResponse: 60 }, levels: [again] }, '2026-03-06 15:00');
    for (const when of ['2026-03-06 16:40', '2026-03-06 23:00', '2026-03-08 12:00', '2026-03-09 09:10'])
      life.look(when);
    expect(life.attention).toBe('2026-03-09 09:30');
    life.look('2026-03-09 09:40').look('2026-03-09 10:10').look('2026-03-12 10:00');
    expect(life.told).toEqual([
      'breached firstResponse 1 2026-03-06 16:00',
      'escalated firstResponse 1 level 1 2026-03-06 16:30',
      'escalated firstResponse 1 level 1 again 1 2026-03-09 09:00',
      'escalated firstResponse 1 level 1 again 2 2026-03-09 09:30',
      'escalated firstResponse 1 level 1 again 3 2026-03-09 10:00',
    ]);
    expect(life.attention).toBeNull();
  });

  test('acknowledging stops the rest, of this clock alone', () => {
    const promise = { targets: { firstResponse: 60, resolution: 60 }, levels: [again] };
    const life = new Life(promise, '2026-03-02 10:00')
      .look('2026-03-02 11:40')
      .look('2026-03-02 12:10')
      .acknowledge('2026-03-02 12:20', 'firstResponse')
      .look('2026-03-02 12:40')
      .look('2026-03-02 13:10');
    expect(life.told.filter((one) => one.includes('firstResponse'))).toEqual([
      'breached firstResponse 1 2026-03-02 11:00',
      'escalated firstResponse 1 level 1 2026-03-02 11:30',
      'escalated firstResponse 1 level 1 again 1 2026-03-02 12:00',
    ]);
    expect(life.told.filter((one) => one.includes('resolution'))).toHaveLength(5);
    expect(life.attention).toBeNull();
  });

  test('a new cycle begins anew, though the one before was acknowledged', () => {
    const promise = { targets: { firstResponse: 60, nextResponse: 60 }, levels: [again] };
    const life = new Life(promise, '2026-03-02 10:00')
      .reply('2026-03-02 10:10')
      .customer('2026-03-02 11:00')
      .look('2026-03-02 12:40')
      .acknowledge('2026-03-02 12:45', 'nextResponse')
      .reply('2026-03-02 14:00')
      .customer('2026-03-02 15:00')
      .look('2026-03-02 16:40')
      .look('2026-03-02 17:10')
      .reply('2026-03-02 17:20')
      .look('2026-03-03 10:00');
    expect(life.told).toEqual([
      'breached nextResponse 1 2026-03-02 12:00',
      'escalated nextResponse 1 level 1 2026-03-02 12:30',
      'breached nextResponse 2 2026-03-02 16:00',
      'escalated nextResponse 2 level 1 2026-03-02 16:30',
      'escalated nextResponse 2 level 1 again 1 2026-03-02 17:00',
    ]);
  });

  test('resolving stops them; a reopened ticket goes on with the next one and tells none twice', () => {
    const life = new Life({ targets: { resolution: 60 }, levels: [again] }, '2026-03-02 10:00')
      .look('2026-03-02 11:40')
      .status('2026-03-02 11:50', 'resolved')
      .look('2026-03-03 10:00');
    expect(life.told).toHaveLength(2);
    life.status('2026-03-03 10:00', 'open').look('2026-03-03 10:15').look('2026-03-03 10:45');
    expect(life.told.slice(2)).toEqual([
      'escalated resolution 1 level 1 again 1 2026-03-03 10:10',
      'escalated resolution 1 level 1 again 2 2026-03-03 10:40',
    ]);
  });

  test('a hold moves those that are left', () => {
    const life = new Life({ targets: { resolution: 60 }, levels: [again] }, '2026-03-02 10:00')
      .look('2026-03-02 11:40')
      .status('2026-03-02 11:45', 'waiting_customer')
      .look('2026-03-02 20:00');
    expect(life.attention).toBeNull();
    life.status('2026-03-03 09:00', 'open').look('2026-03-03 09:20').look('2026-03-03 09:50');
    expect(life.told.slice(1)).toEqual([
      'escalated resolution 1 level 1 2026-03-02 11:30',
      'escalated resolution 1 level 1 again 1 2026-03-03 09:15',
      'escalated resolution 1 level 1 again 2 2026-03-03 09:45',
    ]);
  });

  test('in the night in which clocks are set forward they come an hour of the watch apart, not of the wall', () => {
    const nights = { ...office, hours: { sun: [['00:00', '06:00']], mon: [['00:00', '06:00']] } } as never;
    const promise = { targets: { firstResponse: 60 }, levels: [{ after: 30, every: 60, times: 4 }], calendar: nights };
    const life = new Life(promise, '2026-03-28T22:30:00Z');
    for (let hour = 0; hour < 30; hour += 1) life.look(new Date(Date.UTC(2026, 2, 28, 23 + hour, 45)).toISOString());
    expect(life.told).toEqual([
      'breached firstResponse 1 2026-03-29 01:00',
      'escalated firstResponse 1 level 1 2026-03-29 01:30',
      'escalated firstResponse 1 level 1 again 1 2026-03-29 03:30',
      'escalated firstResponse 1 level 1 again 2 2026-03-29 04:30',
      'escalated firstResponse 1 level 1 again 3 2026-03-29 05:30',
      'escalated firstResponse 1 level 1 again 4 2026-03-30 00:30',
    ]);
  });

  test('a level before the deadline repeats past it, with the same number', () => {
    const levels = [{ after: -30, every: 20, times: 3 }, 20];
    const life = new Life({ targets: { firstResponse: 60 }, levels }, '2026-03-02 10:00');
    for (const when of ['10:35', '10:55', '11:05', '11:15', '11:25', '11:40']) life.look(`2026-03-02 ${when}`);
    expect(life.told).toEqual([
      'escalated firstResponse 1 level 1 2026-03-02 10:30',
      'escalated firstResponse 1 level 1 again 1 2026-03-02 10:50',
      'breached firstResponse 1 2026-03-02 11:00',
      'escalated firstResponse 1 level 1 again 2 2026-03-02 11:10',
      'escalated firstResponse 1 level 2 2026-03-02 11:20',
      'escalated firstResponse 1 level 1 again 3 2026-03-02 11:30',
    ]);
  });

  test('a late look tells the level, and of its repetitions only the last: nobody is called four times in a minute', () => {
    const life = new Life({ targets: { firstResponse: 60 }, levels: [again, 45] }, '2026-03-02 10:00').look(
      '2026-03-02 12:40',
    );
    expect(life.told).toEqual([
      'breached firstResponse 1 2026-03-02 11:00',
      'escalated firstResponse 1 level 1 2026-03-02 11:30',
      'escalated firstResponse 1 level 2 2026-03-02 11:45',
      'escalated firstResponse 1 level 1 again 2 2026-03-02 12:30',
    ]);
    expect(life.attention).toBe('2026-03-02 13:00');
    life.look('2026-03-03 10:00');
    expect(life.told.slice(4)).toEqual(['escalated firstResponse 1 level 1 again 3 2026-03-02 13:00']);
    expect(life.attention).toBeNull();
  });

  test('a repeat that is added and applied makes the next one due, and tells nothing twice', () => {
    const book = new Book({ targets: { firstResponse: 60 }, levels: [30] });
    const life = new Life(book, '2026-03-02 10:00').look('2026-03-02 11:40');
    book.hold({ targets: { firstResponse: 60 }, levels: [again] });
    life.apply('2026-03-02 11:45');
    expect([life.told.length, life.attention]).toEqual([2, '2026-03-02 12:00']);
    life.look('2026-03-02 12:10');
    expect(life.told.slice(1)).toEqual([
      'escalated firstResponse 1 level 1 2026-03-02 11:30',
      'escalated firstResponse 1 level 1 again 1 2026-03-02 12:00',
    ]);
  });
});

describe('breaches go by timestamps', () => {
  test('resolved late before any sweep ran is breached, and resolved in time is met, whatever the sweep did', () => {
    const late = new Life(hourly, '2026-03-02 10:00').reply('2026-03-02 10:10').status('2026-03-02 14:01', 'resolved');
    expect(late.clock('2026-03-03 10:00', 'resolution')?.state).toBe('breached');
    expect(late.told).toEqual(['breached resolution 1 2026-03-02 14:00']);
    const inTime = new Life(hourly, '2026-03-02 10:00')
      .reply('2026-03-02 10:10')
      .status('2026-03-02 14:00', 'resolved')
      .look('2026-03-03 10:00');
    expect(inTime.clock('2026-03-03 10:00', 'resolution')?.state).toBe('met');
    expect(inTime.told).toEqual([]);
  });

  test('a miss is unique per clock and cycle', () => {
    const life = new Life(hourly, '2026-03-02 10:00');
    for (const minute of ['01', '02', '03']) life.look(`2026-03-02 11:${minute}`);
    expect(life.told).toEqual(['breached firstResponse 1 2026-03-02 11:00']);
  });

  test('one that is recorded is not recorded again when a target changes', () => {
    const promise = { targets: { resolution: { critical: 240, low: 480 } } };
    const life = new Life(promise, '2026-03-02 10:00', { priority: 'critical' })
      .look('2026-03-02 14:30')
      .change('2026-03-02 14:40', { priority: 'low' })
      .look('2026-03-02 20:00');
    expect(life.told).toEqual(['breached resolution 1 2026-03-02 14:00']);
    expect(life.clock('2026-03-02 15:00', 'resolution')?.state).toBe('breached');
  });

  test('a target that shrinks into the past is missed at the change, not before it', () => {
    const promise = { targets: { resolution: { critical: 60, low: 480 } } };
    const life = new Life(promise, '2026-03-02 10:00', { priority: 'low' })
      .change('2026-03-02 12:00', { priority: 'critical' })
      .look('2026-03-02 12:01');
    expect(life.told).toEqual(['breached resolution 1 2026-03-02 12:00']);
  });

  test('removing the matching policy cancels due dates and keeps history', () => {
    const book = new Book({ targets: { firstResponse: 60, resolution: 240 } });
    const life = new Life(book, '2026-03-02 10:00').look('2026-03-02 11:30');
    book.hold();
    life.apply('2026-03-02 12:00').look('2026-03-05 10:00');
    expect(life.told).toEqual(['breached firstResponse 1 2026-03-02 11:00']);
    expect(life.clock('2026-03-05 10:00', 'firstResponse')?.state).toBe('breached');
    expect(life.clock('2026-03-05 10:00', 'resolution')).toMatchObject({ state: 'cancelled', minutes: 120 });
    expect(life.attention).toBeNull();
    expect(life.clock('2026-03-02 11:00', 'resolution')).toMatchObject({ state: 'running', due: '2026-03-02 14:00' });
  });

  test('a changed policy reaches running clocks when it is applied, and finished ones never', () => {
    const book = new Book({ targets: { firstResponse: 60, resolution: 240 } });
    const life = new Life(book, '2026-03-02 10:00').reply('2026-03-02 10:50');
    book.hold({ targets: { firstResponse: 30, resolution: 480 } });
    life.change('2026-03-02 11:00', { priority: 'low' });
    expect(life.clock('2026-03-02 11:00', 'resolution')?.due).toBe('2026-03-02 14:00');
    life.apply('2026-03-02 11:10');
    expect(life.clock('2026-03-02 11:10', 'resolution')?.due).toBe('2026-03-02 18:00');
    expect(life.clock('2026-03-02 11:10', 'firstResponse')).toMatchObject({ state: 'met', due: '2026-03-02 11:00' });
  });
});

describe('inside and outside', () => {
  test('the team’s own clock runs from the assignment until it solves or hands over', () => {
    const promise = { targets: { ola: 60 }, pausedBy: { ola: ['waiting_vendor' as const] } };
    const life = new Life(promise, '2026-03-02 10:00')
      .change('2026-03-02 11:00', { teamId: 'tem_1' })
      .status('2026-03-02 11:10', 'waiting_vendor')
      .status('2026-03-02 12:10', 'open')
      .change('2026-03-02 12:40', { teamId: 'tem_2' })
      .look('2026-03-02 13:41');
    expect(life.clock('2026-03-02 13:41', 'ola', 1)).toMatchObject({
      state: 'met',
      minutes: 40,
      due: '2026-03-02 13:00',
    });
    expect(life.clock('2026-03-02 13:41', 'ola', 2)).toMatchObject({ state: 'breached', due: '2026-03-02 13:40' });
    expect(life.told).toEqual(['breached ola 2 2026-03-02 13:40']);
  });

  test('the provider’s clock runs while the ticket waits for the vendor, each time anew', () => {
    const life = new Life({ targets: { provider: 60 } }, '2026-03-02 10:00')
      .status('2026-03-02 11:00', 'waiting_vendor')
      .status('2026-03-02 11:30', 'open')
      .status('2026-03-02 12:00', 'waiting_vendor')
      .status('2026-03-02 13:30', 'resolved');
    expect(life.clock('2026-03-02 14:00', 'provider', 1)).toMatchObject({ state: 'met', minutes: 30 });
    expect(life.clock('2026-03-02 14:00', 'provider', 2)).toMatchObject({ state: 'breached', minutes: 90 });
  });

  test('the first policy that matches is taken, in its order', () => {
    const book = new Book(
      { targets: { firstResponse: 15 }, conditions: { priority: ['critical'], teamId: ['tem_1'] } },
      { targets: { firstResponse: 30 }, conditions: { priority: ['critical'] } },
      { targets: { firstResponse: 60 } },
    );
    const due = (fields: object) =>
      new Life(book, '2026-03-02 10:00', fields).clock('2026-03-02 10:00', 'firstResponse')?.due;
    expect(due({ priority: 'critical', teamId: 'tem_1' })).toBe('2026-03-02 10:15');
    expect(due({ priority: 'critical' })).toBe('2026-03-02 10:30');
    expect(due({ priority: 'low', teamId: 'tem_1' })).toBe('2026-03-02 11:00');
  });
});
