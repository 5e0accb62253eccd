import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atScale, fixedCharges, monthlyBill, resourceCounts } from '../../bench/cost/bill.ts';
import { noExpense, plus, times } from '../../bench/cost/expense.ts';
import { readPrices } from '../../bench/cost/prices.ts';
import { synthesized } from '../infra/synthesized.ts';
import { factsPerTicket, secondsPerMonth, Traffic } from '../../bench/cost/traffic.ts';

const prices = readPrices();
const life = {
  writes: plus(noExpense, { wru: 80, requests: 8, invocations: 8, gbSeconds: 0.3 }),
  reads: plus(noExpense, { rru: 28, requests: 12, invocations: 12 }),
};
const counts = new Map([
  ['AWS::CloudWatch::Alarm', 21],
  ['AWS::KMS::Key', 1],
  ['polled queues', 3],
]);
const billOf = (tickets: number, rest: object = {}) =>
  monthlyBill(life, { tickets, users: 0, emails: 0, sms: 0, ...rest }, counts, atScale(prices, tickets));

describe('the monthly bill', () => {
  it('is what the measured units cost, so many times as there are tickets', () => {
    const bill = billOf(500_000);
    expect(bill['DynamoDB writes']).toBeCloseTo(80 * 0.5 * prices.prices.dynamodbWritePerMillion.usd, 6);
    expect(bill['DynamoDB reads']).toBeCloseTo(28 * 0.5 * prices.prices.dynamodbReadPerMillion.usd, 6);
    expect(bill['HTTP API']).toBeCloseTo(20 * 0.5 * prices.prices.httpApiPerMillion.usd, 6);
    expect(bill['X-Ray traces']).toBeCloseTo(20 * 0.5 * 0.05 * prices.prices.tracesPerMillion.usd, 6);
  });

  it('charges what is there whether it is used or not once, whatever the number of tickets', () => {
    for (const tickets of [0, 1_000, 1_000_000]) {
      const bill = billOf(tickets);
      expect(bill['KMS keys']).toBe(prices.prices.kmsKeyMonth.usd);
      expect(bill['CloudWatch alarms']).toBeCloseTo(21 * prices.prices.alarmMonth.usd, 6);
      expect(bill['SQS polling']).toBeCloseTo(3 * 0.648 * prices.prices.sqsPerMillion.usd, 6);
      expect(bill['KMS calls']).toBeCloseTo(0.1 * prices.prices.kmsPerMillion.usd, 6);
    }
  });

  it('counts people and messages', () => {
    const bill = billOf(0, { users: 100, emails: 50_000, sms: 10 });
    expect(bill['Cognito users']).toBeCloseTo(100 * prices.prices.userMonth.usd, 6);
    expect(bill['SNS e-mail']).toBeCloseTo(0.5 * prices.prices.emailPer100k.usd, 6);
    expect(bill['SNS SMS']).toBeCloseTo(10 * prices.prices.smsEach.usd, 6);
  });

  it('pays for point-in-time recovery only where the stage has it', () => {
    const stored = { kept: plus(noExpense, { storedBytes: 10_000 }) };
    const month = { tickets: 1_000_000, users: 0, emails: 0, sms: 0 };
    const gigabytes = 10 * prices.assumptions.storageBytesFactor.value;
    const dev = monthlyBill(stored, month, counts, prices);
    const prod = monthlyBill(stored, month, new Map([...counts, ['restorable tables', 2]]), prices);
    expect(dev).not.toHaveProperty('DynamoDB PITR');
    expect(dev['DynamoDB storage']).toBeCloseTo(gigabytes * prices.prices.dynamodbStoragePerGbMonth.usd, 6);
    expect(prod['DynamoDB PITR']).toBeCloseTo(gigabytes * prices.prices.dynamodbPitrPerGbMonth.usd, 6);
  });

  it('pays for each copy in full, for as many as the plan keeps', () => {
    const stored = { kept: plus(noExpense, { storedBytes: 10_000 }) };
    const month = { tickets: 500_000, users: 0, emails: 0, sms: 0 };
    const gigabytes = 5 * prices.assumptions.storageBytesFactor.value;
    const bill = monthlyBill(stored, month, new Map([...counts, ['kept copies', 7 + 24]]), prices);
    expect(bill['AWS Backup']).toBeCloseTo(gigabytes * 31 * prices.prices.dynamodbBackupPerGbMonth.usd, 6);
    expect(monthlyBill(stored, month, counts, prices)).not.toHaveProperty('AWS Backup');
  });

  it('has no service twice', () => {
    expect(billOf(1000)).not.toHaveProperty('KMS');
  });
});

