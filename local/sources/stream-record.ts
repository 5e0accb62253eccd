import * as z from 'zod';

/** One record of the engine's stream. Images are DynamoDB JSON and pass through unread. */
export const engineRecordSchema = z.object({
  eventID: z.string(),
  eventName: z.enum(['INSERT', 'MODIFY', 'REMOVE']),
  /** Virtual ms, when it is known; the engine does not tell. */
  writtenAt: z.number().optional(),
  dynamodb: z.object({
    Keys: z.unknown(),
    NewImage: z.unknown().optional(),
    OldImage: z.unknown().optional(),
    SequenceNumber: z.string(),
    SizeBytes: z.number().default(0),
    StreamViewType: z.string().optional(),
  }),
});
export type EngineRecord = z.output<typeof engineRecordSchema>;

/** As a function gets it: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
export interface StreamRecord {
  readonly eventID: string;
  readonly eventName: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly eventVersion: '1.1';
  readonly eventSource: 'aws:dynamodb';
  readonly awsRegion: string;
  readonly eventSourceARN: string;
  readonly dynamodb: EngineRecord['dynamodb'] & { readonly ApproximateCreationDateTime: number };
}

/**
 * Shapes an engine's record for a function. The engine stamps wall time, so `readAt` (virtual ms) stands in for the
 * creation, unless the record knows when it was written; the source reads within milliseconds of the write.
 */
export const streamRecord = (
  record: EngineRecord,
  source: { arn: string; region: string; readAt: number },
): StreamRecord => ({
  eventID: record.eventID,
  eventName: record.eventName,
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: source.region,
  eventSourceARN: source.arn,
  dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: Math.floor((record.writtenAt ?? source.readAt) / 1000) },
});
