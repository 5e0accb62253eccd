import type { AcknowledgedFinding } from './acknowledged-finding.ts';

const stages = ['dev', 'prod'] as const;

const iam5 = (resource: string): string => `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`;
const operator = 'Automation/CutoverOperator';
const roles = ['Data/Backups/BackupRole', 'Data/Backups/RestoreRole'];

/** What cdk-nag finds in what takes the place of a lost table; a part of `acknowledgedFindings`. */
export const cutoverFindings: readonly AcknowledgedFinding[] = [
  ...stages.flatMap((stage) => {
    const restored = `arn:aws:dynamodb:eu-central-1:<AWS::AccountId>:table/cloud-service-desk-${stage}-operations-*`;
    return [
      ...[...roles, operator].map((under) => ({
        finding: iam5(restored),
        under,
        reason:
          'A table that takes the place of a lost one has a name that nobody knows before; its beginning says what it is, and no other table may be made or changed.',
        stages: [stage],
      })),
      ...roles.map((under) => ({
        finding: iam5(`${restored}/backup/*`),
        under,
        reason: 'Copies that DynamoDB itself takes lie beside their table under names that it chooses.',
        stages: [stage],
      })),
    ];
  }),
  {
    finding: iam5('arn:aws:backup:eu-central-1:<AWS::AccountId>:recovery-point:*'),
    under: operator,
    reason:
      'AWS Backup chooses the names of recovery points, and they do not name their vault. What can be made of one is decided by the restore role.',
  },
  {
    finding: iam5('*'),
    under: operator,
    reason: 'AWS Backup has no resource type for jobs; what is permitted of them reads.',
  },
];
