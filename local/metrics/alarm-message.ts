import type { WatchedAlarm } from './alarm-state.ts';

/** What CloudWatch publishes when an alarm changes: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html */
export const alarmMessage = (
  before: WatchedAlarm,
  now: WatchedAlarm,
): { readonly subject: string; readonly message: string } => {
  const { model, state, reason, since } = now;
  const [, , , region = '', account = ''] = model.arn.split(':');
  const { namespace, name, dimensions } = model.metric;
  return {
    subject: `${state}: "${model.name}" in ${region}`,
    message: JSON.stringify({
      AlarmName: model.name,
      AlarmDescription: model.description,
      AWSAccountId: account,
      AlarmArn: model.arn,
      Region: region,
      OldStateValue: before.state,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: new Date(since).toISOString(),
      Trigger: {
        MetricName: name,
        Namespace: namespace,
        Statistic: model.statistic,
        Dimensions: Object.entries(dimensions).map(([of, value]) => ({ name: of, value })),
        Period: model.periodSeconds,
        EvaluationPeriods: model.evaluationPeriods,
        ComparisonOperator: model.comparison,
        Threshold: model.threshold,
        TreatMissingData: model.missingData,
      },
    }),
  };
};
