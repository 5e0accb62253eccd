import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../platform/clock.ts';
import type { DeskMetrics } from '../platform/metrics.ts';
import { changedHeads, type ChangedHeadsOptions } from '../platform/store/changed-heads.ts';
import { heartbeatOf } from '../platform/stream/heartbeat.ts';
import { streamHandler } from '../platform/stream/pipeline.ts';
import { measureEvent } from './measure.ts';
import type { RecountRunPorts } from './recount-job-handler.ts';
import { FactStore } from './store/fact-store.ts';
import { HeartbeatStore } from './store/heartbeat-store.ts';
import { HistoryStore } from './store/history-store.ts';
import { recountLeaseKey } from './store/keys.ts';
import { LeaseStore } from './store/lease-store.ts';
import { MarkStore } from './store/mark-store.ts';
import { RecountStore } from './store/recount-store.ts';
import { RollupStore } from './store/rollup-store.ts';
import { TicketRowStore } from './store/ticket-row-store.ts';
import { HintPace } from './use-cases/hint-pace.ts';
import { projection } from './use-cases/project-change.ts';
import type { RollupRunPorts } from './use-cases/run-rollup.ts';
import { watchHeartbeat } from './use-cases/watch-heartbeat.ts';

/** The KPI context: facts from events, rollups from facts, figures from rollups; and the ticket rows of the lists table. */
export { definitionOf, type KpiDefinition } from './domain/definitions.ts';
export type { Fact } from './domain/fact.ts';
export { type GroupBy, type GroupName, nobody } from './domain/group.ts';
export { localDay } from './domain/local-time.ts';
export type { Period } from './domain/period.ts';
export { kpisRoutes, type KpisOptions } from './handlers.ts';
export { RecountIncomplete, recountHandler } from './recount-job-handler.ts';
export { recountRoutes, type RecountRoutesOptions } from './recount-handlers.ts';
export { RollupIncomplete, rollupHandler } from './rollup-job-handler.ts';
export { figureSchema, kpisContract } from './routes.ts';
export { lanes } from './store/keys.ts';
export { RecountStore } from './store/recount-store.ts';
export { answerKpi, type RollupReader } from './use-cases/answer-kpi.ts';
export {
  type Explained,
  explainKpi,
  type ExplainPorts,
  type ExplainPosition,
  explainPositionSchema,
} from './use-cases/explain-kpi.ts';
export { factsOfPeriod, type PeriodFactsPorts } from './use-cases/facts-of-period.ts';
export { monthOf, readPeriod } from './use-cases/read-period.ts';

export interface KpisTable {
  readonly client: DynamoDBDocumentClient;
  /** The kpis table. */
  readonly table: string;
}

/** What figures and their explanations are read from. */
export const kpiReaders = (kpis: KpisTable) => ({ facts: new FactStore(kpis), rollups: new RollupStore(kpis) });

/** Sends hints at the pace of the desk; one that could not be sent is not counted on. */
const paced = (clock: Clock, send: (delaySeconds: number) => Promise<void>) => {
  const pace = new HintPace();
  return async (): Promise<void> => {
    const delay = pace.next(clock.now());
    if (delay === null) return;
    try {
      await send(delay);
    } catch (error) {
      pace.forget();
      throw error;
    }
  };
};

/** The stream function: facts, dirty marks and ticket rows. `hint` wakes the rollup after so many seconds. */
export const kpiStream = (
  options: KpisTable & {
    readonly listsTable: string;
    readonly zone: string;
    readonly hint: (delaySeconds: number) => Promise<void>;
    readonly clock: Clock;
    readonly metrics: DeskMetrics;
  },
) => {
  const ports = {
    zone: options.zone,
    hint: paced(options.clock, options.hint),
    facts: new FactStore(options),
    marks: new MarkStore(options),
    rows: new TicketRowStore({ client: options.client, table: options.listsTable }),
  };
  const heartbeats = new HeartbeatStore({ ...options, jobs: new RecountStore(options) });
  return streamHandler(() => {
    const { project, finish } = projection(ports);
    return {
      project: async (change) => {
        const heartbeat = heartbeatOf(change);
        if (heartbeat !== null) return watchHeartbeat({ clock: options.clock, heartbeats }, heartbeat);
        await project(change);
        measureEvent(options, change);
      },
      finish,
    };
  }, options.metrics);
};

/** Longer than the timeout of 120 s of the rollup and of the recount: a run that was cut off is dead when its lease ends. */
const leaseMs = 150_000;

/** New rounds begin for this long; the rest of the function's timeout is for finishing the last. */
const budgetMs = 60_000;

/** Heads of each segment that a recount looks at before it saves where it is. */
const headsAtOnce = 250;

/** What a rollup run works with. */
export const rollupPorts = (options: KpisTable & { readonly clock: Clock }): RollupRunPorts => ({
  facts: new FactStore(options),
  marks: new MarkStore(options),
  rollups: new RollupStore(options),
  lease: new LeaseStore({ ...options, forMs: leaseMs }),
  clock: options.clock,
  budgetMs,
  hoursPerRound: 200,
});

/** What a recount works with. */
export const recountPorts = (
  options: KpisTable & {
    readonly operationsTable: string;
    readonly listsTable: string;
    readonly zone: string;
    readonly clock: Clock;
    readonly tells: ChangedHeadsOptions['tells'];
    readonly hint: () => Promise<void>;
  },
): RecountRunPorts => {
  const { client, operationsTable, zone, clock, tells, hint } = options;
  const jobs = new RecountStore(options);
  return {
    zone,
    clock,
    changed: {
      page: ({ at: since, numberedAfter }, scan) =>
        changedHeads({ client, table: operationsTable, since, numberedAfter, tells, pageSize: headsAtOnce }, scan),
    },
    history: new HistoryStore({ client, table: operationsTable }),
    facts: new FactStore(options),
    rows: new TicketRowStore({ client, table: options.listsTable }),
    rollups: new RollupStore(options),
    marks: new MarkStore(options),
    jobs,
    lease: new LeaseStore({ ...options, forMs: leaseMs, key: recountLeaseKey }),
    heartbeat: new HeartbeatStore({ ...options, jobs }),
    hint,
    budgetMs,
  };
};
