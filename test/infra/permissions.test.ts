import {
  letIn,
  managedPolicies,
  otherRoles,
  permissionLine as line,
  permissionsOf,
  synthesized,
} from './synthesized.ts';

const cloud = synthesized('prod');
const table = (name: string, index = '') =>
  `arn:aws:dynamodb:eu-central-1:AWS::AccountId:table/<${name}tablename>${index}`;
const operations = table('operations');
const through = (service: string) => `kms:Decrypt,kms:GenerateDataKey via ${service} on <datakeyarn>`;
const commit = 'dynamodb:ConditionCheckItem,GetItem,PutItem,Query,UpdateItem';
const streamRead = 'dynamodb:DescribeStream,GetRecords,GetShardIterator,ListStreams on <operationsstreamarn>';
const failedRecords = [
  's3:ListBucket on StreamSourcesFailedRecords.Arn',
  's3:PutObject on StreamSourcesFailedRecords.Arn/*',
  through('s3'),
];
const traces = 'xray:PutTelemetryRecords,PutTraceSegments on *';
const askForRecount = `dynamodb:PutItem on ${table('kpis')} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["RECOUNTS","RECOUNT-OPEN"]}}`;
const hintsFromApi = 'sqs:SendMessage on <duecriticalqueuearn> <duerestqueuearn>';
const drillHintsFromApi = 'sqs:SendMessage on <duecriticalqueuearn> <duedrillsqueuearn> <duerestqueuearn>';
const drillHintsFromAutomation =
  'sqs:SendMessage on DueTimersCriticalQueue.Arn DueTimersDrillsQueue.Arn DueTimersRestQueue.Arn';
const tableNamed = (name: string) => `arn:aws:dynamodb:eu-central-1:AWS::AccountId:table/${name}`;
const scratch = tableNamed('cloud-service-desk-prod-drill-*');
const vault = 'arn:aws:backup:eu-central-1:AWS::AccountId:backup-vault:cloud-service-desk-prod';
const recoveryPoints = 'arn:aws:backup:eu-central-1:AWS::AccountId:recovery-point:*';
const hintsFromAutomation = 'sqs:SendMessage on DueTimersCriticalQueue.Arn DueTimersRestQueue.Arn';

