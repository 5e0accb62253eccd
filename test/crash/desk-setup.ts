import type { QuietHours } from '../../functions/alerts/domain/wanted-times.ts';
import type { Recipient, StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import type { Level, Policy } from '../../functions/sla/domain/policy.ts';
import type { Metric, Priority } from '../../functions/sla/domain/timeline.ts';
import { policyVersionKind } from '../../functions/sla/item-kinds.ts';
import { everySecond } from '../../functions/sla/domain/calendar.ts';
import type { Chance } from '../sla/reference/chance.ts';
import type { MemoryTable } from './memory-table.ts';

export const customerId = 'cus_00000000000000000000000001';
export const teamId = 'tem_00000000000000000000000001';
const managerId = 'agt_00000000000000000000000001';
const calendar = { id: 'cal_EVER', version: 1 };
const born = '2026-01-01T00:00:00.000Z';
const everything = { severity: [], kind: [], teamId: [], customerId: [] };

const quietHours: QuietHours = {
  timezone: 'Europe/Berlin',
  from: '22:00',
  to: '07:00',
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  except: ['critical'],
};

/** Subscriptions that a desk may have; those with a route of another are of the same address. */
const subscriptions: readonly Recipient[] = [
  { id: 'sub_PLAIN', channel: 'email', route: 'sub_PLAIN', filter: everything },
  { id: 'sub_TWIN1', channel: 'email', route: 'sub_TWIN', filter: everything },
  { id: 'sub_TWIN2', channel: 'email', route: 'sub_TWIN', filter: { ...everything, severity: ['critical', 'high'] } },
  { id: 'sub_QUIET', channel: 'email', route: 'sub_QUIET', filter: everything, quietHours },
  { id: 'sub_HOURLY', channel: 'email', route: 'sub_HOURLY', filter: everything, digest: 'hourly' },
  {
    id: 'sub_DAILY',
    channel: 'email',
    route: 'sub_DAILY',
    filter: { ...everything, kind: ['sla.breach'] },
    digest: 'daily',
    digestAt: { time: '08:00', timezone: 'UTC' },
  },
  { id: 'sub_BOTH', channel: 'email', route: 'sub_BOTH', filter: everything, digest: 'hourly', quietHours },
  { id: 'sub_SMS', channel: 'sms', route: 'sub_SMS', filter: everything },
  { id: 'sub_BOSS', channel: 'email', route: 'sub_BOSS', filter: everything, agentId: managerId },
];
const stageRecipient: StageRecipient = {
  id: 'sub_stage',
  channel: 'email',
  target: 'a@desk.example',
  filter: { ...everything, kind: ['sla.breach', 'sla.escalation'] },
};

export interface Plan {
  readonly policy: Policy;
  readonly recipients: readonly Recipient[];
  readonly stage: readonly StageRecipient[];
  readonly managerId: string;
}

const metricsOf = (chance: Chance): Metric[] =>
  chance.some(['firstResponse', 'nextResponse', 'resolution'] as const, 0.7);

const levelOf = (chance: Chance): Level => ({
  metrics: metricsOf(chance),
  offsetSeconds: chance.of([-600, -120, 60, 300, 1800, 7200]),
  targets: [chance.of(['topic', 'topic', 'manager', 'assignee'] as const)],
  // No repetition meets the offset of another one, nor the deadline.
  repeat: chance.is(0.3) ? { everySeconds: chance.of([340, 1010] as const), times: chance.between(1, 3) } : null,
});

const promised = (chance: Chance, minutes: readonly number[]) => {
  const seconds = (): number => chance.of(minutes) * 60;
  const of = (): { seconds: number; calendar: typeof calendar } => ({ seconds: seconds(), calendar });
  return { critical: of(), high: of(), normal: of(), low: of() } satisfies Record<Priority, unknown>;
};

/** A desk with a policy and subscriptions that chance has chosen. */
export const planOf = (chance: Chance): Plan => {
  const levels = Array.from({ length: chance.between(0, 3) }, () => levelOf(chance));
  const distinct = [...new Map(levels.map((level) => [level.offsetSeconds, level])).values()];
  const policy: Policy = {
    id: 'slp_ONE',
    version: 1,
    name: 'One',
    isDefault: true,
    enabled: true,
    conditions: { customerId: [], tier: [], type: [], priority: [], serviceId: [], teamId: [], channel: [] },
    effectiveFrom: null,
    effectiveUntil: null,
    calendarId: calendar.id,
    targets: {
      firstResponse: promised(chance, [5, 15, 30, 60]),
      ...(chance.is(0.6) ? { nextResponse: promised(chance, [10, 20, 45]) } : {}),
      resolution: promised(chance, [45, 60, 120, 240]),
    },
    pausedBy: { resolution: ['waiting_customer'] },
    warnings: chance.some([50, 75, 90], 0.4),
    levels: distinct.sort((a, b) => a.offsetSeconds - b.offsetSeconds),
  };
  const routes = new Set(chance.some([...new Set(subscriptions.map(({ route }) => route))], 0.4));
  const stage = chance.is(0.5) || routes.size === 0 ? [stageRecipient] : [];
  const own = subscriptions.filter(({ route }) => routes.has(route));
  return {
    policy,
    stage,
    managerId,
    recipients: [...stage.map(({ id, channel, filter }) => ({ id, channel, route: id, filter })), ...own],
  };
};

/** Puts the desk's records into an empty table. */
export const furnish = (table: MemoryTable, { policy, recipients, stage }: Plan): void => {
  const kept = { version: 1, createdAt: born, updatedAt: born, chain: '' };
  table.put({ PK: 'SYS#sla', SK: 'BOOK', policies: [{ id: policy.id, version: 1 }], version: 1 });
  table.put({ ...policy, ...policyVersionKind.stamp, PK: `SLP#${policy.id}`, SK: 'V#00000001' });
  table.put({ PK: `CAL#${calendar.id}`, SK: 'V#00000001', ...calendar, rules: everySecond });
  table.put({ PK: `CUS#${customerId}`, SK: 'H', id: customerId, name: 'Acme', tier: 'standard', ...kept });
  table.put({ PK: `TEM#${teamId}`, SK: 'H', id: teamId, name: 'Support', ...kept });
  table.put({
    PK: `AGT#${managerId}`,
    SK: 'H',
    id: managerId,
    name: 'Boss',
    email: null,
    teamId: null,
    role: 'manager',
    subject: null,
    queue: 'L#agent',
    queueSort: 'Boss',
    ...kept,
  });
  const ofStage = new Set(stage.map(({ id }) => id));
  for (const one of recipients.filter(({ id }) => !ofStage.has(id))) {
    table.put({
      PK: 'SUBSCRIPTIONS',
      SK: one.id,
      target: `${one.id}@desk.example`,
      state: 'live',
      createdAt: born,
      version: 1,
      schema: 2,
      ...one,
    });
  }
};
