import * as z from 'zod';
import { tableDefinition } from '../dynamodb/control/engine-tables.ts';

/** Records of AWS Backup as they are kept. All instants in ms of virtual time. */
const creator = z.object({ planId: z.string(), planArn: z.string(), planName: z.string(), ruleId: z.string() });

export const corruptionSchema = z.strictObject({
  how: z.enum(['drop', 'flip-byte', 'add']),
  /** Beginning of the partition key of what is hit; any when left out. */
  partition: z.string().default(''),
  /** Beginning of the sort key. */
  sort: z.string().default(''),
  /** Which of the items of one partition that fit. */
  which: z.enum(['first', 'last', 'all']).default('last'),
});
export type Corruption = z.output<typeof corruptionSchema>;

export const backupJobSchema = z.object({
  id: z.string(),
  pointArn: z.string(),
  vaultName: z.string(),
  tableArn: z.string(),
  roleArn: z.string(),
  createdAt: z.number(),
  endsAt: z.number(),
  state: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'ABORTED', 'EXPIRED']),
  /** What it will have come to at its end. */
  outcome: z.enum(['COMPLETED', 'FAILED', 'ABORTED', 'EXPIRED']),
  message: z.string().nullable(),
  completedAt: z.number().nullable(),
  sizeBytes: z.number(),
  deleteAfterDays: z.number().nullable(),
  startBy: z.number(),
  createdBy: creator.nullable(),
});
export type BackupJob = z.output<typeof backupJobSchema>;

export const restoreJobSchema = z.object({
  id: z.string(),
  pointArn: z.string(),
  vaultName: z.string(),
  sourceArn: z.string(),
  pointCreatedAt: z.number(),
  roleArn: z.string(),
  targetTable: z.string(),
  kmsKeyArn: z.string().nullable(),
  tags: z.record(z.string(), z.string()),
  createdAt: z.number(),
  /** Null: it never ends. */
  endsAt: z.number().nullable(),
  state: z.enum(['RUNNING', 'COMPLETED', 'FAILED', 'ABORTED']),
  outcome: z.enum(['COMPLETED', 'FAILED', 'ABORTED']),
  message: z.string().nullable(),
  completedAt: z.number().nullable(),
  sizeBytes: z.number(),
  corruption: corruptionSchema.nullable(),
  validation: z.object({ status: z.string(), message: z.string().nullable() }).nullable(),
});
export type RestoreJob = z.output<typeof restoreJobSchema>;

export const recoveryPointSchema = z.object({
  arn: z.string(),
  vaultName: z.string(),
  tableArn: z.string(),
  roleArn: z.string(),
  createdAt: z.number(),
  completedAt: z.number().nullable(),
  status: z.enum(['CREATING', 'COMPLETED', 'EXPIRED', 'DELETING']),
  /** When EXPIRED or DELETING ends, and the recovery point with it. */
  goneAt: z.number().nullable(),
  sizeBytes: z.number(),
  deleteAfterDays: z.number().nullable(),
  kmsKeyArn: z.string().nullable(),
  definition: tableDefinition,
  tags: z.record(z.string(), z.string()),
  createdBy: creator.nullable(),
  lastRestoreAt: z.number().nullable(),
});
export type RecoveryPoint = z.output<typeof recoveryPointSchema>;

const dayMs = 86_400_000;
export const deleteAtOf = ({ createdAt, deleteAfterDays }: RecoveryPoint): number | null =>
  deleteAfterDays === null ? null : createdAt + deleteAfterDays * dayMs;

export const tableNameOf = (tableArn: string): string => tableArn.split('/')[1] ?? '';
