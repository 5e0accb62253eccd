/**
 * Every metric that the desk makes itself, with its unit. What AWS counts anyway (errors, throttles, queue depth, iterator
 * age) is not here: each of these costs $0.30 a month and stage (https://aws.amazon.com/cloudwatch/pricing/, custom metrics).
 */
export const metricUnits = {
  TicketsOpened: 'Count',
  TicketsResolved: 'Count',
  Breaches: 'Count',
  /** KPI facts written, those that a repetition writes again included. */
  FactsWritten: 'Count',
  /** From the recording of an event to its projection. */
  ProjectionLag: 'Milliseconds',
  AlertsPublished: 'Count',
  /** From the instant that an alert is about to its publication. */
  AlertLag: 'Milliseconds',
  /** Publications that failed, given up or to be repeated. */
  DeliveryFailures: 'Count',
  /** Share of the month's budget for SMS that is used up, by our own count: 100 once a text was refused or the last one sent. */
  SmsBudgetUsed: 'Percent',
  /** How long the most overdue item has been due; 0 when nothing is. */
  OldestDue: 'Seconds',
  /** Due items that failed again and again and were pushed back, each time. */
  DuePushedBack: 'Count',
  /** Age of the oldest dirty KPI hour; 0 when all are clean. */
  OldestDirtyHour: 'Seconds',
  /** Facts, rows and hours that a recount found other than the events say, and put right; 0 when all was right. */
  KpiDrift: 'Count',
  /** Age of the newest recovery point of the table whose newest is the oldest. */
  RecoveryPointAge: 'Seconds',
} as const satisfies Record<string, 'Count' | 'Milliseconds' | 'Seconds' | 'Percent'>;

export type MetricName = keyof typeof metricUnits;
