import type { Stack } from 'aws-cdk-lib';
import { Validations } from 'aws-cdk-lib';
import { cutoverFindings } from './cutover-findings.ts';
import { drillFindings } from './drill-findings.ts';
import type { AcknowledgedFinding, StageName } from './acknowledged-finding.ts';

/** Stages that leave out for its price what must not go missing in prod unseen. */
const costingLeast: readonly StageName[] = ['local', 'dev'];
const dev: readonly StageName[] = ['dev'];

const functions = [
  'Automation/StreamKpis',
  'Automation/StreamAlerts',
  'Automation/QueueDue',
  'Automation/QueueDrills',
  'Automation/JobSweep',
  'Automation/JobRollup',
  'Automation/JobDigests',
  'Automation/JobRecount',
  'Automation/JobBackups',
  'Api/HttpDesk',
  'Api/HttpSla',
  'Api/HttpOnCall',
  'Api/HttpAlerts',
  'Api/HttpKpis',
  'Api/HttpDrills',
  'Api/HttpDocs',
];
const queueSources = [
  'Automation/DueTimers/CriticalSource',
  'Automation/DueTimers/RestSource',
  'Automation/DueTimers/DrillsSource',
  'Automation/KpiRollups/Source',
];
const deadLetters = [
  'Automation/DueTimers/Critical/DeadLetters',
  'Automation/DueTimers/Rest/DeadLetters',
  'Automation/DueTimers/Drills/DeadLetters',
  'Automation/KpiRollups/Hints/DeadLetters',
];

const each = (
  paths: readonly string[],
  finding: string,
  reason: (path: string) => string,
): readonly AcknowledgedFinding[] => paths.map((under) => ({ finding, under, reason: reason(under) }));

const traces =
  'Trace segments have no resource: X-Ray lets a policy say * only (https://docs.aws.amazon.com/xray/latest/devguide/security_iam_service-with-iam.html).';

const backupJobs =
  'AWS Backup has no resource type for jobs, for the settings of a region, and for what is listed by the copied table; what is permitted of them reads.';
/** What else of a function has no resource. */
const unbound: Readonly<Record<string, string>> = {
  'Api/HttpAlerts':
    'SNS has no resource type for subscriptions, so GetSubscriptionAttributes and Unsubscribe are bound to none either.',
  'Automation/QueueDrills': backupJobs,
  'Automation/JobBackups': `${backupJobs} The list of tables has none either.`,
};

/** All objects that are digests; cdk-nag names the bucket by its parameter, and with it the stage. */
const digestsOf = (stage: StageName): string =>
  `AwsSolutions::AwsSolutions-IAM5[Resource::arn:aws:s3:::<SsmParameterValuecloudservicedesk${stage}evidencebucketnameC96584B6F00A464EAD1953AFF4B05118Parameter>/digests/*]`;

/**
 * What cdk-nag (AwsSolutions and Serverless) finds and we mean to leave so, with the reason. The same list stands in
 * docs/security.md; test/infra/findings.test.ts keeps them equal, and fails on a finding that is not here and on a line that
 * nothing needs any more.
 */
