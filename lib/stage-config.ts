import * as z from 'zod';
import { functionNames } from '../functions/entrypoints/environments.ts';
import { stageSubscription } from '../functions/entrypoints/stage-subscriptions.ts';

const stageNames = ['local', 'dev', 'prod'] as const;

/** A Lambda's whole environment may hold 4 KB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const SUBSCRIBERS_MAX_BYTES = 3_000;

/** Days that CloudWatch Logs accepts and that are of use here. */
const retentionDays = z.union([7, 14, 30, 90, 180, 365, 731].map((days) => z.literal(days)));

const schema = z.strictObject({
  stage: z.enum(stageNames),
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be an AWS region, such as eu-central-1'),
  /** IANA time zone in which KPI days and months begin and end. */
  reportingZone: z.string().refine(isTimeZone, 'must be an IANA time zone, such as Europe/Berlin'),
  /** Who hears of alerts from the first minute; everyone else subscribes by POST /v1/alert-subscriptions. */
  alertSubscribers: z
    .array(stageSubscription)
    .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'must not hold one id twice')
    .refine(fitsTheEnvironment, `must fit in ${SUBSCRIBERS_MAX_BYTES} bytes as JSON; subscribe the others by the API`),
  /** The user who is admin before anyone else. With an e-mail, the user pool invites them; null = create them yourself. */
  firstAdmin: z.strictObject({ username: z.string().min(1), email: z.email().nullable() }),
  /** Deletion and termination protection; without it a removed stack takes its data along. */
  deletionProtection: z.boolean(),
  /** Point-in-time recovery of the tables that hold history. */
  pointInTimeRecovery: z.boolean(),
  /** Full copies of the tables that hold history, by AWS Backup. */
  backups: z
    .strictObject({
      /** How many days the copy of each night is kept. */
      dailyRetentionDays: z.int().min(1).max(36_500),
      /** Takes a copy each hour too, kept for a day: 24 more full copies at any time. */
      hourly: z.boolean(),
      /**
       * Vault lock: nobody removes a copy before its time, nor keeps one for less than `minRetentionDays`. In `governance` whoever
       * has backup:DeleteBackupVaultLockConfiguration can lift it; in `compliance` nobody, once `coolingDays` are over.
       */
      lock: z
        .discriminatedUnion('mode', [
          z.strictObject({ mode: z.literal('governance'), minRetentionDays: z.int().min(1).max(36_500) }),
          z.strictObject({
            mode: z.literal('compliance'),
            minRetentionDays: z.int().min(1).max(36_500),
            coolingDays: z.int().min(3).max(36_500),
          }),
        ])
        .nullable(),
    })
    .refine(
      ({ lock, dailyRetentionDays }) => lock === null || lock.minRetentionDays <= dailyRetentionDays,
      'must keep the copy of a night for as long as its lock asks; the vault refuses shorter ones',
    )
    .refine(
      ({ lock, hourly }) => lock === null || !hourly || lock.minRetentionDays === 1,
      'cannot take hourly copies, which are kept for a day, under a lock that asks for more',
    ),
  /** Names of other tables of the account, of the same region, that may be drilled too. */
  drillTables: z.array(z.string().regex(/^[\w.-]{3,255}$/, 'must be the name of a table of DynamoDB')),
  /**
   * The table that has taken the place of the stack's own after a disaster (`npm run cutover` says what to write here); null = its own.
   * Without it the next deployment of the stack Data may lead the desk back to the lost table.
   */
  operationsTable: z
    .strictObject({
      name: z
        .string()
        .regex(/^cloud-service-desk-[a-z]+-operations-[\w.-]+$/, 'must be cloud-service-desk-<stage>-operations-...'),
      streamArn: z
        .string()
        .regex(/^arn:aws[\w-]*:dynamodb:[\w-]+:\d{12}:table\/[\w.-]+\/stream\/.+$/, 'must be the ARN of its stream'),
    })
    .refine(
      ({ name, streamArn }) => streamArn.includes(`:table/${name}/stream/`),
      'must name a table and the stream of that table',
    )
    .nullable(),
  logRetentionDays: retentionDays,
  /**
   * How long evidence (digests of history) is locked. `compliance` cannot be shortened by anybody, `governance` by whoever has
   * s3:BypassGovernanceRetention.
   */
  evidenceRetention: z.strictObject({
    mode: z.enum(['governance', 'compliance']),
    days: z.int().positive().max(36_500),
  }),
  logLevel: z.enum(['debug', 'info', 'warn', 'error']),
  /** Concurrent executions set aside for a function; one not named shares the account's pool. */
  reservedConcurrency: z.partialRecord(z.enum(functionNames), z.int().positive()),
  /** Memory of a function in MB, and with it its share of a processor; one not named has what the function catalogue says. */
  memoryMegabytes: z.partialRecord(z.enum(functionNames), z.int().min(128).max(10_240)),
  /** Where the operators' alarms go; null = alarms are only seen in CloudWatch. */
  alarmEmail: z.email().nullable(),
  /** What the account may spend on SMS in a month: its limit in SNS, at 80 % of which an alarm rings. */
  smsMonthlyBudgetUsd: z.number().positive(),
  /** What one text costs by estimate, with the dearest of its countries: https://aws.amazon.com/sns/sms-pricing/ */
  smsPriceUsd: z.number().positive(),
  /** The page of a ticket that alerts link to, like `https://desk.example.com/tickets/{ticketId}`; null = the API's own name, if it has one. */
  ticketLink: z
    .url({ protocol: /^https?$/ })
    .refine((template) => template.includes('{ticketId}'), 'must have {ticketId} in it')
    .nullable(),
  /** A second factor (TOTP app) at sign-in. */
  mfa: z.enum(['optional', 'required']),
  /**
   * The API's own name; its certificate must exist in the stage's region. With a hosted zone the record is made too; without,
   * point a CNAME at the output ApiDomainTarget. The address that AWS gives is closed then. null = that address only.
   */
  domain: z
    .strictObject({
      name: z.hostname(),
      certificateArn: z
        .string()
        .regex(/^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/, 'must be the ARN of an ACM certificate'),
      hostedZone: z
        .strictObject({
          id: z.string().regex(/^Z[A-Z0-9]+$/, 'must be a hosted zone id, such as Z0123ABC'),
          name: z.hostname(),
        })
        .nullable(),
    })
    .nullable(),
  /** A client for machines (client credentials grant). */
  machineClient: z.boolean(),
  /** Addresses to which the sign-in page may return. */
  callbackUrls: z.array(z.url()).min(1),
  corsOrigins: z.array(z.string().min(1)).min(1),
  throttle: z.strictObject({ requestsPerSecond: z.int().positive(), burst: z.int().positive() }),
});

