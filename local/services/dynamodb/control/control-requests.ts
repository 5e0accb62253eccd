import * as z from 'zod';

/** Requests of the control plane. Strict: what would go unread is refused. */
const TableName = z.string();
export const tableRequest = z.strictObject({ TableName });

const stream = z.strictObject({ StreamEnabled: z.boolean(), StreamViewType: z.string().optional() });
const tag = z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) });
const encryption = z.strictObject({
  Enabled: z.boolean().optional(),
  SSEType: z.string().optional(),
  KMSMasterKeyId: z.string().optional(),
});
const newTableName = z.string().regex(/^[\w.-]{3,255}$/);
const keySchema = z
  .array(z.strictObject({ AttributeName: z.string().min(1).max(255), KeyType: z.enum(['HASH', 'RANGE']) }))
  .min(1)
  .max(2);

/** On demand only, and without local indexes. */
export const createTable = z
  .strictObject({
    TableName: newTableName,
    AttributeDefinitions: z.array(
      z.strictObject({ AttributeName: z.string().min(1).max(255), AttributeType: z.enum(['S', 'N', 'B']) }),
    ),
    KeySchema: keySchema,
    BillingMode: z.literal('PAY_PER_REQUEST'),
    GlobalSecondaryIndexes: z
      .array(
        z.strictObject({
          IndexName: newTableName,
          KeySchema: keySchema,
          Projection: z.strictObject({
            ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
            NonKeyAttributes: z.array(z.string()).optional(),
          }),
        }),
      )
      .max(20)
      .default([]),
    StreamSpecification: stream.optional(),
    SSESpecification: encryption.optional(),
    DeletionProtectionEnabled: z.boolean().default(false),
    Tags: z.array(tag).default([]),
  })
  .refine(({ AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }) => {
    const keys = [{ KeySchema }, ...GlobalSecondaryIndexes].flatMap((one) => one.KeySchema);
    const used = new Set(keys.map(({ AttributeName }) => AttributeName));
    return (
      used.size === AttributeDefinitions.length && AttributeDefinitions.every((one) => used.has(one.AttributeName))
    );
  }, 'AttributeDefinitions must be those of the keys of the table and its indexes, each once');

export const updateTable = z
  .strictObject({
    TableName,
    StreamSpecification: stream.optional(),
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
  TargetTableName: newTableName,
  RestoreDateTime: z.number().optional(),
  UseLatestRestorableTime: z.boolean().optional(),
  BillingModeOverride: z.literal('PAY_PER_REQUEST').optional(),
  SSESpecificationOverride: encryption.optional(),
});

const ResourceArn = z.string();
export const listTags = z.strictObject({ ResourceArn, NextToken: z.never().optional() });
export const tagResource = z.strictObject({
  ResourceArn,
  Tags: z.array(tag).min(1),
});
export const untagResource = z.strictObject({ ResourceArn, TagKeys: z.array(z.string()).min(1) });

export const listTables = z.strictObject({
  ExclusiveStartTableName: z.string().optional(),
  Limit: z.int().min(1).max(100).default(100),
});

/** The name in an ARN of a table, or the name itself. */
export const nameOf = (reference: string): string => /^arn:[^/]*:table\/([^/]+)/.exec(reference)?.[1] ?? reference;
