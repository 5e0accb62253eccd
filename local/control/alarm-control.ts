import * as z from 'zod';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import type { WatchedAlarm } from '../metrics/alarm-state.ts';
import type { AlarmWatch } from '../metrics/alarm-watch.ts';
import { type MetricStore, minuteMs } from '../metrics/metric-store.ts';
import { ControlError, json, parseQuery } from './problem.ts';

/** `docs/runbook.md#name`, as the alarms' descriptions end; null when one names none. */
export const runbookOf = ({ model }: WatchedAlarm): string | null =>
  /\bdocs\/runbook\.md#[\w-]+$/.exec(model.description)?.[0] ?? null;

/** The alarms of the template, those that ring first. @throws ControlError 405. */
export const alarmControl = (request: GatewayRequest, alarms: AlarmWatch): GatewayAnswer => {
  if (request.method !== 'GET') throw new ControlError(405, 'The alarms take GET.');
  const items = alarms.list().map((alarm) => ({
    name: alarm.model.name,
    state: alarm.state,
    since: new Date(alarm.since).toISOString(),
    reason: alarm.reason,
    description: alarm.model.description,
    runbook: runbookOf(alarm),
  }));
  return json(200, {
    items: items.toSorted((one, other) => Number(other.state === 'ALARM') - Number(one.state === 'ALARM')),
  });
};

const metricQuery = z.object({
  name: z.string().optional(),
  minutes: z.coerce.number().int().min(1).max(1440).default(60),
});

/** Metrics by the minute; without a name only what there is. @throws ControlError 400, 405. */
export const metricControl = (request: GatewayRequest, metrics: MetricStore, now: number): GatewayAnswer => {
  if (request.method !== 'GET') throw new ControlError(405, 'Metrics take GET.');
  const { name, minutes } = parseQuery(request.query, metricQuery);
  const items = metrics.list(name ?? null, now - minutes * minuteMs).map(({ metric, points }) => ({
    ...metric,
    ...(name === undefined
      ? {}
      : { points: points.map(({ at, ...measured }) => ({ at: new Date(at).toISOString(), ...measured })) }),
  }));
  return json(200, { items });
};
