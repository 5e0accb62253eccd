import type { Construct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import { tableArn } from './scratch-tables.ts';

/**
 * How the name of a table begins that shall take the place of the lost operations table (`npm run cutover`). Other than the
 * scratch tables of drills: those may be removed by functions, a table that becomes live never.
 */
export const restoredTablePrefix = ({ stage }: Pick<StageConfig, 'stage'>): string =>
  `cloud-service-desk-${stage}-operations-`;

/** The ARN of every table of a stage that was restored for good. */
export const restoredTablesArn = (scope: Construct, config: StageConfig): string =>
  tableArn(scope, `${restoredTablePrefix(config)}*`);
