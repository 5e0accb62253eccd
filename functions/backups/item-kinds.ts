import * as z from 'zod';
import { progressSchema } from '../drills/index.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { backupRunSchema } from './domain/backup-run.ts';
import { freshnessSchema } from './domain/freshness.ts';
import { watchSchema } from './domain/watch.ts';

/**
 * What the backups context keeps in the operations table.
 *
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | canary | `CAN#00` ... `CAN#15` / `C` | written each minute; a restored copy tells by it of which minute it is |
 * | backup run | `BKR#<id>` / `H` | by job; its events beside it; newest first in index `queue` (`L#backup-run`) |
 * | watch | `BKW#<table, region or scratch table>` / `H` | what is wrong with it since when; its events beside it |
 * | freshness | `SYS#backups` / `F` | how old the newest recovery points are, of all tables |
 * | nightly manifest | `MNF#nightly` / `M` | due before the copy of the night; how far it is |
 */
export const canaryKind = itemKind('canary', z.object({ at: z.string(), table: z.string(), tick: z.number().int() }));
export const backupRunKind = itemKind('backup run', backupRunSchema.extend({ chain: z.string() }));
export const watchKind = itemKind('backup watch', watchSchema.extend({ chain: z.string() }));
export const freshnessKind = itemKind('freshness of backups', freshnessSchema);
export const manifestJobKind = itemKind(
  'nightly manifest',
  z.object({
    progress: progressSchema.nullable(),
    lastName: z.string().nullable(),
    lastAsOf: z.string().nullable(),
    version: z.number().int(),
    dueAt: z.string(),
  }),
);
