import { setTimeout as sleep } from 'node:timers/promises';
import type { Activity } from '../clock/activity.ts';
import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Faults, FaultTarget } from '../faults/faults.ts';
import type {
  BackupRuleModel,
  CloudModel,
  EventSourceModel,
  FunctionModel,
  ScheduleModel,
  TableModel,
} from '../model.ts';
import type { Services } from '../services/services.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Strict } from '../strict.ts';
import type { Outcome } from '../workers/outcome.ts';
import type { FunctionHost } from '../workers/function-host.ts';
import { quickPause } from './back-off.ts';
import { heaviestBatch } from './batch-payload.ts';
import { failedRecordsOf } from './failed-records.ts';
import { QueueSource } from './queue-source.ts';
import { repeatedDelivery } from './repeated-delivery.ts';
import { ScheduleSource } from './schedule-source.ts';
import type { Source } from './source.ts';
import { SplitStream, type TableStream } from './split-stream.ts';
import { StreamEngine } from './stream-engine.ts';
import { StreamSource } from './stream-source.ts';

export interface SourcesOptions {
  readonly model: CloudModel;
  readonly services: Pick<Services, 'queues' | 'backups' | 'putObject' | 'databaseEndpoint' | 'onTableWrite'>;
  readonly state: LocalState;
  readonly host: FunctionHost;
  readonly clock: VirtualClock;
  readonly activity: Activity;
  readonly faults: Faults;
  readonly strict: Strict | null;
  readonly quickRetries: number;
  /** Batches of a queue at once. */
  readonly concurrency: number;
}

const streamFaultTargets: Readonly<Record<string, FaultTarget>> = {
  'stream-kpis': 'stream:kpi',
  'stream-alerts': 'stream:alerts',
};

/** Everything that feeds functions by itself, as the event source mappings and schedules of the template say. */
export class Sources {
  readonly all: readonly Source[];
  /** Switched off by hand. */
  readonly #off = new Set<Source>();

  constructor(options: SourcesOptions) {
    const { model, activity } = options;
    this.all = [
      ...model.eventSources.filter(({ enabled }) => enabled).map((mapping) => sourceOf(mapping, options)),
      ...model.schedules
        .filter(({ enabled }) => enabled)
        .map((schedule) => {
          const { clock, state, host } = options;
          const target = functionOf(model, schedule.targetFunctionId);
          const invoke = (event: unknown) => host.invoke(target.id, event, null, 'event');
          return new ScheduleSource({ name: scheduleName(schedule, target), schedule, clock, state, invoke });
        }),
      ...model.backup.rules.map((rule) => planSource(rule, options)),
    ];
    for (const [index, source] of this.all.entries()) activity.watch(`${source.name} (${index})`, () => source.busy());
  }

  start(): void {
    this.#off.clear();
    for (const source of this.all) source.start();
  }

  running(source: Source): boolean {
    return !this.#off.has(source);
  }

  /** Switches one source off or on; it keeps its place meanwhile. */
  async turn(source: Source, on: boolean): Promise<void> {
    if (on === this.running(source)) return;
    if (on) {
      this.#off.delete(source);
      source.start();
    } else {
      this.#off.add(source);
      await source.stop();
      source.standBy?.();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.all.map((source) => source.stop()));
  }
}

/** A function may have a rate and a cron schedule: the latter is named by its pattern. */
const scheduleName = ({ expression }: ScheduleModel, target: FunctionModel): string =>
  expression.startsWith('rate(') ? `schedule -> ${target.name}` : `schedule ${expression} -> ${target.name}`;

/** A rule of a backup plan: its jobs start at its times, once for a run that was missed. */
const planSource = (rule: BackupRuleModel, { services, clock, state }: SourcesOptions): Source => {
  const { id, name, expression, timezone } = rule;
  const schedule = {
    id,
    name,
    expression,
    timezone,
    targetFunctionId: '',
    input: '{}',
    enabled: true,
    retryAttempts: 0,
  };
  const invoke = async (): Promise<Outcome> => {
    await services.backups.runRule(rule);
    return { kind: 'answered', payload: 'null' };
  };
  return new ScheduleSource({
    name: `schedule ${expression} -> backup plan ${rule.planName}`,
    schedule,
    clock,
    state,
    invoke,
  });
};

const functionOf = (model: CloudModel, id: string): FunctionModel => {
  const found = model.functions.find((candidate) => candidate.id === id);
  if (found === undefined) throw new Error(`the model has no function ${id}`);
  return found;
};

/** The engine's stream as it is, or split as DynamoDB's would be. */
const streamOf = (mapping: EventSourceModel, table: TableModel, options: SourcesOptions): TableStream => {
  const { services, state, strict, clock } = options;
  const engine = new StreamEngine(services.databaseEndpoint);
  return strict === null
    ? engine
    : new SplitStream({ engine, mapping, table, state, strict, now: () => clock.now(), pause: (ms) => sleep(ms) });
};

const sourceOf = (mapping: EventSourceModel, options: SourcesOptions): Source => {
  const { model, services, state, host, clock, faults } = options;
  const target = functionOf(model, mapping.functionId);
  const { region } = model;
  const invoke = (event: unknown, crash: 'before' | 'after' | null) => host.invoke(target.id, event, crash);
  const { queues } = services;
  const deliveries = {
    comesAgain: repeatedDelivery(options.strict, mapping.id),
    heaviestBatch: options.strict === null ? Infinity : heaviestBatch,
  };
  if (mapping.kind === 'queue') {
    const name = `queue ${mapping.sourceArn.split(':').at(-1)} -> ${target.name}`;
    const { concurrency } = options;
    return new QueueSource({ name, mapping, region, queues, faults, clock, concurrency, invoke, ...deliveries });
  }
  const table = model.tables.find(({ streamArn }) => streamArn === mapping.sourceArn);
  if (table === undefined) throw new Error(`${mapping.id}: no table has the stream ${mapping.sourceArn}`);
  return new StreamSource({
    name: `stream ${table.name} -> ${target.name}`,
    mapping,
    region,
    table,
    engine: streamOf(mapping, table, options),
    state,
    failed: failedRecordsOf({ mapping, target, services }),
    faults,
    faultTarget: streamFaultTargets[target.name] ?? null,
    clock,
    onTableWrite: services.onTableWrite.bind(services),
    invoke,
    quickPause,
    quickRetries: options.quickRetries,
    ...deliveries,
  });
};
