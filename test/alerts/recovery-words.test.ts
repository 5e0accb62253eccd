import { type Alert, alertSchema, type RecoveryKind, recoveryKinds } from '../../functions/alerts/domain/alert.ts';
import { ticketLinks } from '../../functions/alerts/domain/letter.ts';
import { messageFor } from '../../functions/alerts/domain/message.ts';
import { summaryOf } from '../../functions/alerts/domain/parcel.ts';
import { gsmLength } from '../../functions/alerts/domain/plain-text.ts';
import { matches } from '../../functions/alerts/domain/subscription.ts';
import { wordsOf } from '../../functions/alerts/domain/words.ts';

const alert = (kind: RecoveryKind, change: Partial<Alert> = {}): Alert =>
  alertSchema.parse({
    id: 'alt_01J8Z0K3V5W7Y9ABCDEFGHJKMN',
    kind,
    severity: 'critical',
    ticketId: 'tkt_1',
    ticketNumber: 'T-12',
    subject: 'Restore drill of operations failed',
    metric: 'restoreDrill',
    cycle: 1,
    level: 0,
    at: '2026-03-01T09:30:00.000Z',
    claimedAt: '2026-03-01T09:32:05.000Z',
    happened: 'RPO 9000 s, promised 3600 s; 12 records lost.',
    state: 'raised',
    version: 1,
    ...change,
  });
const letter = (of: Alert) => ({ kind: 'alert' as const, alert: of });
const links = ticketLinks('');

it('an e-mail says what happened, how bad it is, since when, how late and what next', () => {
  expect(messageFor('email', letter(alert('drill.failed', { customerName: 'Cloud operations' })), links)).toEqual({
    subject: '[critical] T-12: restore drill failed',
    text: [
      'A restore drill failed: what was restored is not what was promised, or could not be restored.',
      '',
      'What:     T-12 "Restore drill of operations failed"',
      'Severity: critical',
      'Details:  RPO 9000 s, promised 3600 s; 12 records lost.',
      'Since:    2026-03-01 09:30 UTC',
      'Late:     2 min when this was noticed (2026-03-01 09:32 UTC)',
      'Team:     none yet: nobody owns it',
      'Customer: Cloud operations',
      '',
      'Next step: read the report of the drill, find the check or leg that failed, and run the drill again once it is mended.',
      '',
      'Ticket tkt_1, alert alt_01J8Z0K3V5W7Y9ABCDEFGHJKMN. The same alert id twice is the same alert.',
    ].join('\n'),
  });
});

it('an SMS is one text with number, kind, how long ago and what next', () => {
  const { text, subject } = messageFor('sms', letter(alert('backup.missed')), links);
  expect([subject, text]).toEqual([
    null,
    'CRITICAL T-12: backup missed, 2 min ago, since 2026-03-01 09:30 UTC. Check the plan, back up by hand.',
  ]);
});

it.each(recoveryKinds)('%s fits into one text whole, and has words of its own', (kind) => {
  const late = alert(kind, {
    claimedAt: '2026-05-11T21:32:05.000Z',
    ticketNumber: 'T-1234567',
    teamName: 'Infrastructure night',
  });
  const { text } = messageFor('sms', letter(late), links);
  expect(gsmLength(text)).toBeLessThanOrEqual(160);
  const whole = messageFor('sms', letter(alert(kind)), links).text;
  expect(whole).toMatch(/\.$/);
  const others = recoveryKinds.filter((one) => one !== kind).map((one) => wordsOf(letter(alert(one)), links));
  const mine = wordsOf(letter(alert(kind)), links);
  expect(others.map(({ headline }) => headline)).not.toContain(mine.headline);
  expect(others.map(({ next }) => next)).not.toContain(mine.next);
});

it.each(recoveryKinds)('%s stands in a summary with its words, and a filter lets it through', (kind) => {
  const { id: alertId, customerId: _customerId, ...one } = alert(kind);
  const entry = { ...one, alertId, customer: null };
  const summary = { kind: 'summary' as const, summary: summaryOf('pcl_1', [entry, { ...entry, alertId: 'alt_2' }]) };
  const short = messageFor('email', letter(alert(kind)), links).subject?.split(': ')[1] ?? '?';
  expect(messageFor('email', summary, links).text).toContain(`CRITICAL T-12 ${short} since 2026-03-01 09:30 UTC`);
  const filter = { severity: [], kind: [kind], teamId: [], customerId: [] };
  expect(matches({ channel: 'email', filter }, alert(kind))).toBe(true);
  expect(matches({ channel: 'email', filter: { ...filter, kind: ['sla.breach'] } }, alert(kind))).toBe(false);
});