/** What each function may do, beside writing its log. A change here is a change of what a stolen function could do. */
const expected: Readonly<Record<string, readonly string[]>> = {
  'http-desk': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    `dynamodb:Query on ${table('lists')} ${table('lists', '/index/updated')} ${table('operations', '/index/customer')} ${table('operations', '/index/queue')}`,
    hintsFromApi,
    through('dynamodb'),
  ],
  'http-sla': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    hintsFromApi,
    through('dynamodb'),
  ],
  'http-on-call': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    hintsFromApi,
    through('dynamodb'),
  ],
  'http-alerts': [
    `${commit} on ${operations}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    hintsFromApi,
    'sns:Subscribe on <alerttopicarn> if {"StringEquals":{"sns:Protocol":["email","sms"]}}',
    'sns:GetSubscriptionAttributes,Unsubscribe on *',
    through('dynamodb'),
  ],
  'http-kpis': [
    `dynamodb:BatchGetItem,GetItem on ${operations}`,
    `dynamodb:PutItem on ${operations} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["SYS#cursor-key"]}}`,
    `dynamodb:PutItem on ${operations} if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CAC#*"]}}`,
    `dynamodb:UpdateItem on ${operations} if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["VIO#*"]}}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    `dynamodb:Query on ${table('kpis')} ${table('operations', '/index/queue')}`,
    askForRecount,
    through('dynamodb'),
  ],
  'http-drills': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:ConditionCheckItem,GetItem,PutItem on ${table('idempotency')}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    's3:GetObject on arn:aws:s3:::<evidencebucketname>/drills/*',
    drillHintsFromApi,
    through('dynamodb'),
  ],
  'http-docs': [],
  'stream-kpis': [
    `dynamodb:UpdateItem on ${table('kpis')}`,
    askForRecount,
    `dynamodb:PutItem on ${table('lists')}`,
    'sqs:SendMessage on KpiRollupsHintsQueue.Arn',
    streamRead,
    through('dynamodb'),
    ...failedRecords,
  ],
  'stream-alerts': [
    `${commit} on ${operations}`,
    hintsFromAutomation,
    'sns:Publish on AlertTopicsAlerts',
    through('sns'),
    streamRead,
    through('dynamodb'),
    ...failedRecords,
  ],
  'queue-due': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    'sqs:DeleteMessage,GetQueueAttributes,ReceiveMessage,SendMessage on DueTimersCriticalQueue.Arn DueTimersRestQueue.Arn',
    'sns:Publish on AlertTopicsAlerts',
    through('sns'),
    through('dynamodb'),
  ],
  'queue-drills': [
    // The live table: read, restored from, and committed to. Nothing that makes, changes or removes a table.
    `dynamodb:BatchGetItem,ConditionCheckItem,DescribeContinuousBackups,DescribeTable,DescribeTimeToLive,GetItem,ListTagsOfResource,PutItem,Query,RestoreTableToPointInTime,Scan,UpdateItem on ${operations}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    `dynamodb:BatchGetItem,BatchWriteItem,ConditionCheckItem,DeleteItem,DeleteTable,DescribeContinuousBackups,DescribeTable,DescribeTimeToLive,GetItem,ListTagsOfResource,PutItem,Query,Scan,TagResource,UpdateContinuousBackups,UpdateItem,UpdateTable,UpdateTimeToLive on ${scratch}`,
    `dynamodb:Query,Scan on ${scratch}/index/*`,
    `backup:StartBackupJob on ${vault}`,
    `backup:DescribeRecoveryPoint,StartRestoreJob,TagResource on ${recoveryPoints}`,
    'backup:DescribeBackupJob,DescribeRestoreJob,ListRecoveryPointsByResource on *',
    'iam:PassRole on <backuprolearn> <restorerolearn> if {"StringEquals":{"iam:PassedToService":"backup.amazonaws.com"}}',
    'kms:CreateGrant on <datakeyarn> if {"StringEquals":{"kms:ViaService":"dynamodb.eu-central-1.amazonaws.com"},"Bool":{"kms:GrantIsForAWSResource":"true"}}',
    'kms:Decrypt,kms:DescribeKey,kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo via dynamodb on <datakeyarn>',
    through('s3'),
    's3:ListBucket on RestoreDrillsWork.Arn arn:aws:s3:::<evidencebucketname>',
    's3:GetObject,PutObject on RestoreDrillsWork.Arn/* arn:aws:s3:::<evidencebucketname>/drills/* arn:aws:s3:::<evidencebucketname>/manifests/*',
    'sqs:DeleteMessage,GetQueueAttributes,ReceiveMessage on DueTimersDrillsQueue.Arn',
    drillHintsFromAutomation,
  ],
  'job-backups': [
    `dynamodb:BatchGetItem,ConditionCheckItem,GetItem,PutItem,Query,UpdateItem on ${operations}`,
    `dynamodb:BatchWriteItem on ${operations} if {"ForAllValues:StringLike":{"dynamodb:LeadingKeys":["CAN#*"]}}`,
    `dynamodb:Query on ${table('operations', '/index/queue')}`,
    `dynamodb:DescribeContinuousBackups,DescribeTable on ${table('kpis')} ${operations}`,
    `dynamodb:DeleteTable,DescribeContinuousBackups,DescribeTable,ListTagsOfResource,UpdateContinuousBackups,UpdateTable on ${scratch}`,
    'dynamodb:ListTables on *',
    `backup:ListRecoveryPointsByBackupVault on ${vault}`,
    'backup:DescribeRegionSettings,ListBackupJobs on *',
    drillHintsFromAutomation,
    through('dynamodb'),
  ],
  'job-sweep': [
    `dynamodb:Query on ${table('operations', '/index/due')}`,
    `dynamodb:UpdateItem on ${operations} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["SYS#heartbeat"]}}`,
    drillHintsFromAutomation,
    through('dynamodb'),
  ],
  'job-rollup': [
    `dynamodb:DeleteItem,PutItem,Query,UpdateItem on ${table('kpis')}`,
    'sqs:DeleteMessage,GetQueueAttributes,ReceiveMessage on KpiRollupsHintsQueue.Arn',
  ],
  'job-digests': [
    `dynamodb:Scan on ${operations}`,
    `dynamodb:GetItem,PutItem on ${operations} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["SYS#digests"]}}`,
    's3:GetObject,PutObject on arn:aws:s3:::<evidencebucketname>/digests/*',
    through('dynamodb'),
  ],
  'job-recount': [
    `dynamodb:BatchGetItem,GetItem,Query on ${operations}`,
    `dynamodb:Scan on ${table('operations', '/index/queue')}`,
    `dynamodb:BatchGetItem,DeleteItem,GetItem,PutItem,Query,UpdateItem on ${table('kpis')}`,
    `dynamodb:BatchGetItem,PutItem on ${table('lists')}`,
    'sqs:SendMessage on KpiRollupsHintsQueue.Arn',
    through('dynamodb'),
  ],
};

