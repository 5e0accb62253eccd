import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import {
  contribution,
  deliverAll,
  type Engine,
  eventRecord,
  InjectedCrash,
  type KpiDesk,
  kpiDesk,
  record,
  startEngine,
} from './kpi-desk.ts';

let engine: Engine;
let desk: KpiDesk;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  desk = await kpiDesk(engine);
});

const facts = async () => (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('F#'));
const marks = async () => (await desk.items(desk.names.kpis)).filter(({ PK }) => PK.startsWith('DIRTY#'));

describe('facts', () => {
  it('are kept once however often they are delivered, under the local hour', async () => {
    const records = [eventRecord('tkt_1', 2, [contribution({})])];
    await deliverAll(desk, [...records, ...records]);
    await deliverAll(desk, records);
    expect(await facts()).toEqual([
      expect.objectContaining({
        PK: expect.stringMatching(/^F#first-response-time#2016-02-29T08#[0-3]$/),
        SK: 'tkt_1#1',
        version: 2,
        value: 600,
      }),
    ]);
  });

  it('keep the latest version when deliveries come out of order', async () => {
    await deliverAll(desk, [
      eventRecord('tkt_1', 5, [contribution({ team: 'tem_b' })]),
      eventRecord('tkt_1', 2, [contribution({ team: 'tem_a' })]),
    ]);
    expect(await facts()).toEqual([expect.objectContaining({ version: 5, team: 'tem_b' })]);
  });

  it('that are retracted leave a tombstone which an old delivery cannot bring back', async () => {
    const resolved = eventRecord('tkt_1', 3, [contribution({ kpi: 'resolution-time' })]);
    await deliverAll(desk, [
      resolved,
      eventRecord('tkt_1', 4, [contribution({ kpi: 'resolution-time', value: null, retracted: true })]),
      resolved,
    ]);
    expect(await facts()).toEqual([expect.objectContaining({ version: 4, retracted: true })]);
  });

  it('keep whole seconds', async () => {
    await deliverAll(desk, [eventRecord('tkt_1', 2, [contribution({ value: 59.6 })])]);
    expect(await facts()).toEqual([expect.objectContaining({ value: 60 })]);
  });

  it('of a KPI that this version does not know are kept and do not stop the stream', async () => {
    await deliverAll(desk, [eventRecord('tkt_1', 2, [contribution({ kpi: 'csat' }), contribution({})])]);
    expect(await facts()).toHaveLength(2);
    expect(await marks()).toHaveLength(1);
  });
});

describe('dirty marks', () => {
  it('are written once for each KPI and hour of a batch, with every group touched, and give one hint', async () => {
    desk.control.consumed = [];
    await deliverAll(desk, [
      eventRecord('tkt_1', 1, [contribution({ ticketId: 'tkt_1' })]),
      eventRecord('tkt_2', 1, [contribution({ ticketId: 'tkt_2', team: null })]),
      eventRecord('tkt_3', 1, [contribution({ ticketId: 'tkt_3', kpi: 'ticket-volume' })]),
    ]);
    expect((await marks()).map(({ SK, groups }) => [SK, [...groups].sort()]).sort()).toEqual([
      ['first-response-time#2016-02-29T08', ['all', 'customer:cus_a', 'priority:high', 'team:none', 'team:tem_a']],
      ['ticket-volume#2016-02-29T08', ['all', 'customer:cus_a', 'priority:high', 'team:tem_a']],
    ]);
    expect(desk.control.hints).toBe(1);
  });

  it('name the team that a ticket left, also when the first try crashed behind the fact', async () => {
    await deliverAll(desk, [eventRecord('tkt_1', 1, [contribution({ team: 'tem_a' })])]);
    await desk.rollUp();
    desk.control.crash = { after: 1, applied: false };
    await deliverAll(desk, [eventRecord('tkt_1', 2, [contribution({ team: 'tem_b' })])]);
    expect([...((await marks())[0]?.['groups'] ?? [])]).toEqual(expect.arrayContaining(['team:tem_a', 'team:tem_b']));
  });

  // PITFALLS 20: a partly applied batch must not count as done.
  it('that cannot be written fail the whole batch', async () => {
    desk.control.crash = { after: 1, applied: false };
    await expect(desk.deliver([eventRecord('tkt_1', 1, [contribution({})])])).rejects.toThrow(InjectedCrash);
  });

  it('are written for what went well before the batch stopped at a bad record', async () => {
    const good = eventRecord('tkt_1', 1, [contribution({})]);
    const bad = record({ PK: 'TKT#tkt_2', SK: 'EV#00000001', version: 1, facts: 'nonsense' });
    const after = eventRecord('tkt_3', 1, [contribution({ ticketId: 'tkt_3' })]);
    expect(await desk.deliver([good, bad, after])).toEqual({
      batchItemFailures: [{ itemIdentifier: bad.dynamodb?.SequenceNumber }],
    });
    expect(await marks()).toHaveLength(1);
    expect(await facts()).toHaveLength(1);
  });

  it('do not depend on the hint', async () => {
    desk.control.hintsFail = true;
    expect(await desk.deliver([eventRecord('tkt_1', 1, [contribution({})])])).toEqual({ batchItemFailures: [] });
    expect(await marks()).toHaveLength(1);
  });
});

describe('capacity', () => {
  it('is at most 2 WRU a fact alone in its batch, 1 and a mark for an hour in a full one, none for other events', async () => {
    const wru = () => desk.control.consumed.reduce((sum, { units }) => sum + units, 0);
    desk.control.consumed = [];
    await desk.deliver([eventRecord('tkt_0', 1, [contribution({ ticketId: 'tkt_01J8Z0K3V5W7Y9ABCDEFGHJKMN' })])]);
    expect(wru()).toBeLessThanOrEqual(2);
    desk.control.consumed = [];
    await desk.deliver(
      Array.from({ length: 50 }, (_unused, index) =>
        eventRecord(`tkt_${index}`, 2, [contribution({ ticketId: `tkt_${index}` })]),
      ),
    );
    expect(wru()).toBe(51);
    desk.control.consumed = [];
    await desk.deliver([record({ PK: 'TKT#tkt_1', SK: 'EV#00000009', version: 9 })]);
    expect(wru()).toBe(0);
  });
});

describe('ticket rows', () => {
  const head = (version: number, teamId: string | null, updatedAt: string) =>
    record({
      PK: 'TKT#tkt_1',
      SK: 'T',
      id: 'tkt_1',
      version,
      teamId,
      updatedAt,
      subject: 'Mail is down',
      description: 'long',
      number: 'T-1',
      status: 'open',
      priority: 'high',
      tags: ['mail'],
      assigneeId: null,
      chain: 'x',
      timeline: ['y'],
    });
  const list = async (team: string) =>
    (
      await desk.client.send(
        new QueryCommand({
          TableName: desk.names.lists,
          IndexName: 'updated',
          KeyConditionExpression: 'listKey = :key',
          ExpressionAttributeValues: { ':key': `T#${team}` },
        }),
      )
    ).Items ?? [];

  it('follow the head from list to list, and hold what lists show and nothing else', async () => {
    await desk.deliver([head(1, null, '2016-02-29T07:00:00.000Z')]);
    expect(await list('none')).toEqual([
      {
        PK: 'TKT#tkt_1',
        SK: 'ROW',
        listKey: 'T#none',
        listSort: '2016-02-29T07:00:00.000Z#tkt_1',
        id: 'tkt_1',
        version: 1,
        teamId: null,
        updatedAt: '2016-02-29T07:00:00.000Z',
        subject: 'Mail is down',
        number: 'T-1',
        status: 'open',
        priority: 'high',
        tags: ['mail'],
        assigneeId: null,
      },
    ]);
    await desk.deliver([head(2, 'tem_a', '2016-02-29T08:00:00.000Z')]);
    expect(await list('none')).toEqual([]);
    expect(await list('tem_a')).toHaveLength(1);
  });

  it('ignore an older head', async () => {
    await desk.deliver([head(3, 'tem_a', '2016-02-29T08:00:00.000Z'), head(2, 'tem_b', '2016-02-29T07:00:00.000Z')]);
    expect(await list('tem_b')).toEqual([]);
    expect(await list('tem_a')).toEqual([expect.objectContaining({ version: 3 })]);
  });
});