export type StageConfig = Readonly<z.infer<typeof schema>>;

const shared = {
  alertSubscribers: [],
  drillTables: [],
  operationsTable: null,
  firstAdmin: { username: 'admin', email: null },
  reservedConcurrency: {},
  memoryMegabytes: {},
  smsMonthlyBudgetUsd: 1,
  smsPriceUsd: 0.1,
  ticketLink: null,
  domain: null,
  alarmEmail: null,
  machineClient: true,
  callbackUrls: ['http://localhost:3000/signed-in'],
  corsOrigins: ['*'],
};

const stages = {
  /** One machine; subscribers come by the API. */
  local: {
    ...shared,
    // Texts end in the outbox.
    smsMonthlyBudgetUsd: 1_000,
    region: 'eu-central-1',
    reportingZone: 'Etc/UTC',
    deletionProtection: false,
    // Costs nothing here, and drills of both methods can be tried.
    pointInTimeRecovery: true,
    backups: { dailyRetentionDays: 7, hourly: false, lock: null },
    logRetentionDays: 7,
    evidenceRetention: { mode: 'governance', days: 1 },
    logLevel: 'info',
    mfa: 'optional',
    throttle: { requestsPerSecond: 1_000, burst: 2_000 },
  },
  /** The cheapest: nothing kept, nothing protected. */
  dev: {
    ...shared,
    region: 'eu-central-1',
    reportingZone: 'Europe/Berlin',
    deletionProtection: false,
    pointInTimeRecovery: false,
    backups: { dailyRetentionDays: 7, hourly: false, lock: null },
    logRetentionDays: 7,
    evidenceRetention: { mode: 'governance', days: 1 },
    logLevel: 'debug',
    mfa: 'optional',
    throttle: { requestsPerSecond: 50, burst: 100 },
  },
  prod: {
    ...shared,
    region: 'eu-central-1',
    reportingZone: 'Europe/Berlin',
    deletionProtection: true,
    pointInTimeRecovery: true,
    // Point-in-time recovery is what an objective of minutes needs; copies are for the day on which it is gone with its table.
    backups: { dailyRetentionDays: 14, hourly: false, lock: { mode: 'governance', minRetentionDays: 1 } },
    logRetentionDays: 90,
    evidenceRetention: { mode: 'compliance', days: 730 },
    logLevel: 'info',
    mfa: 'required',
    // Breaches and alerts keep their share of the account's concurrency, whatever burst comes over the API. An account with the
    // quota of 10 that new ones have cannot set any aside: ask for 1,000 first, or override this by {}
    // (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
    reservedConcurrency: { 'queue-due': 20, 'stream-alerts': 20, 'job-sweep': 2 },
    throttle: { requestsPerSecond: 500, burst: 1_000 },
  },
};

/** A stage that does not exist, or a setting of it that does not hold; says what was got and what is allowed. */
export class StageConfigError extends Error {
  override readonly name = 'StageConfigError';
}

/**
 * The settings of a stage. `overrides` (an object, or its JSON as the CDK's `-c` hands it over) replaces single settings,
 * so that addresses of people need not be committed: `-c overrides='{"alarmEmail":"ops@example.com"}'`.
 */
export const stageConfig = (stage: unknown, overrides: unknown = {}): StageConfig => {
  const name = z.enum(stageNames).safeParse(stage);
  if (!name.success) {
    throw new StageConfigError(
      `Unknown stage ${JSON.stringify(stage)}; allowed: ${stageNames.join(', ')}. Choose one by -c stage=dev or STAGE=dev.`,
    );
  }
  const result = schema.safeParse({ ...stages[name.data], ...asObject(overrides), stage: name.data });
  if (result.success) return result.data;
  throw new StageConfigError(`Stage ${name.data} is not valid:\n${z.prettifyError(result.error)}`);
};

function asObject(overrides: unknown): Record<string, unknown> {
  const json = z.string().transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue(`is not JSON: ${text}`);
      return z.NEVER;
    }
  });
  const result = z
    .union([z.record(z.string(), z.unknown()), json.pipe(z.record(z.string(), z.unknown()))])
    .safeParse(overrides);
  if (result.success) return result.data;
  throw new StageConfigError(
    `Overrides must be an object of stage settings, or its JSON; got ${JSON.stringify(overrides)}`,
  );
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

function fitsTheEnvironment(list: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(list)) <= SUBSCRIBERS_MAX_BYTES;
}
