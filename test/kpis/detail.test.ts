import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { contribution, deliverAll, type Engine, startEngine } from './kpi-desk.ts';
import { itemsOf, recountDesk, type RecountDesk } from './recount-desk.ts';

let engine: Engine;
let desk: RecountDesk;
beforeAll(async () => {
  engine = await startEngine();
});
afterAll(() => engine.stop());
beforeEach(async () => {
  desk = await recountDesk(engine);
});

const kpi = 'sla-violations';
const detail = { target: 3_600, actual: 5_400, cause: 'vendor', us: 4_000, vendor: 1_400, policy: 'slp_1@1' };
const said = (over: object = {}) =>
  contribution({ kpi, value: 1, at: '2016-06-15T08:00:00.000Z', subject: 'tkt_1#resolution#1', detail, ...over });
const facts = () => itemsOf(desk.client, desk.names.kpis, 'F#');
const explained = async () => {
  await desk.rollUp();
  const { body } = await desk.get(`/v1/kpis/${kpi}/explain`, { from: '2016-06-01', to: '2016-07-01' });
  return body.items.map((item: { contribution: object }) => item.contribution);
};

describe('the detail of a fact', () => {
  it('is kept and explained, replaced by a later version, and gone with it when that one has none', async () => {
    await deliverAll(desk, await desk.say('tkt_1', [said()]));
    expect(await explained()).toEqual([expect.objectContaining({ detail })]);
    await deliverAll(desk, await desk.say('tkt_1', [said({ detail: { ...detail, actual: 7_200 } })]));
    expect(await explained()).toEqual([expect.objectContaining({ detail: { ...detail, actual: 7_200 } })]);
    await deliverAll(desk, await desk.say('tkt_1', [said({ detail: undefined, retracted: true, value: null })]));
    expect(await explained()).toEqual([]);
    expect((await facts()).map((fact) => 'detail' in fact)).toEqual([false]);
  });

  it('of a subject that moves within its hour is that of its new place', async () => {
    await deliverAll(desk, await desk.say('tkt_1', [said()]));
    const back = said({ detail: undefined, retracted: true, value: null });
    const at = '2016-06-15T08:40:00.000Z';
    await deliverAll(desk, await desk.say('tkt_1', [back, said({ at })]));
    expect(await facts()).toEqual([expect.objectContaining({ at, detail })]);
    expect(await explained()).toHaveLength(1);
  });

  it('that was altered is put right by the nightly recount, and found only once', async () => {
    await deliverAll(desk, await desk.say('tkt_1', [said()]));
    await desk.rollUp();
    const [fact] = await facts();
    const { detail: _detail, ...bare } = fact!;
    const nights: number[] = [];
    for (const altered of [{ ...fact, detail: { ...detail, cause: 'us' } }, bare, null]) {
      if (altered !== null) await desk.client.send(new PutCommand({ TableName: desk.names.kpis, Item: altered }));
      desk.control.now += 20 * 60_000;
      await deliverAll(desk, [desk.heartbeat()]);
      await desk.recount('nightly');
      for (let minute = 0; minute < 30; minute += 1) {
        desk.control.now += 60_000;
        await desk.rollUp();
        await desk.recount('schedule');
      }
      const [job] = await desk.jobs();
      expect(job?.state).toBe('done');
      nights.push(job!.drift.altered);
      expect(await facts()).toEqual([fact]);
    }
    expect(nights).toEqual([1, 1, 0]);
  });
});
