import type { AlarmModel } from '../model.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface WatchedAlarm {
  readonly model: AlarmModel;
  readonly state: AlarmState;
  /** Virtual ms. */
  readonly since: number;
  readonly reason: string;
}

export type AlarmRules = Pick<
  AlarmModel,
  'evaluationPeriods' | 'datapointsToAlarm' | 'comparison' | 'threshold' | 'missingData'
>;

/**
 * How many data points an alarm looks back, so that a missing one can be made up by an older one. CloudWatch does not say the
 * number for each alarm; two more than the evaluation periods is what its own examples have.
 */
export const evaluationRange = ({ evaluationPeriods }: Pick<AlarmModel, 'evaluationPeriods'>): number =>
  evaluationPeriods + 2;

export const breaches = ({ comparison, threshold }: AlarmRules, value: number): boolean => {
  switch (comparison) {
    case 'GreaterThanThreshold':
      return value > threshold;
    case 'GreaterThanOrEqualToThreshold':
      return value >= threshold;
    case 'LessThanThreshold':
      return value < threshold;
    case 'LessThanOrEqualToThreshold':
      return value <= threshold;
  }
};

/** Nothing but breaching points, the oldest of them old enough: data that stopped in the middle of a failure. */
const stoppedBreaching = (rules: AlarmRules, points: readonly (number | null)[]): boolean =>
  points.every((value) => value === null || breaches(rules, value)) &&
  points.length - points.findIndex((value) => value !== null) >= rules.datapointsToAlarm;

/**
 * The state of an alarm by the data points of its evaluation range (oldest first, null = missing): by the newest real ones if
 * there are enough, else filled up as the alarm says.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export const alarmState = (rules: AlarmRules, points: readonly (number | null)[], current: AlarmState): AlarmState => {
  const { evaluationPeriods, datapointsToAlarm, missingData } = rules;
  const real = points.filter((value) => value !== null);
  const newest = real.slice(-evaluationPeriods);
  const breaching = newest.filter((value) => breaches(rules, value)).length;
  const missing = evaluationPeriods - newest.length;
  const atLeast = (count: number): AlarmState => (count >= datapointsToAlarm ? 'ALARM' : 'OK');
  if (missing === 0 || missingData === 'notBreaching') return atLeast(breaching);
  if (missingData === 'breaching') return atLeast(breaching + missing);
  if (real.length === 0) return missingData === 'missing' ? 'INSUFFICIENT_DATA' : current;
  if (breaching >= datapointsToAlarm) return 'ALARM';
  if (breaching < real.length) return 'OK';
  return missingData === 'missing' && stoppedBreaching(rules, points) ? 'ALARM' : current;
};
