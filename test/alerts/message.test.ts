import * as fc from 'fast-check';
import { type Alert, alertSchema, severities } from '../../functions/alerts/domain/alert.ts';
import { ticketLinks } from '../../functions/alerts/domain/letter.ts';
import { messageFor as letterFor } from '../../functions/alerts/domain/message.ts';
import { gsmLength } from '../../functions/alerts/domain/plain-text.ts';
import { lateness } from '../../functions/alerts/domain/words.ts';

const alert = (change: Partial<Alert> = {}): Alert =>
  alertSchema.parse({
    id: 'alt_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    kind: 'sla.breach',
    severity: 'critical',
    ticketId: 'tkt_1',
    ticketNumber: 'T-12',
    subject: 'Database is down',
    teamId: 'tem_1',
    customerId: 'cus_1',
    cycle: 1,
    level: 0,
    metric: 'firstResponse',
    at: '2026-03-01T09:30:00.000Z',
    claimedAt: '2026-03-01T09:32:05.000Z',
    state: 'raised',
    version: 1,
    ...change,
  });

const messageFor = (channel: 'email' | 'sms', of: Alert, link = '') =>
  letterFor(channel, { kind: 'alert', alert: of }, ticketLinks(link));

it('an e-mail says what, whose, since when, how late and what next', () => {
  expect(messageFor('email', alert())).toEqual({
    subject: '[critical] T-12: first response overdue',
    text: [
      'The first response on ticket T-12 is overdue.',
      '',
      'What:     T-12 "Database is down"',
      'Severity: critical',
      'Due:      2026-03-01 09:30 UTC',
      'Late:     2 min when this was noticed (2026-03-01 09:32 UTC)',
      'Team:     tem_1',
      'Customer: cus_1',
      '',
      'Next step: send the customer a public reply now, or hand the ticket to somebody who can.',
      '',
      'Ticket tkt_1, alert alt_01J8Z0K3V5W7Y9ABCDEFGHJKMN. The same alert id twice is the same alert.',
    ].join('\n'),
  });
});

it('an SMS is one line with number, metric and how late, without the subject', () => {
  expect(messageFor('sms', alert())).toEqual({
    subject: null,
    text: 'CRITICAL T-12: first response overdue, 2 min late, due 2026-03-01 09:30 UTC. Reply or hand over now.',
  });
});

it('names, assignee and the address of the ticket are told when they are known', () => {
  const named = alert({ teamName: 'Databases', customerName: 'Acme GmbH', assignee: 'Ada' });
  const { text } = messageFor('email', named, 'https://desk.example/t/{ticketId}');
  expect(text.split('\n')).toEqual(
    expect.arrayContaining([
      'Team:     Databases',
      'Assignee: Ada',
      'Customer: Acme GmbH',
      'Ticket:    https://desk.example/t/tkt_1',
    ]),
  );
  expect(messageFor('sms', named, 'https://desk.example/t/{ticketId}').text).toBe(
    'CRITICAL T-12 (Databases): first response overdue, 2 min late, due 2026-03-01 09:30 UTC. Reply or hand over now. https://desk.example/t/tkt_1',
  );
  expect(messageFor('sms', named, `https://desk.example/${'a'.repeat(90)}/{ticketId}`).text).not.toContain('https');
});

it('a warning says when it is due and how long is left', () => {
  const warning = alert({
    kind: 'sla.warning',
    metric: 'resolution',
    at: '2026-03-01T09:30:00.000Z',
    deadline: '2026-03-01T10:00:00.000Z',
    claimedAt: '2026-03-01T09:30:04.000Z',
  });
  expect(messageFor('email', warning)).toMatchObject({
    subject: '[critical] T-12: resolution due in 29 min',
    text: expect.stringMatching(
      /^The resolution on ticket T-12 is due in 29 min\.[^]*Due: {6}2026-03-01 10:00 UTC\nLeft: {5}29 min when this/,
    ),
  });
  expect(messageFor('sms', warning).text).toBe(
    'CRITICAL T-12: resolution due in 29 min, at 2026-03-01 10:00 UTC. Reply or hand over in time.',
  );
});

