import { type AlarmRules, type AlarmState, alarmState } from '../../../local/metrics/alarm-state.ts';

const treatments = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const rules = (datapointsToAlarm: number, missingData: AlarmRules['missingData']): AlarmRules => ({
  evaluationPeriods: 3,
  datapointsToAlarm,
  comparison: 'GreaterThanThreshold',
  threshold: 0,
  missingData,
});
const points = (text: string) => text.split(' ').map((mark) => (mark === '-' ? null : mark === 'X' ? 1 : 0));

/** The two tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html; `as it was` = retain. */
const table: readonly (readonly [number, string, ...string[]])[] = [
  [3, '0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  [3, '0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  [3, '- - - - -', 'INSUFFICIENT_DATA', 'as it was', 'ALARM', 'OK'],
  [3, '0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [3, '- - X - -', 'ALARM', 'as it was', 'ALARM', 'OK'],
  [2, '0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  [2, '0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  [2, '- - - X -', 'ALARM', 'as it was', 'ALARM', 'OK'],
];

describe('the tables of the CloudWatch guide', () => {
  const cases = table.flatMap(([toAlarm, text, ...states]) =>
    treatments.map((treatment, index) => [toAlarm, text, treatment, states[index]] as const),
  );
  it.each(cases)('%i of 3, %s, %s: %s', (toAlarm, text, treatment, expected) => {
    for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] satisfies AlarmState[])
      expect(alarmState(rules(toAlarm, treatment), points(text), current)).toBe(
        expected === 'as it was' ? current : expected,
      );
  });

  it.each(['- - - - X', '- - - X -'])('does not ring early on %s', (text) => {
    expect(alarmState(rules(3, 'missing'), points(text), 'OK')).toBe('OK');
  });
});

it.each([
  ['GreaterThanThreshold', 5, 'OK'],
  ['GreaterThanOrEqualToThreshold', 5, 'ALARM'],
  ['LessThanThreshold', 5, 'OK'],
  ['LessThanOrEqualToThreshold', 5, 'ALARM'],
  ['LessThanThreshold', 4, 'ALARM'],
  ['GreaterThanThreshold', 6, 'ALARM'],
] as const)('%s 5, %i: %s', (comparison, value, expected) => {
  const one = { ...rules(1, 'missing'), evaluationPeriods: 1, comparison, threshold: 5 };
  expect(alarmState(one, [null, null, value], 'INSUFFICIENT_DATA')).toBe(expected);
});
