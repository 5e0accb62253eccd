import type { Clock } from '../../platform/clock.ts';
import { IllegalTransition } from '../../platform/errors.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Trouble } from '../../desk/index.ts';
import type { Doing } from '../domain/action.ts';
import type { Drill, Objectives } from '../domain/drill.ts';
import type { DrillStore } from '../store.ts';

/** The service whose data a table is. */
export interface TableService {
  readonly id: string;
  readonly ownerTeamId: string | null;
  readonly objectives: Objectives | null;
}

export interface RaisedTrouble {
  readonly alertId: string;
  readonly item: TransactItem;
}

/** What starting and ending drills works with. */
export interface DrillPorts {
  readonly drills: Pick<DrillStore, 'find' | 'list' | 'commit' | 'runningOf'>;
  readonly serviceOf: (table: string) => Promise<TableService | null>;
  /** Tables that may be drilled. */
  readonly tables: readonly string[];
  /** With what the names of scratch tables begin. */
  readonly scratchPrefix: string;
  readonly clock: Clock;
}

/** What performing them works with. */
export interface AttendPorts {
  readonly drills: Pick<DrillStore, 'find' | 'commit' | 'postpone'>;
  readonly doing: Doing;
  readonly serviceOf: DrillPorts['serviceOf'];
  /** Opens the ticket, and makes the alert for the transaction of the conclusion. */
  readonly report: (trouble: Trouble) => Promise<RaisedTrouble>;
  /** Keeps a text for good unless there is one of that name; answers the one that is kept. */
  readonly evidence: { keep(name: string, text: string, contentType: string): Promise<string> };
  readonly clock: Clock;
}

/** Another drill of the table runs: one at a time. */
export class DrillRunning extends IllegalTransition {
  constructor(table: string, drillId: string | null) {
    super(`A drill of ${table} is running${drillId === null ? '' : `: ${drillId}`}. Wait for its end, or cancel it.`);
  }
}

export type Remember = (drill: Drill) => TransactItem | undefined;
