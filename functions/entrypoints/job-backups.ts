import { BackupStore, backupWorld, lookAtBackups, writeCanaries } from '../backups/index.ts';
import { backupClient, DrillStore, scratchTables, tablesClient } from '../drills/index.ts';
import { readEnvironment } from '../platform/environment.ts';
import { jobHandler } from '../platform/job/pipeline.ts';
import { DeskMetrics } from '../platform/metrics.ts';
import { drillTables, troubleReports } from './drills.ts';
import { environments } from './environments.ts';
import { operations } from './operations.ts';

const environment = readEnvironment(environments['job-backups']);
const base = operations(environment);
const metrics = new DeskMetrics(environment.STAGE);
const { REPORTING_ZONE: zone, SCRATCH_TABLE_PREFIX: prefix, BACKUP_VAULT: vault } = environment;
const { watched: tables, live } = drillTables(environment);
const dynamodb = tablesClient();
const ports = {
  ...base,
  ...troubleReports(base, zone),
  backups: new BackupStore(base),
  world: backupWorld({ backup: backupClient(), dynamodb, vault }),
  scratch: scratchTables({ dynamodb, prefix, live, drills: new DrillStore(base) }),
  tables,
  zone,
};

/** Minutes between two looks at AWS Backup; canaries are written each minute. */
const lookEvery = 5;
const minuteMs = 60_000;

/** Writes canaries, and looks after backups. Trigger: each minute. While it fails, nobody notices that copies grow old. */
export const handler = jobHandler({
  line: 'backups',
  metrics,
  run: async () => {
    const now = base.clock.now();
    const [canaries, look] = await Promise.allSettled([
      writeCanaries(base.client, base.table, now),
      Math.floor(now / minuteMs) % lookEvery === 0 ? lookAtBackups(ports) : null,
    ]);
    if (canaries.status === 'rejected') throw canaries.reason;
    if (look.status === 'rejected') throw look.reason;
    if (look.value !== null) metrics.add('RecoveryPointAge', look.value.oldestAgeSeconds);
    return look.value;
  },
});
