import * as z from 'zod';
import type { Role } from '../platform/actor.ts';
import { defineRoute, type RouteContract } from '../platform/http/contract.ts';
import { aPageOf, line, pageQuery, storedInstant } from '../platform/http/fields.ts';
import { backupRunSchema, runStateSchema } from './domain/backup-run.ts';

const readers: readonly Role[] = ['agent', 'lead', 'engineer', 'manager', 'auditor', 'admin'];

export const runAnswer = backupRunSchema.meta({ id: 'BackupRun' });

export const backupsAnswer = z
  .object({
    lookedAt: storedInstant.nullable().describe('The last look; null: nobody has looked yet.'),
    items: z.array(
      z.object({
        table: z.string(),
        newestRecoveryPointAt: storedInstant
          .nullable()
          .describe('When the newest recovery point of the vault was made; null: there is none.'),
        continuous: z
          .object({ latestRestorableAt: storedInstant })
          .nullable()
          .describe('Point-in-time recovery; null where it is off.'),
        method: z
          .enum(['backup', 'pitr'])
          .nullable()
          .describe('By which of the two the newest data could be restored.'),
        ageSeconds: z.number().nullable().describe('How old the newest of both is: what would be lost now.'),
        limitSeconds: z
          .number()
          .describe('How old it may be: the objective of the service with this table, or the usual.'),
        stale: z.boolean(),
        lastRun: backupRunSchema.pick({ id: true, state: true, createdAt: true, completedAt: true }).nullable(),
      }),
    ),
  })
  .meta({ id: 'Backups' });

export const getBackups = defineRoute({
  method: 'GET',
  path: '/v1/backups',
  summary: 'How old the newest recovery point of each table is',
  description: 'As it was at the last look, some minutes ago; ages are those of this moment.',
  requirements: ['S-02', 'S-03'],
  roles: readers,
  customerScope: 'none',
  success: { status: 200, answer: backupsAnswer },
});

export const listBackupRuns = defineRoute({
  method: 'GET',
  path: '/v1/backups/runs',
  summary: 'Backup jobs, newest first',
  requirements: ['S-02'],
  roles: readers,
  customerScope: 'none',
  get query() {
    return z.strictObject({ table: line(255).optional(), state: runStateSchema.optional(), ...pageQuery });
  },
  success: aPageOf(runAnswer),
});

export const backupsContract: readonly RouteContract[] = [getBackups, listBackupRuns];