it.each([
  ['2026-03-01T08:00:00.000Z', 'escalation level 2: overdue', 'is overdue', 'overdue (escalation 2), 1 h 30 min late'],
  ['2026-03-01T10:00:00.000Z', 'escalation level 2: due in 30 min', 'is due in 30 min', 'due in 30 min (escalation 2)'],
])(
  'an escalation of a deadline at %s says its level and how late or how long before',
  (deadline, subject, text, sms) => {
    const at = '2026-03-01T09:30:00.000Z';
    const escalation = alert({ kind: 'sla.escalation', level: 2, at, deadline, claimedAt: at });
    expect(messageFor('email', escalation)).toMatchObject({
      subject: `[critical] T-12: first response ${subject}`,
      text: expect.stringContaining(`Escalation level 2: the first response on ticket T-12 ${text}.`),
    });
    expect(messageFor('sms', escalation).text).toContain(sms);
  },
);

it.each([
  [1, '2nd'],
  [2, '3rd'],
  [3, '4th'],
  [10, '11th'],
  [11, '12th'],
  [20, '21st'],
])('a level that is told again says the how manieth time it is: repetition %i', (repetition, time) => {
  const deadline = '2026-03-01T08:00:00.000Z';
  const at = '2026-03-01T09:30:00.000Z';
  const escalation = alert({ kind: 'sla.escalation', level: 2, repetition, at, deadline, claimedAt: at });
  expect(messageFor('email', escalation)).toMatchObject({
    subject: `[critical] T-12: first response escalation level 2, ${time} time: overdue`,
    text: expect.stringContaining(`Escalation level 2, ${time} time: the first response on ticket T-12 is overdue.`),
  });
  expect(messageFor('sms', escalation).text).toBe(
    `CRITICAL T-12: first response overdue (escalation 2, ${time} time), 1 h 30 min late, due 2026-03-01 08:00 UTC. Reply or hand over now.`,
  );
});

it('the longest of them is one text message yet', () => {
  const longest = alert({
    kind: 'sla.escalation',
    ticketNumber: 'T-1234567',
    teamName: 'x'.repeat(80),
    level: 10,
    repetition: 20,
    deadline: '2025-03-01T09:31:00.000Z',
  });
  const { text } = messageFor('sms', longest);
  expect(gsmLength(text)).toBeLessThanOrEqual(160);
  expect(text).toContain('(escalation 10, 21st time)');
});

it.each([
  [0, 'less than 1 min'],
  [59.9, 'less than 1 min'],
  [60, '1 min'],
  [3600, '1 h'],
  [3900, '1 h 5 min'],
  [90_061, '1 d 1 h'],
  [86_460, '1 d'],
  [-5, 'less than 1 min'],
])('%d s late is %s', (seconds, words) => {
  expect(lateness(seconds)).toBe(words);
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.constantFrom(
    'line\r\nBcc: everybody@example.com\r\n\r\nYou won',
    '👩‍👩‍👧‍👦🔥'.repeat(80),
    '\u202Etxt.exe\u202C\u2028\u0085\u0000',
    '[{^}]~|\\€'.repeat(40),
    'a'.repeat(10_000),
    '\ud800',
  ),
);

it('nothing in a ticket breaks the limits of SNS or the lines of a message', () => {
  fc.assert(
    fc.property(
      hostile,
      hostile,
      hostile,
      fc.constantFrom(...severities),
      (subject, ticketNumber, metric, severity) => {
        const odd = alert({ subject, ticketNumber, metric, severity });
        const email = messageFor('email', odd);
        expect(email.subject).toMatch(/^[\x21-\x7e](?:[\x20-\x7e]{0,97}[\x21-\x7e])?$/);
        const { text } = messageFor('sms', { ...odd, teamName: subject }, `https://desk.example/${metric}/{ticketId}`);
        expect(text).toMatch(/^[A-Za-z0-9 @$_!"#%&'()*+,\-./:;<=>?[\]]+$/);
        expect(gsmLength(text)).toBeLessThanOrEqual(160);
        const quoted = messageFor('email', alert({ subject }));
        expect(quoted.text.split('\n')).toHaveLength(12);
        expect(quoted.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2028\u2029]/);
        expect(Buffer.byteLength(quoted.text)).toBeLessThan(262_144);
      },
    ),
  );
});

it('a text message never carries the subject of the ticket', () => {
  const secret = 'zzqx';
  expect(messageFor('sms', alert({ subject: secret })).text).not.toContain(secret);
  expect(messageFor('email', alert({ subject: secret })).subject).not.toContain(secret);
});
