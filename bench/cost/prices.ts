import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

const price = z.object({ usd: z.number(), source: z.url(), checked: z.enum(['page', 'seen', 'memory']) });
const assumption = z.object({ value: z.number(), why: z.string() });

const schema = z.object({
  asOf: z.string(),
  region: z.string(),
  note: z.string(),
  prices: z.object({
    dynamodbWritePerMillion: price,
    dynamodbReadPerMillion: price,
    dynamodbStoragePerGbMonth: price,
    dynamodbPitrPerGbMonth: price,
    dynamodbBackupPerGbMonth: price,
    dynamodbRestorePerGb: price,
    s3PutPerThousand: price,
    lambdaArmPerGbSecond: price,
    lambdaPerMillionRequests: price,
    httpApiPerMillion: price,
    sqsPerMillion: price,
    logsPerGb: price,
    kmsPerMillion: price,
    kmsKeyMonth: price,
    schedulerPerMillion: price,
    alarmMonth: price,
    metricMonth: price,
    dashboardMonth: price,
    tracesPerMillion: price,
    userMonth: price,
    emailPer100k: price,
    smsEach: price,
  }),
  assumptions: z.object({
    ticketsPerMonth: assumption,
    dynamodbCallMs: assumption,
    cpuFactor: assumption,
    streamGatherSeconds: assumption,
    ticketsPerCustomer: assumption,
    teams: assumption,
    logBytesPerInvocation: assumption,
    accessLogBytes: assumption,
    storageBytesFactor: assumption,
    kmsCallsPerMonth: assumption,
    sampledShare: assumption,
    pollsPerQueueMonth: assumption,
  }),
});
export type Prices = z.infer<typeof schema>;

/** The one file of prices, and of what cannot be measured away from AWS, each with its source or reason. */
export const readPrices = (): Prices =>
  schema.parse(JSON.parse(readFileSync(join(import.meta.dirname, 'prices.json'), 'utf8')));
