import type { BackupRuleModel } from '../../model.ts';
import type { LocalState } from '../../state/local-state.ts';
import { wildcardTest } from '../permissions/wildcard.ts';
import { BackupCalls } from './backup-calls.ts';
import { BackupJobs } from './backup-jobs.ts';
import type { BackupParts } from './backup-parts.ts';
import type { BackupSettings } from './backup-settings.ts';
import { RecoveryPoints } from './recovery-points.ts';
import { RestoreJobs } from './restore-jobs.ts';

/** AWS Backup as the rest of the desk sees it. */
export interface Backups {
  readonly settings: BackupSettings;
  /** Starts the jobs of one rule of a backup plan, for every table that the plan selects. */
  runRule(rule: BackupRuleModel): Promise<void>;
}

const startWindowMinutes = 480;
const completeWindowMinutes = 10_080;

export class LocalBackups implements Backups {
  readonly calls: BackupCalls;
  readonly #parts: BackupParts;
  readonly #jobs: { readonly backups: BackupJobs; readonly restores: RestoreJobs; readonly points: RecoveryPoints };

  #starting = 0;

  constructor(parts: BackupParts, state: LocalState) {
    this.#parts = parts;
    const points = new RecoveryPoints(parts);
    this.#jobs = { points, backups: new BackupJobs(parts, points), restores: new RestoreJobs(parts) };
    this.calls = new BackupCalls(parts, this.#jobs, state);
  }

  get settings(): BackupSettings {
    return this.#parts.settings;
  }

  /** Jobs of a plan are being started. */
  get busy(): boolean {
    return this.#starting > 0;
  }

  async runRule(rule: BackupRuleModel): Promise<void> {
    this.#starting += 1;
    try {
      await this.#startAll(rule);
    } finally {
      this.#starting -= 1;
    }
  }

  async #startAll(rule: BackupRuleModel): Promise<void> {
    const { model, book, log } = this.#parts;
    for (const { roleArn, resources, notResources, conditions, tags } of rule.selections) {
      const named = wildcardTest(resources, false);
      const leftOut = wildcardTest(notResources, false);
      for (const tableName of book.names()) {
        const tableArn = `arn:aws:dynamodb:${model.region}:${model.accountId}:table/${tableName}`;
        const has = book.of(tableName).tags;
        const tagged = tags.some(({ key, value }) => has[key] === value);
        const chosen = named(tableArn) && conditions.every(({ key, value }) => has[key] === value);
        if (leftOut(tableArn) || !(chosen || tagged)) continue;
        try {
          await this.#jobs.backups.start(
            {
              vaultName: rule.vaultName,
              tableArn,
              roleArn,
              token: null,
              startWindowMinutes,
              completeWindowMinutes,
              deleteAfterDays: rule.deleteAfterDays,
              createdBy: { planId: rule.planId, planArn: rule.planArn, planName: rule.planName, ruleId: rule.id },
              managed: this.calls.managed,
            },
            null,
          );
        } catch (error) {
          log(`backup rule ${rule.name}: ${tableName}: ${String(error)}`);
        }
      }
    }
  }

  /** Goes on with what an earlier desk had begun. */
  async resume(): Promise<void> {
    const { store } = this.#parts;
    for (const job of store.backupJobs()) this.#jobs.backups.plan(job);
    for (const point of store.points()) this.#jobs.points.plan(point);
    await this.#jobs.restores.resume();
  }
}
