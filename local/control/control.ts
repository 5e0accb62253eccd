import * as z from 'zod';
import type { DeskClock } from '../clock/desk-clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import type { TokenIssuer } from '../identity/token-issuer.ts';
import type { AlarmWatch } from '../metrics/alarm-watch.ts';
import type { MetricStore } from '../metrics/metric-store.ts';
import type { Backups } from '../services/backup/backups.ts';
import type { Outbox } from '../services/outbox.ts';
import type { Sources } from '../sources/sources.ts';
import { alarmControl, metricControl } from './alarm-control.ts';
import { type AwsControl, awsControl } from './aws-control.ts';
import { backupControl } from './backup-control.ts';
import { clockControl } from './clock-control.ts';
import { faultControl } from './fault-control.ts';
import { ControlError, json, parseQuery, problem } from './problem.ts';
import { sourceControl } from './source-control.ts';
import { tokenControl } from './token-control.ts';

export interface ControlOptions {
  readonly clock: DeskClock;
  readonly faults: Faults;
  readonly issuer: TokenIssuer;
  readonly outbox: Outbox;
  readonly alarms: AlarmWatch;
  readonly metrics: MetricStore;
  readonly sources: Sources;
  readonly aws: AwsControl;
  readonly backups: Backups;
  readonly reset: () => Promise<void>;
  /** @throws ControlError 409 when what is to be deployed does not hold. */
  readonly deploy: () => Promise<void>;
}

const outboxQuery = z.object({ after: z.coerce.number().int().min(0).default(0) });

/** A page of another site, or a name that only pretends to be this machine, must not steer the desk. */
const refuseStrangers = ({ headers }: GatewayRequest): void => {
  const host = headers['host'] ?? '';
  const origin = headers['origin'];
  const isLocal = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/.test(host);
  if (!isLocal || (origin !== undefined && origin !== `http://${host}`)) {
    throw new ControlError(
      403,
      'The control routes answer only requests from this machine, to localhost or 127.0.0.1.',
    );
  }
};

const route = async (request: GatewayRequest, options: ControlOptions): Promise<GatewayAnswer> => {
  refuseStrangers(request);
  const [name = '', rest = ''] = request.path.slice('/_local/'.length).split('/');
  switch (name) {
    case 'alarms':
      return alarmControl(request, options.alarms);
    case 'aws':
      return awsControl(request, options.aws);
    case 'backup':
      return backupControl(request, options.backups);
    case 'clock':
      return clockControl(request, options.clock);
    case 'faults':
      return faultControl(request, options.faults);
    case 'metrics':
      return metricControl(request, options.metrics, options.clock.now());
    case 'sources':
      return sourceControl(request, options.sources);
    case 'tokens':
      return tokenControl(request, decodeURIComponent(rest), options.issuer);
    case 'outbox':
      if (request.method !== 'GET') throw new ControlError(405, 'The outbox takes GET.');
      return json(200, { items: options.outbox.list(parseQuery(request.query, outboxQuery).after) });
    case 'deploy':
      if (request.method !== 'POST') throw new ControlError(405, 'The deployment takes POST.');
      await options.deploy();
      return json(200, { now: new Date(options.clock.now()).toISOString() });
    case 'reset':
      if (request.method !== 'POST') throw new ControlError(405, 'The reset takes POST.');
      await options.reset();
      return json(200, { now: new Date(options.clock.now()).toISOString() });
    default:
      throw new ControlError(
        404,
        'There are /_local/alarms, /_local/aws, /_local/backup, /_local/clock, /_local/deploy, /_local/faults, /_local/metrics, /_local/outbox, /_local/reset, /_local/sources and /_local/tokens.',
      );
  }
};

/** Answers the control routes under /_local. */
export const control = async (request: GatewayRequest, options: ControlOptions): Promise<GatewayAnswer> => {
  try {
    return await route(request, options);
  } catch (error) {
    if (error instanceof ControlError) return problem(error);
    throw error;
  }
};
