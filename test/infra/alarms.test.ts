import { functionNames } from '../../functions/entrypoints/environments.ts';
import { functionCatalogue } from '../../lib/function-catalogue.ts';
import { synthesized } from './synthesized.ts';

const { ofType, templates } = synthesized('dev', { alarmEmail: 'ops@example.com' });
const alarms = new Map(ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => [Properties.AlarmName, Properties]));
const alarm = (name: string) => alarms.get(`cloud-service-desk-dev-${name}`);

describe('alarms', () => {
  it.each(functionNames)('%s rings when it fails and says what that costs', (name) => {
    expect(alarm(`${name}-errors`)).toMatchObject({
      MetricName: 'Errors',
      Dimensions: [{ Name: 'FunctionName', Value: `cloud-service-desk-dev-${name}` }],
      AlarmDescription: expect.stringContaining(functionCatalogue[name].costOfFailure),
    });
  });

  it.each(['due-critical', 'due-rest', 'rollups'])('dead letters of %s ring', (queue) => {
    expect(alarm(`${queue}-dead-letters`)).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
    });
  });

  it.each(['stream-alerts', 'stream-kpis'])('%s rings when it falls behind', (name) => {
    expect(alarm(`${name}-behind`)).toMatchObject({ MetricName: 'IteratorAge', Statistic: 'Maximum' });
  });

  it('a sweep that does not run at all rings, since it counts no errors either', () => {
    expect(alarm('job-sweep-silent')).toMatchObject({
      MetricName: 'Invocations',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('each names a cost and reaches the operators', () => {
    expect([...alarms.values()].filter(({ AlarmDescription }) => !/ Cost: .{20,}\.$/.test(AlarmDescription))).toEqual(
      [],
    );
    expect([...alarms.values()].filter(({ AlarmActions }) => AlarmActions?.length !== 1)).toEqual([]);
    templates.observability.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});
