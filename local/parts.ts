import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Activity } from './clock/activity.ts';
import { clockFileAt, noClockFile } from './clock/clock-file.ts';
import { DeskClock } from './clock/desk-clock.ts';
import { FaultRegistry } from './faults/fault-registry.ts';
import type { Faults } from './faults/faults.ts';
import { Authorizer } from './gateway/authorizer.ts';
import { Gateway } from './gateway/gateway.ts';
import { TokenIssuer } from './identity/token-issuer.ts';
import { AlarmWatch, minutesKept } from './metrics/alarm-watch.ts';
import { HostMetrics } from './metrics/host-metrics.ts';
import { MetricStore } from './metrics/metric-store.ts';
import type { CloudModel } from './model.ts';
import { type Ground, openGround } from './services/ground.ts';
import type { Services } from './services/services.ts';
import { startServices } from './services/start-services.ts';
import { Sources } from './sources/sources.ts';
import type { Strict } from './strict.ts';
import { FunctionHost } from './workers/function-host.ts';
import type { Outcome } from './workers/outcome.ts';

/** What outlives a deployment: files and database, time, and the faults that were asked for. */
export interface Base {
  /** Null keeps everything in memory. */
  readonly dataDir: string | null;
  readonly filesDir: string;
  readonly ground: Ground;
  readonly activity: Activity;
  readonly faults: FaultRegistry;
  readonly clock: DeskClock;
}

export interface PartsOptions {
  readonly model: CloudModel;
  readonly base: Base;
  readonly verbose: boolean;
  readonly strict: Strict | null;
  readonly quickRetries: number;
}

/** What a desk is made of, wired but not yet running: no source has started, nothing listens. */
export interface Parts {
  readonly model: CloudModel;
  readonly activity: Activity;
  readonly faults: Faults;
  readonly clock: DeskClock;
  readonly services: Services;
  readonly host: FunctionHost;
  readonly issuer: TokenIssuer;
  readonly gateway: Gateway;
  readonly sources: Sources;
  readonly metrics: MetricStore;
  readonly alarms: AlarmWatch;
}

/** Steps that end what has been started; run last to first. */
export type Undo = (() => void | Promise<void>)[];

const workersPerFunction = 2;

/** Folder for the desk's files; a temporary one when it keeps nothing. */
const filesDirOf = (dataDir: string | null, undo: Undo): string => {
  if (dataDir !== null) {
    mkdirSync(dataDir, { recursive: true });
    return dataDir;
  }
  const temporary = mkdtempSync(join(tmpdir(), 'cloud-service-desk-'));
  undo.push(() => rmSync(temporary, { recursive: true, force: true }));
  return temporary;
};

/** Opens what all deployments have in common. What must be ended again is added to `undo`, also when it throws. */
export const openBase = async (
  { dataDir, startAt }: { readonly dataDir: string | null; readonly startAt: number | null },
  undo: Undo,
): Promise<Base> => {
  const filesDir = filesDirOf(dataDir, undo);
  const activity = new Activity();
  const file = dataDir === null ? noClockFile : clockFileAt(join(dataDir, 'clock.json'));
  const clock = new DeskClock({ activity, file, startAt });
  undo.push(() => clock.stop());
  const ground = await openGround(dataDir);
  undo.push(() => ground.close());
  clock.keep();
  return { dataDir, filesDir, ground, activity, faults: new FaultRegistry(), clock };
};

/** Starts services and wires everything to them. What must be ended again is added to `undo`, also when it throws. */
export const startParts = async (options: PartsOptions, undo: Undo): Promise<Parts> => {
  const { model, base, verbose, strict } = options;
  const { dataDir, filesDir, ground, activity, faults, clock } = base;
  activity.forget();

  const killWorker = (accessKeyId: string): void => host.killWorker(accessKeyId);
  const invoke = (functionId: string, event: unknown): Promise<Outcome> => host.invoke(functionId, event);
  const services = await startServices({ model, clock, faults, dataDir, ground, killWorker, invoke, strict });
  undo.push(() => services.stop());
  activity.watch('late writes, restored and removed tables', () => services.busy);

  const now = (): number => clock.now();
  const metrics = new MetricStore(minutesKept(model.alarms));
  const observer = new HostMetrics(metrics, now);
  const workers = workersPerFunction;
  const host = new FunctionHost({
    model,
    services,
    clock: clock.offset,
    activity,
    faults,
    dataDir: filesDir,
    verbose,
    strict,
    workers,
    observer,
  });
  undo.push(() => host.stop());

  const { authorizer: expected } = model.api;
  const { state } = services;
  const issuer = await TokenIssuer.create({ authorizer: expected, state, now });
  const authorizer = expected === null ? null : new Authorizer({ expected, keys: issuer.keys(), now });
  const gateway = new Gateway({
    api: model.api,
    strict,
    authorizer,
    invoke: (functionId, event) => host.invoke(functionId, event),
    now,
    answered: (record) => observer.answered(model.api.id, record),
  });
  activity.watch('requests', () => gateway.inFlight > 0);

  const sources = new Sources({
    model,
    services,
    state,
    host,
    clock,
    activity,
    faults,
    strict,
    quickRetries: options.quickRetries,
    concurrency: workers,
  });
  undo.push(() => sources.stop());
  const alarms = new AlarmWatch({
    alarms: model.alarms,
    store: metrics,
    clock,
    sample: (at) => observer.sampleQueues(model.queues, services.queues, at),
    publish: (topicArn, subject, message) => services.publish(topicArn, subject, message),
  });
  undo.push(() => alarms.stop());
  return { model, activity, faults, clock, services, host, issuer, gateway, sources, metrics, alarms };
};
