import type { Action, ActionName, Observation } from '../domain/action.ts';
import { ownTable } from '../domain/drill.ts';
import { Backups } from './backups.ts';
import { LeftOverTables } from './left-over-tables.ts';
import type { DrillAwsOptions } from './options.ts';
import { Rearming } from './rearming.ts';
import { Restores } from './restores.ts';
import { ScratchNames } from './scratch-names.ts';
import { ScratchTable } from './scratch-table.ts';
import { TableSource } from './table-source.ts';
import { troubleOf } from './troubles.ts';

/** The actions that are calls of AWS; the others work on items and objects. */
export const awsActionNames = [
  'describe-source',
  'list-recovery-points',
  'start-backup',
  'look-at-backup',
  'start-restore',
  'look-at-restore',
  'look-at-table',
  'rearm',
  'remove-table',
] as const satisfies readonly ActionName[];
export type AwsActionName = (typeof awsActionNames)[number];

type ActionOf<Name extends ActionName> = Extract<Action, { readonly do: Name }>;
export type ActionHandler = (action: Action) => Promise<Observation>;

/** An action was given to the handler of another. */
export class NotMyAction extends Error {
  override readonly name = 'NotMyAction';
  constructor(wanted: ActionName, got: ActionName) {
    super(`${got} was given to whoever does ${wanted}.`);
  }
}

const isOf = <Name extends ActionName>(action: Action, name: Name): action is ActionOf<Name> => action.do === name;

/** Does one kind of action. What AWS refuses becomes a trouble; what nobody knows is thrown, so that it is seen. */
const doing =
  <Name extends ActionName>(name: Name, run: (action: ActionOf<Name>) => Promise<Observation>): ActionHandler =>
  async (action) => {
    if (!isOf(action, name)) throw new NotMyAction(name, action.do);
    try {
      return await run(action);
    } catch (error) {
      const trouble = troubleOf(error, name);
      if (trouble === null) throw error;
      return trouble;
    }
  };

const scratchNames = ({ scratchPrefix, tableNames }: DrillAwsOptions): ScratchNames =>
  new ScratchNames(scratchPrefix, Object.values(tableNames));

const describeSource = async (tables: TableSource, name: string): Promise<Observation> => {
  const of = 'describe-source';
  const source = await tables.shape(name);
  return source === null ? { of, trouble: 'not-found', message: `There is no table ${name}.` } : { of, source };
};

const startRestore = (
  restores: Restores,
  names: ScratchNames,
  { source, recoveryPoint, scratchTable, token, drillId }: ActionOf<'start-restore'>,
): Promise<Observation> => {
  const message = names.refusal(scratchTable);
  if (!names.allows(scratchTable)) return Promise.resolve({ of: 'start-restore', trouble: 'refused', message });
  const { arn, createdAt } = recoveryPoint;
  if (arn === null) return restores.startFromInstant({ source, at: createdAt, scratchTable, drillId });
  return restores.startFromBackup({ recoveryPointArn: arn, scratchTable, token });
};

/** Who does what of a drill's actions by AWS Backup and DynamoDB. */
export const awsActions = (options: DrillAwsOptions): Readonly<Record<AwsActionName, ActionHandler>> => {
  const names = scratchNames(options);
  const tables = new TableSource(options.dynamodb);
  const backups = new Backups(options);
  const restores = new Restores(options);
  const scratch = new ScratchTable(options.dynamodb, names);
  const rearming = new Rearming(options.dynamodb, names);
  const physical = (table: string): string => (table === ownTable ? options.tableNames.operations : table);
  return {
    'describe-source': doing('describe-source', ({ table }) => describeSource(tables, physical(table))),
    'list-recovery-points': doing('list-recovery-points', async ({ tableArn }) => ({
      of: 'list-recovery-points',
      recoveryPoints: await backups.recoveryPoints(tableArn),
    })),
    'start-backup': doing('start-backup', ({ tableArn, token }) => backups.start(tableArn, token)),
    'look-at-backup': doing('look-at-backup', ({ jobId }) => backups.look(jobId)),
    'start-restore': doing('start-restore', (action) => startRestore(restores, names, action)),
    'look-at-restore': doing('look-at-restore', ({ jobId, scratchTable }) =>
      jobId === null ? restores.lookAtTable(scratchTable) : restores.lookAtJob(jobId),
    ),
    'look-at-table': doing('look-at-table', ({ scratchTable }) => scratch.look(scratchTable)),
    rearm: doing('rearm', (action) => rearming.rearm(action)),
    'remove-table': doing('remove-table', ({ scratchTable }) => scratch.remove(scratchTable)),
  };
};

/** The janitor's list. */
export const leftOverTables = (options: DrillAwsOptions): LeftOverTables =>
  new LeftOverTables(options.dynamodb, scratchNames(options));
