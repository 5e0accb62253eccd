import * as z from 'zod';
import type { EventSourceModel, FunctionModel } from '../../model.ts';
import { AssemblyError } from '../assembly-error.ts';
import type { World } from '../world.ts';
import { functionNamed } from './functions.ts';
import { numeric, resourcesOf, truth } from './typed-resources.ts';

const pattern = z.string().transform((text, context): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    context.addIssue(`a filter pattern is no JSON: ${text}`);
    return z.NEVER;
  }
});

const schema = z.object({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  Enabled: truth.default(true),
  BatchSize: numeric.optional(),
  MaximumBatchingWindowInSeconds: numeric.default(0),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: pattern })).default([]) }).default({ Filters: [] }),
  StartingPosition: z.enum(['TRIM_HORIZON', 'LATEST']).optional(),
  BisectBatchOnFunctionError: truth.default(false),
  MaximumRetryAttempts: numeric.default(-1),
  MaximumRecordAgeInSeconds: numeric.default(-1),
  FunctionResponseTypes: z.array(z.string()).default([]),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }).optional() }).default({}),
  ScalingConfig: z.object({ MaximumConcurrency: numeric.optional() }).default({}),
});

const kindOf = (arn: string, place: string): 'stream' | 'queue' => {
  const service = arn.split(':')[2];
  if (service === 'dynamodb') return 'stream';
  if (service === 'sqs') return 'queue';
  throw new AssemblyError(`${place}: the event source ${arn} is neither a DynamoDB stream nor an SQS queue`);
};

/** The event source mappings, with Lambda's defaults filled in. */
export const readEventSources = (world: World, functions: readonly FunctionModel[]): readonly EventSourceModel[] =>
  resourcesOf(world, 'AWS::Lambda::EventSourceMapping', schema).map(({ id, properties }) => {
    const kind = kindOf(properties.EventSourceArn, id);
    return {
      id,
      functionId: functionNamed(functions, properties.FunctionName, id).id,
      kind,
      sourceArn: properties.EventSourceArn,
      enabled: properties.Enabled,
      batchSize: properties.BatchSize ?? (kind === 'stream' ? 100 : 10),
      batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
      filters: properties.FilterCriteria.Filters.map(({ Pattern }) => Pattern),
      startingPosition: properties.StartingPosition ?? null,
      bisectOnError: properties.BisectBatchOnFunctionError,
      maximumRetries: properties.MaximumRetryAttempts,
      maximumRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
      reportBatchItemFailures: properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      onFailureArn: properties.DestinationConfig.OnFailure?.Destination ?? null,
      maximumConcurrency: properties.ScalingConfig.MaximumConcurrency ?? null,
    };
  });
