import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { editedAssembly, FixtureDesk, stopAll } from './fixture/fixture.ts';

/** The fixture with an alarm on errors of one function, a topic that it rings, and somebody who listens. */
const alarmed = (changes: object = {}) =>
  editedAssembly(({ Resources }) => {
    Resources['Operators'] = { Type: 'AWS::SNS::Topic', Properties: {} };
    Resources['Listener'] = {
      Type: 'AWS::SNS::Subscription',
      Properties: { TopicArn: { Ref: 'Operators' }, Protocol: 'email', Endpoint: 'ops@example.com' },
    };
    const properties = {
      AlarmName: 'http-echo-errors',
      AlarmDescription: 'It fails. See docs/runbook.md#http-echo-errors',
      Namespace: 'AWS/Lambda',
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'Http' } }],
      Statistic: 'Sum',
      Period: '300',
      EvaluationPeriods: 1,
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 0,
      TreatMissingData: 'notBreaching',
      AlarmActions: [{ Ref: 'Operators' }],
    };
    Resources['Alarm'] = { Type: 'AWS::CloudWatch::Alarm', Properties: { ...properties, ...changes } };
  });

afterAll(stopAll);

describe('reading alarms', () => {
  it('resolves metric, rule and topic', () => {
    const [alarm] = readAssembly(alarmed()).alarms;
    expect(alarm).toMatchObject({
      name: 'http-echo-errors',
      metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'fixture-http-echo' } },
      periodSeconds: 300,
      datapointsToAlarm: 1,
      missingData: 'notBreaching',
      alarmActions: ['arn:aws:sns:eu-central-1:000000000000:Fixture-App-Operators'],
    });
  });

  it.each([
    ['an expression', { MetricName: undefined, Metrics: [] }, 'MetricName'],
    ['a percentile', { Statistic: undefined, ExtendedStatistic: 'p99' }, 'Statistic'],
    ['seconds', { Period: 10 }, 'by the minute'],
  ])('refuses one on %s instead of watching it wrongly', (_name, changes, expected) => {
    expect(() => readAssembly(alarmed(changes))).toThrow(expected);
  });
});

describe('a desk with an alarm', () => {
  let fixture: FixtureDesk;
  beforeAll(async () => {
    fixture = await FixtureDesk.start({ startAt: Date.UTC(2026, 0, 31, 12), assemblyDir: alarmed() });
  });
  const state = async () => (await fixture.json('/_local/alarms')).items[0];
  const points = async (name: string, dimension: object) =>
    (await fixture.json(`/_local/metrics?name=${name}&minutes=30`)).items.find(
      ({ dimensions }: { dimensions: object }) => JSON.stringify(dimensions) === JSON.stringify(dimension),
    ).points;

  it('rings, tells who listens, and is quiet again in virtual time', async () => {
    await fixture.advance('PT2M');
    expect(await state()).toMatchObject({ state: 'OK', runbook: 'docs/runbook.md#http-echo-errors' });
    expect((await fixture.call('/v1/echo/throw')).status).toBe(500);
    await fixture.advance('PT1M');
    expect(await state()).toMatchObject({
      name: 'http-echo-errors',
      state: 'ALARM',
      since: '2026-01-31T12:03:00.000Z',
      reason: expect.stringContaining('was 1'),
    });
    expect(await (await fixture.call('/')).text()).toMatch(
      /class="ringing".*http-echo-errors.*0 of 1 alarms are OK<\/p>/s,
    );
    const { items } = await fixture.json('/_local/outbox');
    expect(items).toMatchObject([
      { kind: 'email', to: 'ops@example.com', subject: 'ALARM: "http-echo-errors" in eu-central-1' },
    ]);
    for (let minute = 0; minute < 6; minute += 1) {
      await fixture.call('/v1/echo');
      await fixture.advance('PT1M');
    }
    expect(await state()).toMatchObject({ state: 'OK' });
    const page = await (await fixture.call('/')).text();
    expect(page).toContain('1 of 1 alarms are OK');
    expect(page).not.toContain('class="ringing"');
    expect((await fixture.json('/_local/outbox')).items).toHaveLength(1);
  });

  it('measures functions, the API and queues', async () => {
    await fixture.json('/_local/reset', {});
    await fixture.call('/v1/echo');
    await fixture.call('/v1/echo/throw');
    await fixture.call('/v2/nothing');
    await fixture.fault('worker', 'throttle');
    await fixture.call('/v1/echo');
    const { items: sources } = await fixture.json('/_local/sources');
    const { name } = sources.find((source: { name: string }) => source.name.startsWith('queue '));
    await fixture.json('/_local/sources', { name, running: false });
    await fixture.send('waits');
    await fixture.put('a');
    await fixture.advance('PT1M');
    const http = { FunctionName: 'fixture-http-echo' };
    const [invocations] = await points('Invocations', http);
    expect(invocations).toMatchObject({ sum: 4 });
    expect(await points('Errors', http)).toMatchObject([{ sum: 1, count: 4 }]);
    expect((await points('Throttles', {}))[0]).toMatchObject({ sum: 1 });
    const api = { ApiId: fixture.desk.model.api.id };
    expect(await points('Count', api)).toMatchObject([{ sum: 6 }]);
    expect(await points('4xx', api)).toMatchObject([{ sum: 1 }]);
    expect(await points('5xx', api)).toMatchObject([{ sum: 2 }]);
    expect(await points('ApproximateNumberOfMessagesVisible', { QueueName: 'fixture-queue' })).toMatchObject([
      { maximum: 1 },
    ]);
    expect(await points('IteratorAge', { FunctionName: 'fixture-stream-alerts' })).toMatchObject([{ count: 1 }]);
  });

  it('keeps what a source missed while it was switched off', async () => {
    await fixture.json('/_local/reset', {});
    const { items } = await fixture.json('/_local/sources');
    const stream = items.find(({ name }: { name: string }) => name.startsWith('stream '));
    const turn = (running: boolean) => fixture.json('/_local/sources', { name: stream.name, running });
    expect(stream.running).toBe(true);
    const off = (await turn(false)).items.find(({ name }: { name: string }) => name === stream.name);
    expect(off.running).toBe(false);
    expect(await (await fixture.call('/')).text()).toContain('<td>switched off</td>');
    await fixture.put('a');
    await fixture.advance('PT10M');
    expect(await fixture.delivered('stream')).toEqual([]);
    await turn(true);
    await turn(true);
    await fixture.advance('PT0S');
    expect(await fixture.delivered('stream')).toEqual(['a']);
    expect(
      (await fixture.call('/_local/sources', { method: 'POST', body: '{"name":"x","running":true}' })).status,
    ).toBe(404);
  });

  it('switches everything on again with a reset', async () => {
    const { items } = await fixture.json('/_local/sources');
    for (const { name } of items) await fixture.json('/_local/sources', { name, running: false });
    await fixture.json('/_local/reset', {});
    expect((await fixture.json('/_local/sources')).items.every(({ running }: { running: boolean }) => running)).toBe(
      true,
    );
    await fixture.put('b');
    await fixture.advance('PT0S');
    expect(await fixture.delivered('stream')).toEqual(['b']);
    expect((await fixture.call('/_local/metrics?minutes=0')).status).toBe(400);
  });
});
