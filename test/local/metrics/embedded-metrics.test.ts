import { Metrics } from '@aws-lambda-powertools/metrics';
import { embeddedMetrics } from '../../../local/metrics/embedded-metrics.ts';

const line = (changes: object = {}): string =>
  JSON.stringify({
    _aws: {
      Timestamp: 1_780_000_000_000,
      CloudWatchMetrics: [
        {
          Namespace: 'Desk',
          Dimensions: [['service']],
          Metrics: [{ Name: 'Lag', Unit: 'Seconds' }, { Name: 'Count' }],
        },
      ],
    },
    service: 'desk-local',
    Lag: 3,
    Count: [1, 2],
    ...changes,
  });

it('reads single values and lists, at their own instant', () => {
  const dimensions = { service: 'desk-local' };
  expect(embeddedMetrics(line())).toEqual([
    { metric: { namespace: 'Desk', name: 'Lag', dimensions }, values: [3], at: 1_780_000_000_000 },
    { metric: { namespace: 'Desk', name: 'Count', dimensions }, values: [1, 2], at: 1_780_000_000_000 },
  ]);
});

it('reads what the metrics library of the functions writes', () => {
  const metrics = new Metrics({ namespace: 'Desk', serviceName: 'desk-local' });
  metrics.addMetric('Breaches', 'Count', 1);
  metrics.addMetric('Breaches', 'Count', 1);
  const before = Date.now();
  const [found, ...others] = embeddedMetrics(JSON.stringify(metrics.serializeMetrics()));
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    metric: { namespace: 'Desk', name: 'Breaches', dimensions: { service: 'desk-local' } },
    values: [1, 1],
  });
  expect(found?.at).toBeGreaterThanOrEqual(before);
});

it.each([
  ['a log line', '{"level":"INFO","message":"sweep"}'],
  ['no JSON', 'worker died: "_aws"'],
  ['half a line', line().slice(0, 80)],
  ['another shape', '{"_aws":{"Timestamp":"yesterday"}}'],
  ['a value that is none', line({ Lag: 'long', Count: null })],
])('finds nothing in %s', (_name, text) => {
  expect(embeddedMetrics(text)).toEqual([]);
});
