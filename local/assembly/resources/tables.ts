import * as z from 'zod';
import type { TableModel, TableProtection } from '../../model.ts';
import { attributeOf } from '../identifiers.ts';
import type { World } from '../world.ts';
import { resourcesOf, truth } from './typed-resources.ts';

const keySchema = z
  .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .transform((keys) => ({
    partitionKey: keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    sortKey: keys.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName ?? null,
  }));

const tags = z
  .array(z.object({ Key: z.string(), Value: z.coerce.string() }))
  .default([])
  .transform((all) => Object.fromEntries(all.map(({ Key, Value }) => [Key, Value])));
const recovery = z.object({ PointInTimeRecoveryEnabled: truth.default(false) }).optional();
const encryption = z.object({ KMSMasterKeyId: z.string().optional() }).optional();
const switches = z.object({
  Region: z.string().optional(),
  DeletionProtectionEnabled: truth.default(false),
  PointInTimeRecoverySpecification: recovery,
  SSESpecification: encryption,
  Tags: tags,
});

/** A global table says these things of each of its replicas; the local desk is the region of its stack. */
const schema = switches.extend({
  Replicas: z.array(switches).default([]),
  AttributeDefinitions: z.array(z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(
      z.object({
        IndexName: z.string(),
        KeySchema: keySchema,
        Projection: z.object({
          ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']).default('ALL'),
          NonKeyAttributes: z.array(z.string()).default([]),
        }),
      }),
    )
    .default([]),
  LocalSecondaryIndexes: z.array(z.never('local secondary indexes are not supported here')).default([]),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: z.coerce.boolean() }).optional(),
});

const protectionOf = (properties: z.output<typeof schema>, region: string): TableProtection => {
  const replica = properties.Replicas.find(({ Region }) => Region === region) ?? properties.Replicas[0];
  const all = [properties, ...(replica === undefined ? [] : [replica])];
  return {
    pointInTimeRecovery: all.some((one) => one.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true),
    deletionProtection: all.some((one) => one.DeletionProtectionEnabled),
    tags: Object.assign({}, ...all.map((one) => one.Tags)),
    kmsKeyArn: all.map((one) => one.SSESpecification?.KMSMasterKeyId).find((key) => key !== undefined) ?? null,
  };
};

/** The DynamoDB tables, of either resource type. */
export const readTables = (world: World): readonly TableModel[] =>
  ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable']
    .flatMap((type) => resourcesOf(world, type, schema))
    .map(({ id, arn, identity, properties }) => ({
      id,
      name: identity.name,
      arn,
      streamArn: properties.StreamSpecification === undefined ? null : String(attributeOf(identity, 'StreamArn')),
      streamViewType: properties.StreamSpecification?.StreamViewType ?? null,
      attributes: properties.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      ...properties.KeySchema,
      indexes: properties.GlobalSecondaryIndexes.map((index) => ({
        name: index.IndexName,
        ...index.KeySchema,
        projection: index.Projection.ProjectionType,
        nonKeyAttributes: index.Projection.NonKeyAttributes,
      })),
      protection: protectionOf(properties, identity.region),
      ttlAttribute:
        properties.TimeToLiveSpecification?.Enabled === true
          ? (properties.TimeToLiveSpecification.AttributeName ?? null)
          : null,
    }));
