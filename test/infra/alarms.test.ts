import { functionNames } from '../../functions/entrypoints/environments.ts';
import { metricUnits } from '../../functions/platform/metric-names.ts';
import { functionCatalogue } from '../../lib/function-catalogue.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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

  it.each(['due-critical', 'due-rest', 'due-drills', 'rollups'])('dead letters of %s ring', (queue) => {
    expect(alarm(`${queue}-dead-letters`)).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 0,
    });
  });

  it.each(['stream-alerts', 'stream-kpis'])('%s rings when it falls behind', (name) => {
    expect(alarm(`${name}-behind`)).toMatchObject({ MetricName: 'IteratorAge', Statistic: 'Maximum' });
  });

  it.each(['job-sweep', 'stream-kpis', 'stream-alerts', 'job-backups'])(
    '%s rings when it is not called, since then it has no errors either',
    (name) => {
      expect(alarm(`${name}-silent`)).toMatchObject({
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: `cloud-service-desk-dev-${name}` }],
        ComparisonOperator: 'LessThanThreshold',
        TreatMissingData: 'breaching',
        // Silence is judged by the minute: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
        Period: 60,
        EvaluationPeriods: 5,
      });
    },
  );

  it('each names a cost and reaches the operators', () => {
    expect(
      [...alarms.values()].filter(
        ({ AlarmDescription }) => !/ Cost: .{20,}\. See docs\/runbook\.md#[a-z-]+$/.test(AlarmDescription),
      ),
    ).toEqual([]);
    expect([...alarms.values()].filter(({ AlarmActions }) => AlarmActions?.length !== 1)).toEqual([]);
    templates.observability.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'ops@example.com',
    });
  });
});

describe('what the desk measures itself', () => {
  it.each([
    ['oldest-due', 'OldestDue', 'Maximum', 300],
    ['due-pushed-back', 'DuePushedBack', 'Sum', 0],
    ['delivery-failures', 'DeliveryFailures', 'Sum', 0],
    ['dirty-hours', 'OldestDirtyHour', 'Maximum', 1800],
    ['kpi-drift', 'KpiDrift', 'Sum', 0],
    ['recovery-point-age', 'RecoveryPointAge', 'Maximum', 93_600],
    ['sms-budget-low', 'SmsBudgetUsed', 'Maximum', 79.99],
    ['sms-budget-used-up', 'SmsBudgetUsed', 'Maximum', 99.99],
  ])('%s rings on %s', (name, MetricName, Statistic, Threshold) => {
    expect(alarm(name)).toMatchObject({
      Namespace: 'CloudServiceDesk',
      MetricName,
      Statistic,
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      Dimensions: [{ Name: 'service', Value: 'cloud-service-desk-dev' }],
    });
  });

  it('expects a younger copy where one is taken each hour', () => {
    const hourly = synthesized('dev', { backups: { dailyRetentionDays: 7, hourly: true, lock: null } });
    const age = hourly
      .ofType('AWS::CloudWatch::Alarm')
      .find(({ Properties }) => Properties.AlarmName.endsWith('recovery-point-age'));
    expect(age?.Properties).toMatchObject({
      Threshold: 3 * 3_600,
      AlarmDescription: expect.stringContaining('older than 3 h'),
    });
  });

  it('stands below the state of every alarm, and where to read on', () => {
    const body = JSON.stringify(ofType('AWS::CloudWatch::Dashboard')[0]?.Properties.DashboardBody);
    const ids = ofType('AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmName);
    expect(body.split('"Arn"').length - 1).toBe(ids.length);
    expect(body).toContain('docs/runbook.md');
  });

  it('is all on the dashboard', () => {
    const body = JSON.stringify(ofType('AWS::CloudWatch::Dashboard')[0]?.Properties.DashboardBody);
    for (const name of Object.keys(metricUnits)) expect(body).toContain(name);
  });

  it('leaves room for SMS until 80 % of what the stage allows are spent', () => {
    const { ofType: ofOther } = synthesized('dev', { smsMonthlyBudgetUsd: 50 });
    const spend = ofOther('AWS::CloudWatch::Alarm').find(({ Properties }) =>
      Properties.AlarmName.endsWith('sms-spend'),
    );
    expect(spend?.Properties).toMatchObject({ MetricName: 'SMSMonthToDateSpentUSD', Threshold: 40 });
  });

  it('rings when Lambda refuses invocations', () => {
    expect(alarm('functions-throttled')).toMatchObject({
      Namespace: 'AWS/Lambda',
      MetricName: 'Throttles',
      Threshold: 0,
    });
  });
});

describe('the runbook', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/runbook.md'), 'utf8');
  const sections = new Map(
    page
      .split(/^## /m)
      .slice(1)
      .map((text) => [text.slice(0, text.indexOf('\n')), text] as const),
  );
  const names = [...alarms.keys()].map((name) => String(name).replace('cloud-service-desk-dev-', ''));

  it('has a heading for each alarm, and each alarm names its own', () => {
    for (const name of names) expect(alarm(name)?.AlarmDescription).toMatch(new RegExp(`runbook\\.md#${name}$`));
    expect(names.filter((name) => !sections.has(name))).toEqual([]);
  });

  it('has no heading for an alarm that does not exist', () => {
    const others = [...sections.keys()].filter((name) => !name.startsWith('How to ') && !names.includes(name));
    expect(others).toEqual(['A real disaster']);
  });

  it.each(names)('says of %s what it comes from, what to look at, what to do and when not to', (name) => {
    for (const part of ['Cause', 'Checks', 'Remedy', 'When not to'])
      expect(sections.get(name)).toMatch(new RegExp(`^\\*\\*${part}\\.\\*\\* \\S.{20,}`, 'm'));
  });
});