describe('what is there', () => {
  it('is counted from the templates, queues that have a reader apart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'csd-bill-'));
    const table = (PointInTimeRecoveryEnabled: boolean) => ({
      Type: 'AWS::DynamoDB::Table',
      Properties: { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled } },
    });
    const rule = (ScheduleExpression: string, DeleteAfterDays: number) => ({
      ScheduleExpression,
      Lifecycle: { DeleteAfterDays },
    });
    const plan = {
      Type: 'AWS::Backup::BackupPlan',
      Properties: { BackupPlan: { BackupPlanRule: [rule('cron(0 5 * * ? *)', 14), rule('cron(30 * * * ? *)', 1)] } },
    };
    const queue = { Type: 'AWS::SQS::Queue' };
    const polled = { ...queue, Properties: { RedrivePolicy: { maxReceiveCount: 5 } } };
    writeFileSync(
      join(folder, 'A.template.json'),
      JSON.stringify({ Resources: { A: polled, B: queue, T: table(true), U: table(false) } }),
    );
    writeFileSync(
      join(folder, 'B.template.json'),
      JSON.stringify({ Resources: { C: polled, D: { Type: 'AWS::KMS::Key' }, E: plan } }),
    );
    expect(Object.fromEntries(resourceCounts(folder))).toEqual({
      'AWS::SQS::Queue': 3,
      'polled queues': 2,
      'AWS::KMS::Key': 1,
      'AWS::DynamoDB::Table': 2,
      'restorable tables': 1,
      'AWS::Backup::BackupPlan': 1,
      'kept copies': 14 + 24,
    });
    rmSync(folder, { recursive: true });
  });
});

describe('the traffic that KPIs are measured with', () => {
  it('comes at the rate of the month, three facts a ticket, by chance and the same each time', () => {
    const traffic = new Traffic(1_000_000, prices);
    const again = new Traffic(1_000_000, prices);
    const gaps = Array.from({ length: 20_000 }, () => traffic.gapMs());
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length / 1000;
    expect(mean * traffic.rate).toBeCloseTo(1, 1);
    expect(traffic.rate * secondsPerMonth).toBeCloseTo(1_000_000 * factsPerTicket, 0);
    expect(gaps).toEqual(Array.from({ length: 20_000 }, () => again.gapMs()));
  });

  it('is spread over as many customers as such a month has', () => {
    const customers = (tickets: number): number => {
      const traffic = new Traffic(tickets, prices);
      return new Set(Array.from({ length: 30_000 }, () => traffic.fact(0).customer)).size;
    };
    const { value } = prices.assumptions.ticketsPerCustomer;
    expect(customers(100 * value)).toBe(100);
    expect(customers(1)).toBe(5);
  });

  it('times an expense is every part of it so many times', () => {
    const one = {
      wru: 1,
      rru: 2,
      requests: 3,
      invocations: 4,
      gbSeconds: 5,
      sqsCalls: 6,
      scheduled: 7,
      storedBytes: 8,
    };
    expect(times(one, 3)).toEqual(plus(plus(one, one), one));
  });
});

describe('docs/deploy.md', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/deploy.md'), 'utf8');
  const dollars = (value: number): string => `$${String(Number(value.toFixed(6))).replace(/^(\d+\.\d)$/, '$10')}`;

  it.each([
    ['dynamodbPitrPerGbMonth', '{} per GB of the operations and KPI tables'],
    ['dynamodbStoragePerGbMonth', '{} per GB stored'],
    ['dynamodbBackupPerGbMonth', '{} per GB of both tables for each copy that is kept'],
    ['logsPerGb', '{} per GB written'],
    ['kmsKeyMonth', 'its data key ({}'],
    ['alarmMonth', 'alarms ({} each'],
    ['metricMonth', 'metrics ({} each'],
    ['dashboardMonth', 'dashboard ({}'],
    ['userMonth', '{} for each person who signs in'],
    ['emailPer100k', '{} per 100,000'],
    ['smsEach', '{} in the United States'],
  ] as const)('says what the price file says of %s', (name, phrase) => {
    expect(text).toContain(phrase.replace('{}', dollars(prices.prices[name].usd)));
  });

  it('says what a stage pays at rest', () => {
    const { ofType } = synthesized('prod');
    const stage = new Map(
      ['AWS::KMS::Key', 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard'].map((type) => [
        type,
        ofType(type).length,
      ]),
    );
    stage.set('polled queues', ofType('AWS::SQS::Queue').filter(({ Properties }) => Properties.RedrivePolicy).length);
    const total = Object.values(fixedCharges(stage, prices)).reduce((sum, charge) => sum + charge, 0);
    expect(text).toContain(`$${total.toFixed(2)} a month at rest`);
  });
});
