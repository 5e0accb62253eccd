import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { scratchTablePrefix } from './scratch-tables.ts';

/** What every function is told that has to do with drills. */
export class DrillEnvironment {
  readonly tables: {
    readonly DESK_TABLES: string;
    readonly DRILL_TABLES: string;
    readonly SCRATCH_TABLE_PREFIX: string;
  };

  constructor(scope: Construct, { config, parameters }: StageContext) {
    const backedUp = ['operations-table-name', 'kpis-table-name'] as const;
    this.tables = {
      DESK_TABLES: Stack.of(scope).toJsonString(backedUp.map((name) => parameters.read(scope, name))),
      DRILL_TABLES: JSON.stringify(config.drillTables),
      SCRATCH_TABLE_PREFIX: scratchTablePrefix(config),
    };
  }
}
