import { alertSchema } from '../../functions/alerts/domain/alert.ts';
import { plannedDeliveries } from '../../functions/alerts/domain/delivery.ts';
import { type AlertInput, raiseAlert } from '../../functions/alerts/index.ts';
import { derivedId } from '../../functions/platform/ids.ts';
import { table, ticket } from './alert-world.ts';

const at = '2026-03-01T09:30:00.000Z';
const breached = ticket();
const breach = { table, ticket: breached, metric: 'firstResponse', cycle: 2, at, claimedAt: at };
const warning: AlertInput = { ...breach, kind: 'sla.warning', level: 0, dueAt: '2026-03-01T10:00:00.000Z', mark: '30' };
const itemOf = (input: AlertInput) => raiseAlert(input).item.Put?.Item ?? {};

it('a breach has the id that it has always had', () => {
  const { alertId } = raiseAlert({ ...breach, kind: 'sla.breach', level: 0 });
  expect(alertId).toBe(derivedId('alt', breached.id, 'firstResponse', '2', '0'));
  expect(raiseAlert({ ...breach, kind: 'sla.breach', level: 0, mark: 'x' }).alertId).toBe(alertId);
});

it('the same mark is the same alert, another mark, kind or cycle is another one', () => {
  const { alertId } = raiseAlert(warning);
  expect(raiseAlert({ ...warning, claimedAt: '2026-03-01T09:31:00.000Z', level: 3 }).alertId).toBe(alertId);
  const others: AlertInput[] = [
    { ...warning, mark: '60' },
    { ...warning, kind: 'sla.escalation' },
    { ...warning, cycle: 3 },
    { ...warning, metric: 'resolution' },
    { ...breach, kind: 'sla.breach', level: 0 },
  ];
  expect(new Set([alertId, ...others.map((input) => raiseAlert(input).alertId)]).size).toBe(others.length + 1);
});

it('of an escalation that is told again says which repetition it is, and of others nothing more than before', () => {
  const escalation: AlertInput = { ...warning, kind: 'sla.escalation', level: 1 };
  expect(itemOf({ ...escalation, repetition: 2 })).toMatchObject({ level: 1, repetition: 2 });
  expect(itemOf({ ...escalation, repetition: 0 })).not.toHaveProperty('repetition');
});

it('keeps the deadline apart from the instant at which it is due itself', () => {
  const named = { ...warning, ticket: { ...breached, teamName: 'Databases', assignee: 'Ada' } };
  expect(itemOf(named)).toMatchObject({ deadline: warning.dueAt, dueAt: '2026-03-01T09:31:00.000Z', assignee: 'Ada' });
  expect(itemOf(warning)).not.toHaveProperty('audience');
  expect(itemOf(warning)).not.toHaveProperty('teamName');
});

describe('an audience', () => {
  const everything = { severity: [], kind: [], teamId: [], customerId: [] };
  const recipient = (id: string, agentId: string | null, filter = {}) => ({
    id,
    route: id,
    channel: 'email' as const,
    filter: { ...everything, ...filter },
    agentId,
  });
  const recipients = [
    recipient('sub_all', null),
    recipient('sub_ada', 'agt_ada'),
    recipient('sub_bob', 'agt_bob'),
    recipient('sub_eve', 'agt_eve', { severity: ['low'] }),
  ];
  const told = (agentIds: string[] | null) => {
    const alert = alertSchema.parse(itemOf({ ...warning, audience: agentIds === null ? null : { agentIds } }));
    return plannedDeliveries(alert, recipients).map(({ route }) => route);
  };

  it.each([
    [null, ['sub_all', 'sub_ada', 'sub_bob']],
    [['agt_ada'], ['sub_ada']],
    [
      ['agt_ada', 'agt_bob', 'agt_nobody'],
      ['sub_ada', 'sub_bob'],
    ],
    [['agt_nobody'], ['sub_all', 'sub_ada', 'sub_bob']],
    [[], ['sub_all', 'sub_ada', 'sub_bob']],
    // What she has lets nothing of this through: it is not lost.
    [['agt_eve'], ['sub_all', 'sub_ada', 'sub_bob']],
    [['agt_eve', 'agt_bob'], ['sub_bob']],
  ])('%j: %j', (agentIds, expected) => {
    expect(told(agentIds)).toEqual(expected);
  });
});
