import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atScale, monthlyBill, resourceCounts } from '../../bench/cost/bill.ts';
import { noExpense, plus } from '../../bench/cost/expense.ts';
import { readPrices } from '../../bench/cost/prices.ts';

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

  it('has no service twice', () => {
    expect(billOf(1000)).not.toHaveProperty('KMS');
  });
});

describe('what is there', () => {
  it('is counted from the templates, queues that have a reader apart', () => {
    const folder = mkdtempSync(join(tmpdir(), 'csd-bill-'));
    const queue = { Type: 'AWS::SQS::Queue' };
    const polled = { ...queue, Properties: { RedrivePolicy: { maxReceiveCount: 5 } } };
    writeFileSync(join(folder, 'A.template.json'), JSON.stringify({ Resources: { A: polled, B: queue } }));
    writeFileSync(
      join(folder, 'B.template.json'),
      JSON.stringify({ Resources: { C: polled, D: { Type: 'AWS::KMS::Key' } } }),
    );
    expect(Object.fromEntries(resourceCounts(folder))).toEqual({
      'AWS::SQS::Queue': 3,
      'polled queues': 2,
      'AWS::KMS::Key': 1,
    });
    rmSync(folder, { recursive: true });
  });
});
