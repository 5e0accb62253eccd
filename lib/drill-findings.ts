import type { AcknowledgedFinding } from './acknowledged-finding.ts';

const stages = ['dev', 'prod'] as const;
type Stage = (typeof stages)[number];

const iam5 = (resource: string): string => `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`;
const scratchTables = (stage: Stage): string =>
  `arn:aws:dynamodb:eu-central-1:<AWS::AccountId>:table/cloud-service-desk-${stage}-drill-*`;
const evidence = (stage: Stage, folder: string): string =>
  `arn:aws:s3:::<SsmParameterValuecloudservicedesk${stage}evidencebucketnameC96584B6F00A464EAD1953AFF4B05118Parameter>/${folder}/*`;
const roles = ['Data/Backups/BackupRole', 'Data/Backups/RestoreRole'];

const ofEachStage = (
  resource: (stage: Stage) => string,
  under: readonly string[],
  reason: string,
): readonly AcknowledgedFinding[] =>
  stages.flatMap((stage) =>
    under.map((path) => ({ finding: iam5(resource(stage)), under: path, reason, stages: [stage] })),
  );

const ownCopies =
  'Copies that DynamoDB itself takes lie beside their table under names that it chooses; of our tables only.';

/** What cdk-nag finds in backups and drills of them; a part of `acknowledgedFindings`. */
export const drillFindings: readonly AcknowledgedFinding[] = [
  ...['OperationsTable4EFB8747', 'KpisTableF61D27BB'].flatMap((table) =>
    roles.map((under) => ({ finding: iam5(`<${table}.Arn>/backup/*`), under, reason: ownCopies })),
  ),
  ...['Data/Backups/BackupRole', 'Automation/QueueDrills'].map((under) => ({
    finding: iam5('arn:aws:backup:eu-central-1:<AWS::AccountId>:recovery-point:*'),
    under,
    reason:
      'AWS Backup chooses the names of recovery points, and they do not name their vault. What can be made of one is decided by the restore role, which writes scratch tables only.',
  })),
  {
    finding: iam5('*'),
    under: 'Data/Backups/BackupRole',
    reason:
      'AWS Backup looks for the tables of the plan by their tag, and tag:GetResources has no resource; it shows names and tags.',
  },
  ...ofEachStage(
    scratchTables,
    ['Data/Backups/RestoreRole', 'Automation/QueueDrills', 'Automation/JobBackups'],
    'Each drill makes a table of its own, whose name says that it is one. No other table may be filled, changed or removed.',
  ),
  ...ofEachStage(
    (stage) => `${scratchTables(stage)}/index/*`,
    ['Automation/QueueDrills'],
    'All indexes of a restored table are read and compared, also those of tables that are not ours.',
  ),
  ...ofEachStage(
    (stage) => evidence(stage, 'drills'),
    ['Automation/QueueDrills', 'Api/HttpDrills'],
    'Each report of a drill is an object of its own, and none can be replaced: the bucket is locked.',
  ),
  ...ofEachStage(
    (stage) => evidence(stage, 'manifests'),
    ['Automation/QueueDrills'],
    'Each manifest is an object of its own, and none can be replaced: the bucket is locked.',
  ),
  {
    finding: iam5('<RestoreDrillsWork102588AD.Arn>/*'),
    under: 'Automation/QueueDrills',
    reason: 'The bucket is for the work of drills alone, and each drill has a folder of its own.',
  },
  {
    finding: 'AwsSolutions::AwsSolutions-S1',
    under: 'Automation/RestoreDrills/Work',
    reason: 'Written and read by one function, and empty a week after a drill.',
  },
  ...['Automation/RestoreDrills/BackupJobs', 'Automation/RestoreDrills/RestoreJobs'].map((under) => ({
    finding: 'Serverless::Serverless-EventBusDLQ',
    under,
    reason:
      'An event only tells sooner what the drill will ask for anyway: AWS Backup sends events as best it can, so nothing may hang on one.',
  })),
];
