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
  'job-sweep': [
    `dynamodb:Query on ${table('operations', '/index/due')}`,
    `dynamodb:UpdateItem on ${operations} if {"ForAllValues:StringEquals":{"dynamodb:LeadingKeys":["SYS#heartbeat"]}}`,
    hintsFromAutomation,
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
    const may = otherRoles(cloud).map(({ name, trusts, permissions }) => [name, trusts, permissions.map(line)]);
    expect(may).toEqual([
      [
        'DueTimersSweepRole',
        [{ Service: 'scheduler.amazonaws.com' }],
        ['lambda:InvokeFunction on JobSweepFunctionAliaslive'],
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

  it('no role has an action with a wildcard, and none but the unscopable actions of SNS and X-Ray names every resource', () => {
    const statements = cloud
      .ofType('AWS::IAM::Policy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.flatMap(({ Action }) => Action).filter((action: string) => action.includes('*'))).toEqual([]);
    const everywhere = statements
      .filter(({ Resource }) => [Resource].flat().includes('*'))
      .flatMap(({ Action }) => Action);
    expect([...new Set(everywhere)].sort()).toEqual([
      'sns:GetSubscriptionAttributes',
      'sns:Unsubscribe',
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
    const deadLetters = 'DueTimersCriticalDeadLetters.Arn DueTimersRestDeadLetters.Arn KpiRollupsHintsDeadLetters.Arn';
    expect(may).toEqual([
      [
        'cloud-service-desk-prod-redrive',
        [],
        [
          'ssm:GetParameter on arn:aws:ssm:eu-central-1:AWS::AccountId:parameterRedriveOperatorParameterredrivesources',
          `sqs:DeleteMessage,GetQueueAttributes,ReceiveMessage on ${deadLetters}`,
          'sqs:SendMessage on DueTimersCriticalQueue.Arn DueTimersRestQueue.Arn KpiRollupsHintsQueue.Arn',
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
    ]);
  });

  it('policies of resources let in the API, CloudWatch and the account, and nobody else', () => {
    expect(letIn(cloud)).toEqual(
      [
        'AlertTopicsAlerts: nobody',
        'EvidenceBucket: nobody',
        'DueTimersCriticalDeadLetters: nobody',
        'DueTimersCriticalQueue: nobody',
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
