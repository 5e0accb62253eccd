import type { Timers } from '../../clock/timers.ts';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { BackupVaultModel, CloudModel } from '../../model.ts';
import type { TableCopy } from '../dynamodb/control/engine-reader.ts';
import type { EngineTables } from '../dynamodb/control/engine-tables.ts';
import type { TableBook } from '../dynamodb/control/table-facts.ts';
import type { TableRestorer } from '../dynamodb/control/table-restorer.ts';
import type { BackupSettings } from './backup-settings.ts';
import type { BackupStore } from './backup-store.ts';
import type { EventBus } from './event-bus.ts';
import { notFound } from './backup-error.ts';

/** What the kinds of jobs share. */
export interface BackupParts {
  readonly model: CloudModel;
  readonly clock: VirtualClock;
  readonly store: BackupStore;
  readonly settings: BackupSettings;
  readonly timers: Timers;
  readonly events: EventBus;
  readonly tables: EngineTables;
  readonly book: TableBook;
  readonly restorer: TableRestorer;
  /** All items of a table at one instant, with every write that was answered before it is called. */
  readonly copy: (tableName: string) => TableCopy | Promise<TableCopy>;
  readonly log: (message: string) => void;
}

/** @throws ServiceError when the template has no such vault. */
export const vaultOf = ({ model }: Pick<BackupParts, 'model'>, name: string): BackupVaultModel => {
  const found = model.backup.vaults.find((vault) => vault.name === name);
  if (found === undefined) throw notFound(`Backup vault ${name} does not exist`);
  return found;
};
