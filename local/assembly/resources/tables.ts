import * as z from 'zod';
import type { TableModel } from '../../model.ts';
import { attributeOf } from '../identifiers.ts';
import type { World } from '../world.ts';
import { resourcesOf } from './typed-resources.ts';

const keySchema = z
  .array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }))
  .transform((keys) => ({
    partitionKey: keys.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    sortKey: keys.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName ?? null,
  }));

const schema = z.object({
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
      ttlAttribute:
        properties.TimeToLiveSpecification?.Enabled === true
          ? (properties.TimeToLiveSpecification.AttributeName ?? null)
          : null,
    }));