describe('permissions of the functions', () => {
  it.each(Object.keys(expected))('%s may do exactly what it does', (name) => {
    const lines = permissionsOf(cloud, name)
      .map(line)
      .filter((text) => !text.startsWith('logs:') && text !== traces);
    expect(lines.sort()).toEqual([...(expected[name] ?? [])].sort());
  });

  it.each(Object.keys(expected))('%s writes its own log and no other', (name) => {
    const logs = permissionsOf(cloud, name).filter(({ actions }) =>
      actions.some((action) => action.startsWith('logs:')),
    );
    expect(logs).toEqual([
      {
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [expect.stringMatching(/^\w+Log\.Arn$/)],
        condition: null,
      },
    ]);
  });

  it.each(Object.keys(expected))('%s may send traces, which have no resource', (name) => {
    expect(permissionsOf(cloud, name).map(line)).toContain(traces);
  });

  it('a schedule may call the one function that it is for, at its live version', () => {
    const may = otherRoles(cloud)
      .filter(({ trusts }) => JSON.stringify(trusts) !== '[{"Service":"backup.amazonaws.com"}]')
      .map(({ name, trusts, permissions }) => [name, trusts, permissions.map(line)]);
    expect(may).toEqual([
      [
        'DueTimersSweepRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobSweepFunctionAliaslive'],
      ],
      [
        'RestoreDrillsWatchRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobBackupsFunctionAliaslive'],
      ],
      [
        'KpiRollupsScheduleRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobRollupFunctionAliaslive'],
      ],
      [
        'DigestsRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobDigestsFunctionAliaslive'],
      ],
      [
        'KpiRecountsRunsRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobRecountFunctionAliaslive'],
      ],
    ]);
  });

  it('AWS Backup copies our tables by one role, and restores into tables that are named for it by another', () => {
    const drilled = synthesized('prod', { drillTables: ['billing'] });
    const rolesOf = (of: typeof cloud) =>
      new Map(otherRoles(of).map(({ name, permissions }) => [name, permissions.map(line).sort()]));
    const key =
      '{"StringEquals":{"kms:ViaService":["backup.eu-central-1.amazonaws.com","dynamodb.eu-central-1.amazonaws.com"]}}';
    const grant = 'kms:CreateGrant on DataKey.Arn if {"Bool":{"kms:GrantIsForAWSResource":"true"}}';
    const copies = 'KpisTable.Arn/backup/* OperationsTable.Arn/backup/*';
    // What takes the place of the lost operations table is copied as that was.
    const restored = tableNamed('cloud-service-desk-prod-operations-*');
    expect(rolesOf(cloud).get('BackupsBackupRole')).toEqual(
      [
        `dynamodb:CreateBackup,DescribeTable,ListTagsOfResource,StartAwsBackupJob on KpisTable.Arn OperationsTable.Arn ${restored}`,
        `dynamodb:DeleteBackup,DescribeBackup on ${copies} ${restored}/backup/*`,
        `backup:DescribeBackupVault on ${vault}`,
        `backup:TagResource on ${recoveryPoints}`,
        'tag:GetResources on *',
        `kms:Decrypt,DescribeKey,GenerateDataKey on DataKey.Arn if ${key}`,
        grant,
      ].sort(),
    );
    expect(rolesOf(cloud).get('BackupsRestoreRole')).toEqual(
      [
        `dynamodb:BatchWriteItem,DeleteItem,DescribeTable,GetItem,PutItem,Query,RestoreTableFromAwsBackup,Scan,UpdateItem on ${scratch} ${restored}`,
        `dynamodb:RestoreTableFromBackup on ${copies} ${scratch} ${restored} ${restored}/backup/*`,
        `kms:Decrypt,DescribeKey,Encrypt,GenerateDataKey,ReEncryptFrom,ReEncryptTo on DataKey.Arn if ${key}`,
        grant,
      ].sort(),
    );
    // A table of somebody else that the stage lets be drilled is copied and restored from, and not written either.
    const backup = rolesOf(drilled).get('BackupsBackupRole')?.join('\n') ?? '';
    expect(backup).toContain(`StartAwsBackupJob on KpisTable.Arn OperationsTable.Arn ${tableNamed('billing')}`);
    expect(rolesOf(drilled).get('BackupsRestoreRole')).toContain(
      `dynamodb:RestoreTableFromBackup on ${copies} ${tableNamed('billing')}/backup/* ${scratch} ${restored} ${restored}/backup/*`,
    );
  });

  it('makes, changes and removes tables only where a name says that they are scratch, and fills one that shall become live by the restore role', () => {
    const tableActions =
      /^dynamodb:(CreateTable|DeleteTable|UpdateTable|UpdateTimeToLive|UpdateContinuousBackups|TagResource|DeleteItem|BatchWriteItem|RestoreTableFrom\w+)$/;
    for (const overrides of [{}, { drillTables: ['billing', 'crm'] }]) {
      const stage = synthesized('prod', overrides);
      const functions = Object.keys(expected).flatMap((name) => permissionsOf(stage, name));
      const statements = [...functions, ...otherRoles(stage).flatMap(({ permissions }) => permissions)];
      const written = statements
        .filter(({ actions }) => actions.some((action) => tableActions.test(action)))
        .flatMap(({ resources, condition }) => resources.map((resource) => [resource, condition]));
      const elsewhere = written.filter(([resource]) => resource !== scratch && !String(resource).endsWith('/backup/*'));
      expect(elsewhere).toEqual([
        [operations, { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['CAN#*'] } }],
        // Marks and facts of KPIs, by the two jobs that recompute them.
        [table('kpis'), null],
        [table('kpis'), null],
        // The restore role, which only AWS Backup can take on, and which removes no table.
        [tableNamed('cloud-service-desk-prod-operations-*'), null],
        [tableNamed('cloud-service-desk-prod-operations-*'), null],
      ]);
    }
  });

  it('hands over no role but those of AWS Backup, and to AWS Backup only', () => {
    const passing = Object.keys(expected).flatMap((name) =>
      permissionsOf(cloud, name).filter(({ actions }) => actions.some((action) => action.startsWith('iam:'))),
    );
    expect(passing).toEqual([
      {
        actions: ['iam:PassRole'],
        resources: ['<backuprolearn>', '<restorerolearn>'],
        condition: { StringEquals: { 'iam:PassedToService': 'backup.amazonaws.com' } },
      },
    ]);
  });

  it('no role has an action with a wildcard, and none but actions that have no resource names every resource', () => {
    const statements = cloud
      .ofType('AWS::IAM::Policy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).filter((action: string) => action.includes('*'))).toEqual([]);
    const everywhere = statements
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action);
    expect([...new Set(everywhere)].sort()).toEqual([
      // All of AWS Backup's without a resource only read (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsbackup.html).
      'backup:DescribeBackupJob',
      'backup:DescribeRegionSettings',
      'backup:DescribeRestoreJob',
      'backup:ListBackupJobs',
      'backup:ListRecoveryPointsByResource',
      'dynamodb:ListTables',
      'sns:GetSubscriptionAttributes',
      'sns:Unsubscribe',
      'tag:GetResources',
      'xray:PutTelemetryRecords',
      'xray:PutTraceSegments',
    ]);
  });

  it('nothing is permitted in a way that the tables do not see: inline in a role, by a user, a group or a policy beside', () => {
    expect(cloud.ofType('AWS::IAM::Role').filter(({ Properties }) => Properties.Policies !== undefined)).toEqual([]);
    const beside = ['RolePolicy', 'UserPolicy', 'GroupPolicy', 'User', 'Group'];
    expect(beside.flatMap((type) => cloud.ofType(`AWS::IAM::${type}`))).toEqual([]);
    const ofOthers = cloud.ofType('AWS::IAM::Policy').filter(({ Properties }) => Properties.Users ?? Properties.Groups);
    expect(ofOthers).toEqual([]);
  });

  it('an auditor may read, and an operator who puts back what was given up may read, return and remove exactly that', () => {
    const may = managedPolicies(cloud).map(({ name, attached, permissions }) => [
      name,
      attached,
      permissions.map(line).sort(),
    ]);
    const restored = 'arn:aws:dynamodb:eu-central-1:AWS::AccountId:table/cloud-service-desk-prod-operations-*';
    const deadLetters =
      'DueTimersCriticalDeadLetters.Arn DueTimersDrillsDeadLetters.Arn DueTimersRestDeadLetters.Arn KpiRollupsHintsDeadLetters.Arn';
    expect(may).toEqual([
      [
        'cloud-service-desk-prod-redrive',
        [],
        [
          'ssm:GetParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameterRedriveOperatorParameterredrivesources',
          `sqs:DeleteMessage,GetQueueAttributes,ReceiveMessage on ${deadLetters}`,
          'sqs:SendMessage on DueTimersCriticalQueue.Arn DueTimersDrillsQueue.Arn DueTimersRestQueue.Arn KpiRollupsHintsQueue.Arn',
          's3:ListBucket on StreamSourcesFailedRecords.Arn',
          's3:DeleteObject,GetObject on StreamSourcesFailedRecords.Arn/*',
          'kms:Decrypt via s3 on <datakeyarn>',
          'lambda:InvokeFunction on StreamAlertsFunctionAliaslive StreamKpisFunctionAliaslive',
        ].sort(),
      ],
      [
        'cloud-service-desk-prod-auditor',
        [],
        [
          `dynamodb:GetItem,Query on ${operations}`,
          'kms:Decrypt via dynamodb on <datakeyarn>',
          's3:GetObject on arn:aws:s3:::<evidencebucketname>/digests/*',
          's3:ListBucket on arn:aws:s3:::<evidencebucketname>',
          'ssm:GetParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameterHistoryAuditorParameterevidencesources',
        ],
      ],
      [
        'cloud-service-desk-prod-upgrade',
        [],
        [
          `dynamodb:DeleteItem,PutItem,Scan on ${['idempotency', 'kpis', 'lists', 'operations'].map((name) => table(name)).join(' ')}`,
          'kms:Decrypt via dynamodb on <datakeyarn>',
          'ssm:GetParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameterItemUpgraderParameterupgradetables',
        ],
      ],
      [
        'cloud-service-desk-prod-cutover',
        [],
        [
          'backup:DescribeBackupJob,DescribeRestoreJob on *',
          `backup:DescribeRecoveryPoint,GetRecoveryPointRestoreMetadata,StartRestoreJob on arn:aws:backup:eu-central-1:AWS::AccountId:recovery-point:*`,
          'backup:ListRecoveryPointsByBackupVault,StartBackupJob on arn:aws:backup:eu-central-1:AWS::AccountId:backup-vault:cloud-service-desk-prod',
          `dynamodb:BatchGetItem,BatchWriteItem,DeleteItem,DescribeContinuousBackups,DescribeTable,DescribeTimeToLive,GetItem,ListTagsOfResource,PutItem,Query,Scan,TagResource,UpdateContinuousBackups,UpdateItem,UpdateTable on ${restored}`,
          `dynamodb:DeleteItem,PutItem,Scan on ${table('lists')}`,
          `dynamodb:DeleteItem,Scan on ${table('idempotency')}`,
          // The lost table is looked at and restored from; nobody changes it.
          `dynamodb:DescribeContinuousBackups,DescribeTable,RestoreTableToPointInTime on ${operations}`,
          `dynamodb:GetItem,PutItem,Query on ${table('kpis')} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["HEARTBEAT","RECOUNTS","RECOUNT-OPEN"]}}`,
          'iam:PassRole on <backuprolearn> <restorerolearn> if {"StringEquals":{"iam:PassedToService":"backup.amazonaws.com"}}',
          'kms:CreateGrant on <datakeyarn> if {"StringEquals":{"kms:ViaService":"dynamodb.eu-central-1.amazonaws.com"},"Bool":{"kms:GrantIsForAWSResource":"true"}}',
          'kms:Decrypt,kms:DescribeKey,kms:Encrypt,kms:GenerateDataKey,kms:ReEncryptFrom,kms:ReEncryptTo via dynamodb on <datakeyarn>',
          'ssm:GetParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameterCutoverOperatorParametercutoverdesk',
          'ssm:GetParameter,PutParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameter/cloud-service-desk/prod/operations-stream-arn arn:aws:ssm:eu-central-1:AWS::AccountId:parameter/cloud-service-desk/prod/operations-table-name',
        ].sort(),
      ],
    ]);
  });

  it('policies of resources let in the API, CloudWatch, EventBridge and the account, and nobody else', () => {
    expect(letIn(cloud)).toEqual(
      [
        'AlertTopicsAlerts: nobody',
        'EvidenceBucket: nobody',
        'DueTimersCriticalDeadLetters: nobody',
        'DueTimersCriticalQueue: nobody',
        'BackupsVault: nobody',
        'DueTimersDrillsDeadLetters: nobody',
        // Two rules, each held to its own ARN (test/infra/backups.test.ts).
        'DueTimersDrillsQueue: events.amazonaws.com sqs:SendMessage; events.amazonaws.com sqs:SendMessage',
        'RestoreDrillsWork: nobody',
        'HttpDrillsFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'DueTimersRestDeadLetters: nobody',
        'DueTimersRestQueue: nobody',
        'HttpAlertsFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'HttpDeskFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'HttpDocsFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'HttpOnCallFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'HttpKpisFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'HttpSlaFunctionAliaslive: apigateway.amazonaws.com lambda:InvokeFunction',
        'KpiRollupsHintsDeadLetters: nobody',
        'KpiRollupsHintsQueue: nobody',
        // Gives the account's administrators the key, and by it IAM's policies their effect.
        'DataKey: arn:aws:iam::AWS::AccountId:root kms:*',
        'ServiceAlarmsOperators: cloudwatch.amazonaws.com sns:Publish',
        'StreamSourcesFailedRecords: nobody',
      ].sort(),
    );
  });

  it('no role carries a managed policy', () => {
    expect(
      cloud.ofType('AWS::IAM::Role').filter(({ Properties }) => Properties.ManagedPolicyArns !== undefined),
    ).toEqual([]);
  });

  it('every function has a role of its own', () => {
    const roles = cloud.ofType('AWS::Lambda::Function').map(({ Properties }) => Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(roles).size).toBe(Object.keys(expected).length);
  });
});
