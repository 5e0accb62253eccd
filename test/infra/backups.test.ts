import { Match } from 'aws-cdk-lib/assertions';
import { dueLanes } from '../../functions/platform/due/due-index.ts';
import { nightly } from '../../functions/backups/domain/plan-window.ts';
import { stageConfig } from '../../lib/stage-config.ts';
import { spoken, synthesized } from './synthesized.ts';

const prod = synthesized('prod');
const dev = synthesized('dev');
const one = (cloud: typeof prod, type: string) => {
  const [found, ...others] = cloud.ofType(type);
  if (found === undefined || others.length > 0) throw new Error(`not one ${type}`);
  return found;
};
const vaultOf = (cloud: typeof prod) => one(cloud, 'AWS::Backup::BackupVault');
const rulesOf = (cloud: typeof prod) =>
  one(cloud, 'AWS::Backup::BackupPlan').Properties.BackupPlan.BackupPlanRule.map(
    (rule: Record<string, unknown>) => [rule['RuleName'], rule['ScheduleExpression'], rule['Lifecycle']] as const,
  );
const table = (name: string) => `arn:aws:dynamodb:eu-central-1:AWS::AccountId:table/${name}`;

describe('the vault', () => {
  it('lies under the data key', () => {
    expect(spoken(vaultOf(prod).Properties.EncryptionKeyArn)).toBe('DataKey.Arn');
  });

  it('lets nobody remove a copy in prod, and is locked', () => {
    const { AccessPolicy, LockConfiguration } = vaultOf(prod).Properties;
    expect(AccessPolicy.Statement).toEqual([
      {
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
        Resource: '*',
      },
    ]);
    // Without a date from which it cannot be changed: governance.
    expect(LockConfiguration).toEqual({ MinRetentionDays: 1 });
  });

  it('is neither in dev, which can be emptied and removed', () => {
    expect(vaultOf(dev).Properties).not.toHaveProperty('AccessPolicy');
    expect(vaultOf(dev).Properties).not.toHaveProperty('LockConfiguration');
    expect([vaultOf(prod).DeletionPolicy, vaultOf(dev).DeletionPolicy]).toEqual(['Retain', 'Delete']);
  });

  it('can be locked for good, after days in which that can be taken back', () => {
    const lock = { mode: 'compliance', minRetentionDays: 7, coolingDays: 3 };
    const locked = synthesized('prod', { backups: { dailyRetentionDays: 30, hourly: false, lock } });
    expect(vaultOf(locked).Properties.LockConfiguration).toEqual({ MinRetentionDays: 7, ChangeableForDays: 3 });
  });

  it.each([
    [
      'a lock that the nightly copies do not keep',
      { dailyRetentionDays: 7, hourly: false, lock: { mode: 'governance', minRetentionDays: 8 } },
      /as long as its lock asks/,
    ],
    [
      'hourly copies that the lock refuses',
      { dailyRetentionDays: 7, hourly: true, lock: { mode: 'governance', minRetentionDays: 2 } },
      /cannot take hourly copies/,
    ],
    [
      'a lock for good without time to think',
      { dailyRetentionDays: 7, hourly: false, lock: { mode: 'compliance', minRetentionDays: 1 } },
      /coolingDays/,
    ],
    ['copies that are not kept', { dailyRetentionDays: 0, hourly: false, lock: null }, /dailyRetentionDays/],
  ])('refuses %s', (_what, backups, message) => {
    expect(() => stageConfig('prod', { backups })).toThrow(message);
  });
});

describe('the plan', () => {
  it('copies each night, by the clocks of the reporting zone, and keeps what the stage says', () => {
    expect(rulesOf(prod)).toEqual([['daily', 'cron(0 5 * * ? *)', { DeleteAfterDays: 14 }]]);
    expect(rulesOf(dev)).toEqual([['daily', 'cron(0 5 * * ? *)', { DeleteAfterDays: 7 }]]);
    prod.templates.data.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: {
        BackupPlanRule: [
          Match.objectLike({
            ScheduleExpressionTimezone: 'Europe/Berlin',
            // An hour is the least: https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRule.html
            StartWindowMinutes: 60,
          }),
        ],
      },
    });
  });

  it('copies when the watch over backups expects it', () => {
    const [minute, hour, ...days] = nightly.split(' ');
    expect(days).toEqual(['*', '*', '*']);
    expect(rulesOf(prod)[0]?.[1]).toBe(`cron(${minute} ${hour} * * ? *)`);
  });

  it('copies each hour too where the stage wants it, and keeps those for a day', () => {
    const hourly = synthesized('prod', { backups: { dailyRetentionDays: 35, hourly: true, lock: null } });
    expect(rulesOf(hourly)).toEqual([
      ['daily', 'cron(0 5 * * ? *)', { DeleteAfterDays: 35 }],
      ['hourly', 'cron(30 * * * ? *)', { DeleteAfterDays: 1 }],
    ]);
  });

  it('is of the tables that carry its tag, and of no scratch table, though those carry it too', () => {
    const { BackupSelection } = one(prod, 'AWS::Backup::BackupSelection').Properties;
    expect(BackupSelection.Resources.map(spoken)).toEqual([table('*')]);
    expect(BackupSelection.NotResources.map(spoken)).toEqual([table('cloud-service-desk-prod-drill-*')]);
    const [condition] = BackupSelection.Conditions.StringEquals;
    expect(condition).toEqual({ ConditionKey: 'aws:ResourceTag/cloud-service-desk:backup', ConditionValue: 'prod' });
    const tagged = prod
      .ofType('AWS::DynamoDB::Table')
      .filter(({ Properties }) =>
        Properties.Tags.some(
          ({ Key, Value }: { Key: string; Value: string }) => Key === 'cloud-service-desk:backup' && Value === 'prod',
        ),
      );
    expect(tagged.map(({ id }) => spoken({ Ref: id })).sort()).toEqual(['KpisTable', 'OperationsTable']);
    expect(spoken(BackupSelection.IamRoleArn)).toBe('BackupsBackupRole.Arn');
  });

  it('is by roles that AWS Backup takes on for this account alone', () => {
    const roles = prod.ofType('AWS::IAM::Role').filter(({ id }) => id.startsWith('Backups'));
    expect(roles.map(({ Properties }) => Properties.AssumeRolePolicyDocument.Statement)).toEqual(
      ['BackupRole', 'RestoreRole'].map(() => [
        {
          Effect: 'Allow',
          Principal: { Service: 'backup.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
        },
      ]),
    );
  });
});

