import * as z from 'zod';
import { type Durations, durationsSchema, usualDurations } from '../dynamodb/control/control-settings.ts';
import { type Corruption, corruptionSchema } from './backup-records.ts';

const nextBackup = z.enum(['failed', 'aborted', 'expired']).nullable();
const nextRestore = z.enum(['failed', 'aborted']).nullable();

export const backupSettingsChange = durationsSchema.partial().extend({
  /** What the next backup job that is started comes to; null: it completes. */
  nextBackup: nextBackup.optional(),
  nextRestore: nextRestore.optional(),
  /** What is wrong with the next copy that is restored from a recovery point; null: nothing. */
  corrupt: corruptionSchema.nullable().optional(),
});

/** What people and tests set at /_local/backup. */
export class BackupSettings {
  durations: Durations = usualDurations;
  #nextBackup: z.output<typeof nextBackup> = null;
  #nextRestore: z.output<typeof nextRestore> = null;
  #corrupt: Corruption | null = null;

  change(change: z.output<typeof backupSettingsChange>): void {
    const { nextBackup: backup, nextRestore: restore, corrupt, ...durations } = change;
    this.durations = durationsSchema.parse({ ...this.durations, ...durations });
    if (backup !== undefined) this.#nextBackup = backup;
    if (restore !== undefined) this.#nextRestore = restore;
    if (corrupt !== undefined) this.#corrupt = corrupt;
  }

  read(): Readonly<Record<string, unknown>> {
    return {
      ...this.durations,
      nextBackup: this.#nextBackup,
      nextRestore: this.#nextRestore,
      corrupt: this.#corrupt,
    };
  }

  takeNextBackup(): z.output<typeof nextBackup> {
    const taken = this.#nextBackup;
    this.#nextBackup = null;
    return taken;
  }

  takeNextRestore(): z.output<typeof nextRestore> {
    const taken = this.#nextRestore;
    this.#nextRestore = null;
    return taken;
  }

  takeCorruption(): Corruption | null {
    const taken = this.#corrupt;
    this.#corrupt = null;
    return taken;
  }

  reset(): void {
    this.change({ ...usualDurations, nextBackup: null, nextRestore: null, corrupt: null });
  }
}
