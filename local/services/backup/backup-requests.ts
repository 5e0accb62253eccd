import * as z from 'zod';
import { invalidValue, missingValue } from './backup-error.ts';

/** Requests of AWS Backup. Strict: what would go unread is refused. */
export const startBackupJob = z.strictObject({
  BackupVaultName: z.string().regex(/^[a-zA-Z0-9\-_]{2,50}$/),
  ResourceArn: z.string(),
  IamRoleArn: z.string(),
  IdempotencyToken: z.string().optional(),
  StartWindowMinutes: z.int().min(60).default(480),
  CompleteWindowMinutes: z.int().min(60).default(10_080),
  Lifecycle: z.strictObject({ DeleteAfterDays: z.int().min(1).optional() }).default({}),
  RecoveryPointTags: z.record(z.string(), z.string()).optional(),
});

export const startRestoreJob = z.strictObject({
  RecoveryPointArn: z.string(),
  Metadata: z.strictObject({
    targetTableName: z.string().regex(/^[\w.-]{3,255}$/, 'targetTableName must be 3-255 of a-z, A-Z, 0-9, _, - and .'),
    encryptionType: z.enum(['Default', 'KMS']).default('Default'),
    kmsMasterKeyArn: z.string().optional(),
  }),
  IamRoleArn: z.string(),
  IdempotencyToken: z.string().optional(),
  ResourceType: z.literal('DynamoDB').optional(),
  CopySourceTagsToRestoredResource: z.boolean().default(false),
});

export const putValidation = z.strictObject({
  ValidationStatus: z.enum(['FAILED', 'SUCCESSFUL', 'TIMED_OUT', 'VALIDATING']),
  ValidationStatusMessage: z.string().optional(),
});

const preferences = z.record(z.string(), z.boolean()).optional();
export const regionSettings = z.strictObject({
  ResourceTypeOptInPreference: preferences,
  ResourceTypeManagementPreference: preferences,
});

const paging = { nextToken: z.string().optional(), maxResults: z.coerce.number().int().min(1).max(1000).default(1000) };
const instant = z.iso
  .datetime({ offset: true })
  .transform((text) => Date.parse(text))
  .optional();
const created = { createdBefore: instant, createdAfter: instant };
const completed = { completeBefore: instant, completeAfter: instant };

export const listBackupJobs = z.strictObject({
  ...paging,
  ...created,
  ...completed,
  resourceArn: z.string().optional(),
  state: z
    .enum(['CREATED', 'PENDING', 'RUNNING', 'ABORTING', 'ABORTED', 'COMPLETED', 'FAILED', 'EXPIRED', 'PARTIAL'])
    .optional(),
  backupVaultName: z.string().optional(),
  resourceType: z.string().optional(),
});
export const listRestoreJobs = z.strictObject({
  ...paging,
  ...created,
  ...completed,
  status: z.enum(['PENDING', 'RUNNING', 'COMPLETED', 'ABORTED', 'FAILED']).optional(),
  resourceType: z.string().optional(),
});
export const listByVault = z.strictObject({
  ...paging,
  ...created,
  resourceArn: z.string().optional(),
  resourceType: z.string().optional(),
  backupPlanId: z.string().optional(),
});
export const listByResource = z.strictObject({ ...paging, managedByAWSBackupOnly: z.stringbool().default(false) });

/** @throws ServiceError: a value that is not there is another error than a wrong one. */
export const parseBackupRequest = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const missing = result.error.issues.some((issue) => issue.code === 'invalid_type' && issue.input === undefined);
  const message = z.prettifyError(result.error);
  throw missing ? missingValue(message) : invalidValue(message);
};

/** Whether an instant lies in the bounds that a list was asked for. */
export const within = (at: number | null, before: number | undefined, after: number | undefined): boolean =>
  (before === undefined && after === undefined) ||
  (at !== null && (before === undefined || at < before) && (after === undefined || at > after));

/** Keys that are in the order of time. */
export const keyInTime = (at: number, id: string): string => `${String(at).padStart(16, '0')} ${id}`;

/** One page of a list that is in falling order of its keys; the token is the last key of the page before. */
export const page = <T>(
  all: readonly T[],
  keyOf: (one: T) => string,
  { nextToken, maxResults }: { readonly nextToken?: string | undefined; readonly maxResults: number },
): { readonly items: readonly T[]; readonly NextToken: string | undefined } => {
  const after = nextToken === undefined ? null : Buffer.from(nextToken, 'base64url').toString();
  const rest = all
    .toSorted((one, other) => (keyOf(one) < keyOf(other) ? 1 : -1))
    .filter((one) => after === null || keyOf(one) < after);
  const items = rest.slice(0, maxResults);
  const last = items.at(-1);
  const more = rest.length > items.length && last !== undefined;
  return { items, NextToken: more ? Buffer.from(keyOf(last)).toString('base64url') : undefined };
};