describe('what AWS Backup tells', () => {
  const rules = prod.ofType('AWS::Events::Rule');

  it('goes to the drills when a job of our vault, or a restore by our role, is over', () => {
    const over = ['ABORTED', 'COMPLETED', 'EXPIRED', 'FAILED'];
    expect(
      rules.map(({ Properties: { EventPattern } }) => [
        EventPattern.source,
        EventPattern['detail-type'],
        Object.fromEntries(
          Object.entries<unknown[]>(EventPattern.detail).map(([name, list]) => [name, list.map(spoken)]),
        ),
      ]),
    ).toEqual([
      [['aws.backup'], ['Backup Job State Change'], { backupVaultName: ['cloud-service-desk-prod'], state: over }],
      [['aws.backup'], ['Restore Job State Change'], { iamRoleArn: ['<restorerolearn>'], status: over }],
    ]);
    expect(
      rules.flatMap(({ Properties }) => Properties.Targets.map(({ Arn }: { Arn: unknown }) => spoken(Arn))),
    ).toEqual(Array(2).fill('DueTimersDrillsQueue.Arn'));
  });

  it('is taken from these rules, and from nobody else', () => {
    const policies = prod
      .ofType('AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow');
    expect(
      policies.map(({ Principal, Action, Resource, Condition }) => [
        Principal,
        Action,
        spoken(Resource),
        spoken(Condition.ArnEquals['aws:SourceArn']),
      ]),
    ).toEqual(
      ['RestoreDrillsBackupJobs', 'RestoreDrillsRestoreJobs'].map((rule) => [
        { Service: 'events.amazonaws.com' },
        'sqs:SendMessage',
        'DueTimersDrillsQueue.Arn',
        `${rule}.Arn`,
      ]),
    );
  });
});

describe('the work of drills', () => {
  it('lies under the data key for a week, private, and is never locked', () => {
    const work = prod.ofType('AWS::S3::Bucket').find(({ id }) => id.startsWith('RestoreDrillsWork'))?.Properties;
    expect(work).toMatchObject({
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 7, Status: 'Enabled' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms' } }],
      },
    });
    expect(work).not.toHaveProperty('ObjectLockEnabled');
    expect(work).not.toHaveProperty('VersioningConfiguration');
  });

  it('is told which tables there are, as JSON', () => {
    const environmentOf = (cloud: typeof prod, name: string) =>
      cloud.ofType('AWS::Lambda::Function').find(({ Properties }) => Properties.FunctionName.endsWith(name))?.Properties
        .Environment.Variables;
    const drilled = synthesized('dev', { drillTables: ['billing', 'crm.eu'] });
    for (const name of ['http-drills', 'queue-drills', 'job-backups']) {
      const environment = environmentOf(drilled, name);
      expect(spoken(environment.DESK_TABLES)).toBe('["<operationstablename>","<kpistablename>"]');
      expect(JSON.parse(environment.DRILL_TABLES)).toEqual(['billing', 'crm.eu']);
      expect(environment.SCRATCH_TABLE_PREFIX).toBe('cloud-service-desk-dev-drill-');
    }
    expect(() => stageConfig('dev', { drillTables: ['no such name'] })).toThrow(/name of a table of DynamoDB/);
  });
});

it('the lanes of the due index have a queue each', () => {
  const parameters = prod.ofType('AWS::SSM::Parameter').map(({ Properties }) => Properties.Name);
  for (const lane of dueLanes)
    for (const end of ['queue-url', 'queue-arn', 'dead-letters'])
      expect(parameters).toContain(`/cloud-service-desk/prod/due-${lane}-${end}`);
});
