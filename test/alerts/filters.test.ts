import { type Alert, alertSchema } from '../../functions/alerts/domain/alert.ts';
import { plannedDeliveries } from '../../functions/alerts/domain/delivery.ts';
import { type AlertFilter, type Channel, matches } from '../../functions/alerts/domain/subscription.ts';

const alert = (change: Partial<Alert>): Alert =>
  alertSchema.parse({
    id: 'alt_1',
    kind: 'sla.breach',
    severity: 'high',
    ticketId: 'tkt_1',
    ticketNumber: 'T-1',
    subject: 's',
    metric: 'resolution',
    cycle: 1,
    level: 0,
    at: '',
    claimedAt: '',
    state: 'raised',
    version: 1,
    ...change,
  });
const filter = (change: Partial<AlertFilter> = {}): AlertFilter => ({
  severity: [],
  kind: [],
  teamId: [],
  customerId: [],
  ...change,
});

it.each<[Channel, Partial<AlertFilter>, Partial<Alert>, boolean]>([
  ['email', {}, { severity: 'low' }, true],
  ['email', { severity: ['critical', 'high'] }, { severity: 'high' }, true],
  ['email', { severity: ['critical'] }, { severity: 'high' }, false],
  ['email', { kind: ['sla.breach'] }, {}, true],
  ['email', { kind: ['sla.warning'] }, {}, false],
  ['email', { teamId: ['tem_1'] }, { teamId: 'tem_1' }, true],
  ['email', { teamId: ['tem_1'] }, { teamId: 'tem_2' }, false],
  ['email', { teamId: ['tem_1'] }, { teamId: null }, false],
  ['email', { customerId: ['cus_1', 'cus_2'] }, { customerId: 'cus_2' }, true],
  ['email', { customerId: ['cus_1'] }, { customerId: null }, false],
  ['email', { severity: ['high'], teamId: ['tem_1'] }, { teamId: 'tem_1' }, true],
  ['email', { severity: ['low'], teamId: ['tem_1'] }, { teamId: 'tem_1' }, false],
  ['sms', {}, { severity: 'critical' }, true],
  ['sms', {}, { severity: 'high' }, false],
  ['sms', { severity: ['high'] }, { severity: 'high' }, true],
  ['sms', { severity: ['high'] }, { severity: 'critical' }, false],
  ['sms', { teamId: ['tem_1'] }, { severity: 'critical', teamId: 'tem_2' }, false],
])('%s with %j and an alert %j: %s', (channel, wanted, change, expected) => {
  expect(matches({ channel, filter: filter(wanted) }, alert(change))).toBe(expected);
});

it('subscriptions of one address that match together are one delivery', () => {
  const recipient = (id: string, route: string, wanted: Partial<AlertFilter> = {}) => ({
    id,
    route,
    channel: 'email' as const,
    filter: filter(wanted),
  });
  const recipients = [
    recipient('sub_1', 'r1'),
    recipient('sub_2', 'r2'),
    recipient('sub_3', 'r1'),
    recipient('sub_4', 'r1', { severity: ['low'] }),
  ];
  expect(plannedDeliveries(alert({}), recipients)).toEqual([
    { route: 'r1', channel: 'email', subscriptionIds: ['sub_1', 'sub_3'], state: 'waiting', attempts: 0 },
    { route: 'r2', channel: 'email', subscriptionIds: ['sub_2'], state: 'waiting', attempts: 0 },
  ]);
});
