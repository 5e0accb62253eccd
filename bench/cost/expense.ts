import type { Prices } from './prices.ts';

/** What a ticket's life used, all functions together. */
export interface Expense {
  readonly wru: number;
  readonly rru: number;
  readonly requests: number;
  readonly invocations: number;
  readonly gbSeconds: number;
  readonly sqsCalls: number;
  readonly scheduled: number;
  readonly storedBytes: number;
}

export const noExpense: Expense = {
  wru: 0,
  rru: 0,
  requests: 0,
  invocations: 0,
  gbSeconds: 0,
  sqsCalls: 0,
  scheduled: 0,
  storedBytes: 0,
};

export const plus = (a: Expense, b: Partial<Expense>): Expense => ({
  wru: a.wru + (b.wru ?? 0),
  rru: a.rru + (b.rru ?? 0),
  requests: a.requests + (b.requests ?? 0),
  invocations: a.invocations + (b.invocations ?? 0),
  gbSeconds: a.gbSeconds + (b.gbSeconds ?? 0),
  sqsCalls: a.sqsCalls + (b.sqsCalls ?? 0),
  scheduled: a.scheduled + (b.scheduled ?? 0),
  storedBytes: a.storedBytes + (b.storedBytes ?? 0),
});

/** The same, so many times. */
export const times = (a: Expense, factor: number): Expense => ({
  wru: a.wru * factor,
  rru: a.rru * factor,
  requests: a.requests * factor,
  invocations: a.invocations * factor,
  gbSeconds: a.gbSeconds * factor,
  sqsCalls: a.sqsCalls * factor,
  scheduled: a.scheduled * factor,
  storedBytes: a.storedBytes * factor,
});

const gigabyte = 1e9;

/** Dollars of a million such lives, by service: kept for a month, with point-in-time recovery, without free tier. */
export const dollarsPerMillion = (
  life: Expense,
  { prices, assumptions }: Pick<Prices, 'prices' | 'assumptions'>,
): Readonly<Record<string, number>> => {
  const million = 1e6;
  const storedGb = (life.storedBytes * assumptions.storageBytesFactor.value * million) / gigabyte;
  const logBytes =
    life.invocations * assumptions.logBytesPerInvocation.value + life.requests * assumptions.accessLogBytes.value;
  const months = million / assumptions.ticketsPerMonth.value;
  const kms = (assumptions.kmsCallsPerMonth.value / million) * prices.kmsPerMillion.usd + prices.kmsKeyMonth.usd;
  return {
    'DynamoDB writes': life.wru * prices.dynamodbWritePerMillion.usd,
    'DynamoDB reads': life.rru * prices.dynamodbReadPerMillion.usd,
    'DynamoDB storage': storedGb * prices.dynamodbStoragePerGbMonth.usd,
    'DynamoDB PITR': storedGb * prices.dynamodbPitrPerGbMonth.usd,
    'Lambda requests': life.invocations * prices.lambdaPerMillionRequests.usd,
    'Lambda duration': life.gbSeconds * million * prices.lambdaArmPerGbSecond.usd,
    'HTTP API': life.requests * prices.httpApiPerMillion.usd,
    SQS: life.sqsCalls * prices.sqsPerMillion.usd,
    Scheduler: life.scheduled * prices.schedulerPerMillion.usd,
    'CloudWatch logs': ((logBytes * million) / gigabyte) * prices.logsPerGb.usd,
    KMS: kms * months,
  };
};
