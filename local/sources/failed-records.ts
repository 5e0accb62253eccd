import { randomUUID } from 'node:crypto';
import type { EventSourceModel, FunctionModel } from '../model.ts';
import { ServiceError } from '../services/service-error.ts';
import type { Services } from '../services/services.ts';
import { mappingUuid } from './mapping-uuid.ts';
import type { GiveUpReason } from './stream-batches.ts';
import type { StreamRecord } from './stream-record.ts';

/** Where records end that a function would not take: the mapping's on-failure destination. */
export interface FailedRecords {
  put(batch: {
    records: readonly StreamRecord[];
    shardId: string;
    reason: GiveUpReason;
    attempts: number;
    now: number;
  }): void;
}

const bucketArn = 'arn:aws:s3:::';

/**
 * Writes Lambda's invocation record to the mapping's destination: for a bucket an object with the records in it, for a queue a
 * message without them. Without a destination they are gone, as in the cloud, and so they are when the function's role may not
 * write there.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export const failedRecordsOf = (options: {
  mapping: EventSourceModel;
  target: FunctionModel;
  services: Pick<Services, 'queues' | 'putObject'>;
}): FailedRecords => {
  const { mapping, target, services } = options;
  const destination = mapping.onFailureArn;
  return {
    put: ({ records, shardId, reason, attempts, now }) => {
      if (destination === null) return;
      const at = new Date(now).toISOString();
      const record = {
        requestContext: {
          requestId: randomUUID(),
          functionArn: target.arn,
          condition: reason,
          approximateInvokeCount: attempts,
        },
        responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
        version: '1.0',
        timestamp: at,
        DDBStreamBatchInfo: {
          shardId,
          startSequenceNumber: records[0]?.dynamodb.SequenceNumber,
          endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
          batchSize: records.length,
          streamArn: mapping.sourceArn,
        },
      };
      if (!destination.startsWith(bucketArn)) return services.queues.send(destination, JSON.stringify(record), 0);
      const day = at.slice(0, 10).replaceAll('-', '/');
      const name = `${at.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
      const key = `aws/lambda/${mappingUuid(mapping.id)}/${shardId}/${day}/${name}`;
      const body = JSON.stringify({ ...record, payload: JSON.stringify({ Records: records }) });
      try {
        services.putObject(target.id, { bucket: destination.slice(bucketArn.length), key, body });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        console.error(`${records.length} records given up by ${target.name} are lost: ${error.message}`);
      }
    },
  };
};
