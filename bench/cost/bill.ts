import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { metricUnits } from '../../functions/platform/metric-names.ts';
import { dollarsPerMillion, type Expense, noExpense, plus } from './expense.ts';
import type { Prices } from './prices.ts';

const templateSchema = z.object({
  Resources: z.record(
    z.string(),
    z.object({
      Type: z.string(),
      Properties: z
        .looseObject({
          RedrivePolicy: z.unknown().optional(),
          PointInTimeRecoverySpecification: z.object({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
          BackupPlan: z
            .object({
              BackupPlanRule: z.array(
                z.object({ ScheduleExpression: z.string(), Lifecycle: z.object({ DeleteAfterDays: z.number() }) }),
              ),
            })
            .optional(),
        })
        .optional(),
    }),
  ),
});

/**
 * How many resources of each type an assembly's templates have; `polled queues` are those with a redrive policy, which all have
 * a reader, `restorable tables` those with point-in-time recovery, `kept copies` the full backups that lie in the vault at any
 * time once the plan has run for as long as it keeps them.
 */
export const resourceCounts = (assemblyDir: string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  const add = (type: string, number = 1): void => void counts.set(type, (counts.get(type) ?? 0) + number);
  for (const name of readdirSync(assemblyDir).filter((file) => file.endsWith('.template.json'))) {
    const { Resources } = templateSchema.parse(JSON.parse(readFileSync(join(assemblyDir, name), 'utf8')));
    for (const { Type, Properties } of Object.values(Resources)) {
      add(Type);
      if (Type === 'AWS::SQS::Queue' && Properties?.RedrivePolicy !== undefined) add('polled queues');
      if (Properties?.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true) add('restorable tables');
      for (const rule of Properties?.BackupPlan?.BackupPlanRule ?? [])
        add('kept copies', copiesADay(rule.ScheduleExpression) * rule.Lifecycle.DeleteAfterDays);
    }
  }
  return counts;
};

/** Of the two kinds that there are: `cron(0 5 * * ? *)` each day, `cron(30 * * * ? *)` each hour. */
const copiesADay = (expression: string): number => (/^cron\(\d+ \* /.test(expression) ? 24 : 1);

/** What a month has, beside the ticket's lives. */
export interface Month {
  readonly tickets: number;
  /** People who sign in. */
  readonly users: number;
  readonly emails: number;
  readonly sms: number;
}

/** What a stage pays a month whether it is used or not, in dollars: what stands in its templates, and what runs by the clock. */
export const fixedCharges = (
  counts: ReadonlyMap<string, number>,
  { prices, assumptions }: Pick<Prices, 'prices' | 'assumptions'>,
): Readonly<Record<string, number>> => {
  const count = (type: string): number => counts.get(type) ?? 0;
  return {
    'SQS polling': (count('polled queues') * assumptions.pollsPerQueueMonth.value * prices.sqsPerMillion.usd) / 1e6,
    'KMS calls': (assumptions.kmsCallsPerMonth.value / 1e6) * prices.kmsPerMillion.usd,
    'KMS keys': count('AWS::KMS::Key') * prices.kmsKeyMonth.usd,
    'CloudWatch alarms': count('AWS::CloudWatch::Alarm') * prices.alarmMonth.usd,
    'CloudWatch metrics': Object.keys(metricUnits).length * prices.metricMonth.usd,
    'CloudWatch dashboards': count('AWS::CloudWatch::Dashboard') * prices.dashboardMonth.usd,
  };
};

/**
 * A month's bill by service, in dollars, without any free tier. `life` is what one ticket of such a month uses, with its share of
 * what runs by the clock; fixed charges are counted from the templates.
 */
export const monthlyBill = (
  life: Readonly<Record<string, Expense>>,
  month: Month,
  counts: ReadonlyMap<string, number>,
  { prices, assumptions }: Pick<Prices, 'prices' | 'assumptions'>,
): Readonly<Record<string, number>> => {
  const lives = Math.max(1, month.tickets);
  const whole = Object.values(life).reduce(plus, noExpense);
  const { KMS: _keys, ...perMillion } = dollarsPerMillion(whole, { prices, assumptions });
  const restorable = (counts.get('restorable tables') ?? 0) > 0;
  const used = Object.entries(perMillion)
    .filter(([service]) => restorable || service !== 'DynamoDB PITR')
    .map(([service, dollars]) => [service, (dollars * lives) / 1e6] as const);
  const copies = counts.get('kept copies') ?? 0;
  const copied = (perMillion['DynamoDB storage'] ?? 0) / prices.dynamodbStoragePerGbMonth.usd;
  const traced = (whole.invocations * lives * assumptions.sampledShare.value) / 1e6;
  return {
    ...Object.fromEntries(used),
    ...fixedCharges(counts, { prices, assumptions }),
    // Each copy is a full one, and paid as such.
    ...(copies === 0 ? {} : { 'AWS Backup': ((copied * lives) / 1e6) * copies * prices.dynamodbBackupPerGbMonth.usd }),
    'X-Ray traces': traced * prices.tracesPerMillion.usd,
    'Cognito users': month.users * prices.userMonth.usd,
    'SNS e-mail': (month.emails / 100_000) * prices.emailPer100k.usd,
    'SNS SMS': month.sms * prices.smsEach.usd,
  };
};

/** The same prices for a month of so many tickets: what runs by the clock is shared by them. */
export const atScale = <T extends Pick<Prices, 'assumptions' | 'prices'>>(prices: T, tickets: number): T => ({
  ...prices,
  assumptions: {
    ...prices.assumptions,
    ticketsPerMonth: { ...prices.assumptions.ticketsPerMonth, value: Math.max(1, tickets) },
  },
});
