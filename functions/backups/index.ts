/** The context of backups: copies of the tables, how old the newest are, and what says of which minute a copy is. */
export { writeCanaries } from './canaries.ts';
export { ageSecondsOf, newestOf } from './domain/freshness.ts';
export { backupsRoutes, type BackupsOptions } from './handlers.ts';
export { backupsContract } from './routes.ts';
export { BackupStore } from './store.ts';
export { lookAtBackups } from './use-cases/look.ts';
export type { ScratchTables, WatchedTable, WatchPorts } from './use-cases/ports.ts';
export { manifestDueHandler } from './use-cases/write-manifest.ts';
export { backupWorld } from './world.ts';
