import type { DatabaseSync } from 'node:sqlite';
import type { Timers } from '../../../clock/timers.ts';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { CloudModel, TableModel } from '../../../model.ts';
import { EngineCalls } from '../engine-calls.ts';
import type { Engine } from '../engine.ts';
import type { Durations } from './control-settings.ts';
import { EngineReader } from './engine-reader.ts';
import { EngineTables } from './engine-tables.ts';
import { PastStates } from './past-states.ts';
import { PointInTime } from './point-in-time.ts';
import { TableControl } from './table-control.ts';
import { TableBook } from './table-facts.ts';
import { TableMaker } from './table-maker.ts';
import { TableRestorer } from './table-restorer.ts';

/** DynamoDB's control plane over an engine, and its parts for who makes tables too. */
export interface ControlPlane {
  readonly calls: EngineCalls;
  readonly tables: EngineTables;
  readonly book: TableBook;
  /** Null for an engine whose file cannot be read, as is `past`. */
  readonly reader: EngineReader | null;
  readonly past: PastStates | null;
  readonly restorer: TableRestorer;
  readonly control: TableControl;
}

export const controlPlane = (options: {
  readonly model: CloudModel;
  readonly file: DatabaseSync;
  readonly clock: VirtualClock;
  readonly timers: Timers;
  readonly connection: Engine;
  readonly engineFile: string | null;
  /** Tables of the desk itself, which are not to be seen. */
  readonly hidden: readonly TableModel[];
  readonly durations: () => Durations;
}): ControlPlane => {
  const { model, file, clock, timers, connection, engineFile, durations } = options;
  const calls = new EngineCalls(connection);
  const tables = new EngineTables(calls);
  const book = new TableBook(file);
  book.deploy(model.tables, clock.now());
  const reader = engineFile === null ? null : new EngineReader(engineFile);
  const past = reader === null ? null : new PastStates({ file, reader, clock });
  const restorer = new TableRestorer({ tables, book, clock });
  const shared = { model, clock, tables, book, timers, durations };
  const pointInTime = new PointInTime({ ...shared, past, restorer });
  const maker = new TableMaker(shared);
  const hidden = new Set(options.hidden.map(({ name }) => name));
  const control = new TableControl({ ...shared, reader, maker, pointInTime, isHidden: (name) => hidden.has(name) });
  return { calls, tables, book, reader, past, restorer, control };
};
