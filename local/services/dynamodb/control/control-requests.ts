import * as z from 'zod';

/** Requests of the control plane. Strict: what would go unread is refused. */
const TableName = z.string();
export const tableRequest = z.strictObject({ TableName });

export const updateTable = z
  .strictObject({
    TableName,
    StreamSpecification: z
      .strictObject({ StreamEnabled: z.boolean(), StreamViewType: z.string().optional() })
      .optional(),
    DeletionProtectionEnabled: z.boolean().optional(),
  })
  .refine(
    (request) => request.StreamSpecification !== undefined || request.DeletionProtectionEnabled !== undefined,
    'At least one of StreamSpecification, DeletionProtectionEnabled is required by the local desk',
  );

export const updateTimeToLive = z.strictObject({
  TableName,
  TimeToLiveSpecification: z.strictObject({ Enabled: z.boolean(), AttributeName: z.string().min(1).max(255) }),
});

export const updateContinuousBackups = z.strictObject({
  TableName,
  PointInTimeRecoverySpecification: z.strictObject({
    PointInTimeRecoveryEnabled: z.boolean(),
    RecoveryPeriodInDays: z.literal(35).optional(),
  }),
});

export const restoreToPointInTime = z.strictObject({
  SourceTableName: z.string().optional(),
  SourceTableArn: z.string().optional(),
  TargetTableName: z.string().regex(/^[\w.-]{3,255}$/),
  RestoreDateTime: z.number().optional(),
  UseLatestRestorableTime: z.boolean().optional(),
  BillingModeOverride: z.literal('PAY_PER_REQUEST').optional(),
  SSESpecificationOverride: z
    .strictObject({
      Enabled: z.boolean().optional(),
      SSEType: z.string().optional(),
      KMSMasterKeyId: z.string().optional(),
    })
    .optional(),
});

const ResourceArn = z.string();
export const listTags = z.strictObject({ ResourceArn, NextToken: z.never().optional() });
export const tagResource = z.strictObject({
  ResourceArn,
  Tags: z.array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) })).min(1),
});
export const untagResource = z.strictObject({ ResourceArn, TagKeys: z.array(z.string()).min(1) });

export const listTables = z.strictObject({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.int().min(1).max(100).default(100),
});

/** The name in an ARN of a table, or the name itself. */
export const nameOf = (reference: string): string => /^arn:[^/]*:table\/([^/]+)/.exec(reference)?.[1] ?? reference;
