import type { Drill, RecoveryPoint, TableShape } from './drill.ts';

interface Prices {
  readonly backupPerGbMonth: number;
  readonly restorePerGb: number;
  readonly storagePerGbMonth: number;
  readonly readPerMillion: number;
  readonly writePerMillion: number;
}

/**
 * List prices in dollars, without free tier. Reads, writes and storage are those of bench/cost/prices.json (us-east-1, 2025-12);
 * backup and restore of DynamoDB are from https://aws.amazon.com/backup/pricing/ as remembered in 2025-12. European regions are
 * taken at 1.25 times these, a little more than any of their list prices then: an estimate that guards a ceiling must not be low.
 */
const us: Prices = {
  backupPerGbMonth: 0.1,
  restorePerGb: 0.15,
  storagePerGbMonth: 0.25,
  readPerMillion: 0.125,
  writePerMillion: 0.625,
};
const elsewhere = 1.25;

const gib = 1024 ** 3;
const bytesPerRead = 4096;
/** Pages of a scan are rounded up, and items are a little larger in transit than they are counted. */
const scanSlack = 1.1;
/** The scratch table is there for hours; a day is the most that a restore may take. */
const daysKept = 1;
const daysOfMonth = 30;
/** What arming, serving and the drill's own item write. */
const writes = 500;

const regionOf = (tableArn: string): string => tableArn.split(':')[3] ?? '';

const factorOf = (tableArn: string): number => (regionOf(tableArn).startsWith('us-') ? 1 : elsewhere);

const readsOf = (bytes: number): number => Math.ceil(bytes / bytesPerRead) * scanSlack;

const dollars = (value: number): number => Math.ceil(value * 10_000) / 10_000;

/**
 * What a drill will cost, in dollars: the restore, both tables and the indexes of the copy read consistently to their end, a day
 * of storage, and with a backup of its own a month of that and the scan for its manifest. Indexes are taken as large as the table.
 */
export const estimateOf = (
  source: TableShape,
  recoveryPoint: Pick<RecoveryPoint, 'sizeBytes'> | null,
  ownBackup: boolean,
): number => {
  const bytes = Math.max(recoveryPoint?.sizeBytes ?? 0, source.sizeBytes);
  const scans = 2 + source.indexes.length + (ownBackup ? 1 : 0);
  const stored = (bytes / gib) * (1 + source.indexes.length);
  const sum =
    (bytes / gib) * us.restorePerGb +
    (readsOf(bytes) * scans * us.readPerMillion) / 1e6 +
    (stored * us.storagePerGbMonth * daysKept) / daysOfMonth +
    (writes * us.writePerMillion) / 1e6 +
    (ownBackup ? (bytes / gib) * us.backupPerGbMonth : 0);
  return dollars(sum * factorOf(source.tableArn));
};

/** Why a drill must not go on, or null. */
export const aboveCeiling = ({ costCeiling, cost, source }: Drill): string | null =>
  costCeiling === null || cost.estimate <= costCeiling
    ? null
    : `The drill would cost about $${cost.estimate.toFixed(2)} (${((source?.sizeBytes ?? 0) / gib).toFixed(2)} GB), more than its ceiling of $${costCeiling.toFixed(2)}; nothing was restored. Raise the ceiling, or drill a smaller table.`;
