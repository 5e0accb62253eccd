import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { AlarmModel } from '../model.ts';
import { alarmMessage } from './alarm-message.ts';
import { alarmState, breaches, evaluationRange, type WatchedAlarm } from './alarm-state.ts';
import { type Measured, type MetricStore, minuteMs } from './metric-store.ts';

export interface AlarmWatchOptions {
  readonly alarms: readonly AlarmModel[];
  readonly store: MetricStore;
  readonly clock: Pick<VirtualClock, 'now' | 'wakeAt'>;
  /** Measures what is measured once a minute, for the minute that ends. */
  readonly sample: (at: number) => void;
  readonly publish: (topicArn: string, subject: string, message: string) => void;
}

/** Minutes of metrics that the alarms look back on, and an hour for people at least twice. */
export const minutesKept = (alarms: readonly AlarmModel[]): number =>
  Math.max(180, ...alarms.map((alarm) => (evaluationRange(alarm) * alarm.periodSeconds) / 60));

const valueOf = (measured: Measured, statistic: AlarmModel['statistic']): number => {
  switch (statistic) {
    case 'Sum':
      return measured.sum;
    case 'Average':
      return measured.sum / measured.count;
    case 'Minimum':
      return measured.minimum;
    case 'Maximum':
      return measured.maximum;
    case 'SampleCount':
      return measured.count;
  }
};

/**
 * The alarms of the template on local metrics, looked at once a minute of virtual time; the data points of longer periods slide
 * along with the minutes. Unlike in the cloud, metrics are there at once and not a minute or two later.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
 */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;
  #alarms: WatchedAlarm[] = [];
  #startedAt = 0;
  #cancel: () => void = () => {};

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
  }

  /** Begins to watch, without a memory of what was before. */
  start(): void {
    const { alarms, clock } = this.#options;
    this.#startedAt = clock.now();
    const reason = 'The desk has just started.';
    this.#alarms = alarms.map((model) => ({ model, state: 'INSUFFICIENT_DATA', since: this.#startedAt, reason }));
    this.#plan();
  }

  /** Stops, and forgets what was measured. */
  stop(): void {
    this.#cancel();
    this.#options.store.clear();
  }

  list(): readonly WatchedAlarm[] {
    return this.#alarms;
  }

  #plan(): void {
    const { clock, sample } = this.#options;
    const next = (Math.floor(clock.now() / minuteMs) + 1) * minuteMs;
    this.#cancel = clock.wakeAt(next, () => {
      sample(next - 1);
      this.#alarms = this.#alarms.map((alarm) => this.#look(alarm, next));
      this.#plan();
    });
  }

  #look(alarm: WatchedAlarm, now: number): WatchedAlarm {
    const { model } = alarm;
    const periodMs = model.periodSeconds * 1000;
    const points = Array.from({ length: evaluationRange(model) }, (_, index) => {
      const to = now - (evaluationRange(model) - 1 - index) * periodMs;
      const measured = this.#options.store.between(model.metric, to - periodMs, to);
      return measured === null ? null : valueOf(measured, model.statistic);
    });
    // What was before the start is not known: an alarm on silence would ring at every start.
    const known = now - this.#startedAt >= model.evaluationPeriods * periodMs;
    if (!known && model.missingData === 'breaching' && points.includes(null)) return alarm;
    const state = alarmState(model, points, alarm.state);
    if (state === alarm.state) return alarm;
    const changed = { model, state, since: now, reason: reasonOf(model, points) };
    this.#tell(alarm, changed);
    return changed;
  }

  #tell(before: WatchedAlarm, now: WatchedAlarm): void {
    const { alarmActions, okActions } = now.model;
    const topics = now.state === 'ALARM' ? alarmActions : now.state === 'OK' ? okActions : [];
    for (const topic of topics) {
      const { subject, message } = alarmMessage(before, now);
      this.#options.publish(topic, subject, message);
    }
  }
}

const signs = {
  GreaterThanThreshold: '>',
  GreaterThanOrEqualToThreshold: '>=',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
} as const;

/** `Errors (Sum over 300 s) was 3; the alarm is on > 0` */
const reasonOf = (model: AlarmModel, points: readonly (number | null)[]): string => {
  const newest = points.findLast((value) => value !== null) ?? null;
  const what = `${model.metric.name} (${model.statistic} over ${model.periodSeconds} s)`;
  const rule = `the alarm is on ${signs[model.comparison]} ${model.threshold}`;
  if (newest === null) return `${what} has no data, which counts as ${model.missingData}; ${rule}`;
  const breaching = points.filter((value) => value !== null && breaches(model, value)).length;
  return `${what} was ${newest}, ${breaching} of ${points.length} data points breaching; ${rule}`;
};
