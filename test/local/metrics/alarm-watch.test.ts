import { AlarmWatch } from '../../../local/metrics/alarm-watch.ts';
import { MetricStore } from '../../../local/metrics/metric-store.ts';
import type { AlarmModel } from '../../../local/model.ts';
import { ManualClock } from '../services/manual-clock.ts';

const errors = { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: 'one' } };
const alarm: AlarmModel = {
  id: 'S/A',
  name: 'one-errors',
  arn: 'arn:aws:cloudwatch:eu-central-1:000000000000:alarm:one-errors',
  description: 'one fails. Cost: all. See docs/runbook.md#one-errors',
  metric: errors,
  statistic: 'Sum',
  periodSeconds: 300,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  missingData: 'notBreaching',
  alarmActions: ['arn:topic'],
  okActions: [],
};
const silence: AlarmModel = {
  ...alarm,
  name: 'one-silent',
  metric: { ...errors, name: 'Invocations' },
  periodSeconds: 60,
  evaluationPeriods: 5,
  datapointsToAlarm: 5,
  comparison: 'LessThanThreshold',
  threshold: 1,
  missingData: 'breaching',
};

const watching = (...alarms: AlarmModel[]) => {
  const clock = new ManualClock();
  const store = new MetricStore(180);
  const published: { topicArn: string; subject: string; message: string }[] = [];
  const sampled: number[] = [];
  const watch = new AlarmWatch({
    alarms,
    store,
    clock,
    sample: (at) => sampled.push(at),
    publish: (topicArn, subject, message) => published.push({ topicArn, subject, message }),
  });
  watch.start();
  const state = (name = alarm.name) => watch.list().find(({ model }) => model.name === name)?.state;
  return { clock, store, watch, published, sampled, state, begun: clock.now() };
};

it('rings at the end of the minute in which it happened, tells the topic once, and returns when the data points have passed', async () => {
  const { clock, store, published, state, watch, begun } = watching(alarm);
  expect(state()).toBe('INSUFFICIENT_DATA');
  await clock.advance(60);
  expect(state()).toBe('OK');
  await clock.advance(10);
  store.add(errors, 1, clock.now());
  await clock.advance(49);
  expect(state()).toBe('OK');
  await clock.advance(1);
  expect(state()).toBe('ALARM');
  expect(watch.list()[0]).toMatchObject({ since: begun + 120_000, reason: expect.stringContaining('was 1') });
  expect(published).toHaveLength(1);
  expect(published[0]).toMatchObject({ topicArn: 'arn:topic', subject: 'ALARM: "one-errors" in eu-central-1' });
  expect(JSON.parse(published[0]?.message ?? '')).toMatchObject({ NewStateValue: 'ALARM', OldStateValue: 'OK' });

  // Good data takes the bad point's place as soon as the newest period holds none of it.
  for (let minute = 0; minute < 4; minute += 1) {
    store.add(errors, 0, clock.now());
    await clock.advance(60);
    expect(state()).toBe('ALARM');
  }
  store.add(errors, 0, clock.now());
  await clock.advance(60);
  expect(state()).toBe('OK');
  expect(published).toHaveLength(1);
});

it('goes on looking at an old failure while no data comes, for the length of its range', async () => {
  const { clock, store, state } = watching(alarm);
  store.add(errors, 1, clock.now());
  await clock.advance(60);
  expect(state()).toBe('ALARM');
  await clock.advance(14 * 60);
  expect(state()).toBe('ALARM');
  await clock.advance(60);
  expect(state()).toBe('OK');
});

it('hears silence, but not before it could have heard anything', async () => {
  const { clock, store, state } = watching(silence);
  await clock.advance(4 * 60);
  expect(state(silence.name)).toBe('INSUFFICIENT_DATA');
  await clock.advance(60);
  expect(state(silence.name)).toBe('ALARM');
  store.add(silence.metric, 1, clock.now());
  await clock.advance(60);
  expect(state(silence.name)).toBe('OK');
  await clock.advance(6 * 60);
  expect(state(silence.name)).toBe('OK');
  await clock.advance(60);
  expect(state(silence.name)).toBe('ALARM');
});

it('samples once a minute, for the minute that ends', async () => {
  const { clock, sampled, begun } = watching();
  await clock.advance(150);
  expect(sampled).toEqual([begun + 59_999, begun + 119_999]);
});

it('forgets and waits for nothing when it is stopped', async () => {
  const { clock, store, watch } = watching(alarm);
  store.add(errors, 1, clock.now());
  watch.stop();
  expect(clock.planned).toBe(0);
  expect(store.list(null, 0)).toEqual([]);
});
