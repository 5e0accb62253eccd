import { BackupClient, ListBackupJobsCommand, ListRecoveryPointsByBackupVaultCommand } from '@aws-sdk/client-backup';
import { AssemblyError } from '../../../local/assembly/assembly-error.ts';
import { readAssembly } from '../../../local/assembly/read-assembly.ts';
import { editedAssembly, FixtureDesk, stopAll } from '../fixture/fixture.ts';

type Edit = Parameters<typeof editedAssembly>[0];

const table = (more: object) => ({
  AttributeDefinitions: [{ AttributeName: 'PK', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'PK', KeyType: 'HASH' }],
  ...more,
});

/** The fixture with a vault, a plan for what carries a tag, two tables of which one does, and a rule on events of jobs. */
const withBackups: Edit = ({ Resources }) => {
  Object.assign(Resources, {
    Vault: { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'fixture-vault' } },
    BackupRole: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'fixture-backup' } },
    Plan: {
      Type: 'AWS::Backup::BackupPlan',
      Properties: {
        BackupPlan: {
          BackupPlanName: 'nightly',
          BackupPlanRule: [
            {
              RuleName: 'daily',
              TargetBackupVault: { Ref: 'Vault' },
              ScheduleExpression: 'cron(0 3 * * ? *)',
              Lifecycle: { DeleteAfterDays: 2 },
            },
          ],
        },
      },
    },
    Selection: {
      Type: 'AWS::Backup::BackupSelection',
      Properties: {
        BackupPlanId: { Ref: 'Plan' },
        BackupSelection: {
          SelectionName: 'tagged',
          IamRoleArn: { 'Fn::GetAtt': ['BackupRole', 'Arn'] },
          ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'yes' }],
        },
      },
    },
    Tagged: {
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: table({
        TableName: 'fixture-tagged',
        Replicas: [
          {
            Region: { Ref: 'AWS::Region' },
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
            SSESpecification: { KMSMasterKeyId: 'arn:aws:kms:x:1:key/data' },
            Tags: [{ Key: 'backup', Value: 'yes' }],
          },
        ],
      }),
    },
    Plain: { Type: 'AWS::DynamoDB::Table', Properties: table({ TableName: 'fixture-plain' }) },
    Rule: {
      Type: 'AWS::Events::Rule',
      Properties: {
        EventPattern: {
          source: ['aws.backup'],
          'detail-type': ['Backup Job State Change'],
          detail: { state: ['COMPLETED'] },
        },
        Targets: [
          {
            Id: 'Target0',
            Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] },
            InputTransformer: {
              InputPathsMap: { job: '$.detail.backupJobId', table: '$.detail.resourceArn', nothing: '$.detail.none' },
              InputTemplate: '{"job":<job>,"text":"of \\"<table>\\"","none":<nothing>}',
            },
          },
        ],
      },
    },
  });
  // What runs each minute would be visited thousands of times.
  delete Resources['Schedule'];
  Resources['OperatorPolicy']!.Properties.PolicyDocument.Statement = [
    { Effect: 'Allow', Action: 'backup:*', Resource: '*' },
  ];
};

describe('reading an assembly with backups', () => {
  const model = readAssembly(editedAssembly(withBackups));

  it('finds vaults, plans with what they select, and rules on events', () => {
    expect(model.backup.vaults).toEqual([
      {
        name: 'fixture-vault',
        arn: 'arn:aws:backup:eu-central-1:000000000000:backup-vault:fixture-vault',
        kmsKeyArn: null,
      },
    ]);
    expect(model.backup.rules).toMatchObject([
      {
        name: 'daily',
        planName: 'nightly',
        vaultName: 'fixture-vault',
        expression: 'cron(0 3 * * ? *)',
        timezone: 'Etc/UTC',
        deleteAfterDays: 2,
        selections: [
          {
            roleArn: 'arn:aws:iam::000000000000:role/fixture-backup',
            resources: [],
            tags: [{ key: 'backup', value: 'yes' }],
          },
        ],
      },
    ]);
    expect(model.eventRules).toMatchObject([
      { enabled: true, targets: [{ queueArn: expect.stringMatching(/:fixture-queue$/) }] },
    ]);
  });

  it('finds how tables are protected, also in the replica of a global table', () => {
    const protectionOf = (name: string) => model.tables.find((one) => one.name === name)?.protection;
    expect(protectionOf('fixture-tagged')).toEqual({
      pointInTimeRecovery: true,
      deletionProtection: true,
      tags: { backup: 'yes' },
      kmsKeyArn: 'arn:aws:kms:x:1:key/data',
    });
    expect(protectionOf('fixture-plain')).toEqual({
      pointInTimeRecovery: false,
      deletionProtection: false,
      tags: {},
      kmsKeyArn: null,
    });
  });

  it('refuses a selection that it would only half understand', () => {
    const directory = editedAssembly((template) => {
      withBackups(template);
      template.Resources['Selection']!.Properties.BackupSelection.Conditions = { StringLike: [] };
    });
    expect(() => readAssembly(directory)).toThrow(AssemblyError);
    expect(() => readAssembly(directory)).toThrow('Fixture-App/Selection');
  });
});

