import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Clock } from '../platform/clock.ts';
import { Archive } from '../platform/objects/archive.ts';
import { HeadMarks } from './head-marks.ts';
import { DigestProgressStore } from './progress-store.ts';
import type { DigestPorts } from './use-cases/write-digest.ts';

/** The evidence context: what proves that history is as it was. */
export { digestsHandler } from './digests-job-handler.ts';
export { historyReader } from './history-reader.ts';
export {
  type HistoryProblem,
  type VerifiedHistory,
  verifyHistory,
  type VerifyPorts,
} from './use-cases/verify-history.ts';

/** New pages begin for this long; the rest of the function's timeout is for finishing the last. */
const budgetMs = 200_000;

/** What a run of the digests works with. */
export const digestPorts = (options: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
  readonly s3: S3Client;
  readonly bucket: string;
  readonly clock: Clock;
}): DigestPorts => ({
  clock: options.clock,
  heads: new HeadMarks(options),
  archive: new Archive({ client: options.s3, bucket: options.bucket }),
  progress: new DigestProgressStore(options),
  budgetMs,
});