export const acknowledgedFindings: readonly AcknowledgedFinding[] = [
  ...drillFindings,
  ...cutoverFindings,
  ...each(functions, 'AwsSolutions::AwsSolutions-IAM5[Resource::*]', (path) =>
    [traces, ...(unbound[path] === undefined ? [] : [unbound[path]])].join(' '),
  ),
  ...each(
    ['Automation/StreamKpis', 'Automation/StreamAlerts'],
    'AwsSolutions::AwsSolutions-IAM5[Resource::<StreamSourcesFailedRecords7FAC86B5.Arn>/*]',
    () => 'Records that were given up become objects whose names Lambda chooses; PutObject only, in this bucket only.',
  ),
  ...(['dev', 'prod'] as const).flatMap((stage) => [
    {
      finding: digestsOf(stage),
      under: 'Automation/JobDigests',
      reason: 'Each digest is an object of its own, and none can be replaced: the bucket is locked.',
      stages: [stage],
    },
    {
      finding: digestsOf(stage),
      under: 'Automation/HistoryAuditor',
      reason: 'An auditor reads all digests, and nothing else of the bucket.',
      stages: [stage],
    },
  ]),
  {
    finding: 'AwsSolutions::AwsSolutions-IAM5[Resource::<StreamSourcesFailedRecords7FAC86B5.Arn>/*]',
    under: 'Automation/RedriveOperator',
    reason: 'An operator puts back records that were given up, whose names Lambda chose; in this bucket only.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-COG8',
    under: 'Data/Identity',
    reason:
      'Threat protection needs the Plus plan, which costs per user and month; sign-in has a second factor and sign-up is closed.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-COG2',
    under: 'Data/Identity',
    reason: 'A stage that costs least leaves the second factor to each user; prod requires it (stage option mfa).',
    stages: costingLeast,
  },
  {
    finding: 'AwsSolutions::AwsSolutions-DDB3',
    under: 'Data/IdempotencyTable',
    reason:
      'Its records live for a day and make a repeated request safe; an older copy of them would be wrong, not helpful.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-DDB3',
    under: 'Data/ListsTable',
    reason: 'Filled by the stream from the operations table and rebuilt from it.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-DDB3',
    under: 'Data/OperationsTable',
    reason: 'Off in the stage that costs least; prod has it (stage option pointInTimeRecovery).',
    stages: dev,
  },
  {
    finding: 'AwsSolutions::AwsSolutions-DDB3',
    under: 'Data/KpisTable',
    reason: 'Off in the stage that costs least; prod has it (stage option pointInTimeRecovery).',
    stages: dev,
  },
  {
    finding: 'AwsSolutions::AwsSolutions-S1',
    under: 'Automation/StreamSources/FailedRecords',
    reason:
      'Written by Lambda and read by operators with their own credentials, which CloudTrail can record; a log bucket of its own would be one more copy of who did what.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-S1',
    under: 'Data/Evidence',
    reason:
      'Nobody can alter or remove what lies in it, whoever asks; who reads digests of hashes need not be written down once more.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-APIG4',
    under: 'Api/HttpApi/Api',
    reason:
      'Only preflight requests, which browsers send without a token, and the public description of the API; every other route has the authorizer (test/infra/http-api.test.ts).',
  },
  ...each(
    deadLetters,
    'Serverless::Serverless-SQSRedrivePolicy',
    () => 'This is the dead-letter queue of another queue; it has an alarm instead of a next one.',
  ),
  ...each(
    queueSources,
    'Serverless::Serverless-LambdaEventSourceMappingDestination',
    () => 'An SQS source has no on-failure destination; its queue has a redrive policy with dead letters.',
  ),
  ...each(
    [
      'Automation/DueTimers/Sweep',
      'Automation/KpiRollups/Schedule',
      'Automation/KpiRecounts/Runs',
      'Automation/Digests',
      'Automation/RestoreDrills/Watch',
    ],
    'Serverless::Serverless-LambdaAsyncFailureDestination',
    () =>
      'A missed tick carries nothing that could be kept: the next one does the same work, and a nightly one looks two days back.',
  ),
  ...each(functions, 'Serverless::Serverless-LambdaDLQ', (path) =>
    path.startsWith('Automation/Job')
      ? 'Called by the clock: the next time is the retry, and a silent or failing one rings an alarm.'
      : 'Never called asynchronously: its callers see the failure themselves and repeat (a client, SQS with dead letters, a stream with an on-failure bucket).',
  ),
];

/** Puts a stage's acknowledgements on the constructs that they are about. Those of constructs that it does not have are left out. */
export const acknowledge = (parts: Readonly<Record<string, Stack>>, stage: StageName): void => {
  for (const { finding: id, under, reason, stages } of acknowledgedFindings) {
    if (stages !== undefined && !stages.includes(stage)) continue;
    const [part = '', ...path] = under.split('/');
    const construct = parts[part.toLowerCase()]?.node.tryFindChild(path[0] ?? '');
    const target = path.slice(1).reduce((found, name) => found?.node.tryFindChild(name), construct);
    if (target !== undefined) Validations.of(target).acknowledge({ id, reason });
  }
};