it('refuses a rule whose events it could not tell apart', () => {
  const directory = editedAssembly((template) => {
    withBackups(template);
    template.Resources['Rule']!.Properties.EventPattern.detail.state = [{ 'sounds-like': 'COMPLETED' }];
  });
  expect(() => readAssembly(directory)).toThrow(/Fixture-App\/Rule.*sounds-like/);
});

describe('a desk with a backup plan', () => {
  afterEach(stopAll);

  const backupClient = async (fixture: FixtureDesk): Promise<BackupClient> => {
    const aws = await fixture.json('/_local/aws');
    return new BackupClient({
      endpoint: aws.AWS_ENDPOINT_URL,
      region: aws.AWS_REGION,
      credentials: {
        accessKeyId: aws.AWS_ACCESS_KEY_ID,
        secretAccessKey: aws.AWS_SECRET_ACCESS_KEY,
        sessionToken: aws.AWS_SESSION_TOKEN,
      },
      maxAttempts: 1,
    });
  };

  it('backs up what carries the tag at its times, lets it expire, and tells the queue of the rule', async () => {
    const fixture = await FixtureDesk.start({
      assemblyDir: editedAssembly(withBackups),
      startAt: Date.parse('2026-03-02T12:00:00Z'),
    });
    const client = await backupClient(fixture);
    await fixture.advance('P3D');
    const { BackupJobs = [] } = await client.send(new ListBackupJobsCommand({}));
    const days = BackupJobs.map(({ CreationDate }) => CreationDate?.toISOString());
    expect(days).toEqual(['2026-03-05T03:00:00.000Z', '2026-03-04T03:00:00.000Z', '2026-03-03T03:00:00.000Z']);
    expect(new Set(BackupJobs.map(({ ResourceName, State }) => `${ResourceName} ${State}`))).toEqual(
      new Set(['fixture-tagged COMPLETED']),
    );
    expect(BackupJobs[0]?.CreatedBy?.BackupPlanName).toBe('nightly');
    const points = await client.send(new ListRecoveryPointsByBackupVaultCommand({ BackupVaultName: 'fixture-vault' }));
    expect(points.RecoveryPoints?.map(({ CreationDate }) => CreationDate?.toISOString())).toEqual(days.slice(0, 2));
    const bodies = (await fixture.delivered('queue')).map((record) => JSON.parse(record.body ?? record));
    expect(bodies.toReversed()).toEqual(
      BackupJobs.map(({ BackupJobId, ResourceArn }) => ({
        job: BackupJobId,
        text: `of "${ResourceArn}"`,
        none: null,
      })),
    );
    client.destroy();
  }, 60_000);

  it('takes its times and troubles from the control route', async () => {
    const fixture = await FixtureDesk.start({ assemblyDir: editedAssembly(withBackups) });
    const patch = (body: object) =>
      fixture.call('/_local/backup', { method: 'PATCH', body: JSON.stringify(body) }).then(async (response) => ({
        status: response.status,
        body: JSON.parse(await response.text()),
      }));
    const usual = await fixture.json('/_local/backup');
    expect(usual).toMatchObject({ backupSeconds: 5, restoreSeconds: 10, nextBackup: null, corrupt: null });
    expect(await patch({ backupSeconds: 2, nextBackup: 'expired', corrupt: { how: 'drop' } })).toMatchObject({
      status: 200,
      body: {
        ...usual,
        backupSeconds: 2,
        nextBackup: 'expired',
        corrupt: { how: 'drop', partition: '', sort: '', which: 'last' },
      },
    });
    expect((await patch({ backupSeconds: -1 })).status).toBe(400);
    expect((await patch({ colour: 'red' })).status).toBe(400);
    expect(await fixture.fault('backup', 'duplicate')).toMatchObject({ status: 400 });
    expect(await fixture.fault('events', 'drop')).toMatchObject({ id: expect.any(String) });
    await fixture.json('/_local/reset', {});
    expect(await fixture.json('/_local/backup')).toEqual(usual);
  }, 60_000);
});
