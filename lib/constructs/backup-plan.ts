import { Duration, Tags, TimeZone } from 'aws-cdk-lib';
import { BackupPlan, BackupPlanRule, CfnBackupSelection, type IBackupVault } from 'aws-cdk-lib/aws-backup';
import { Schedule } from 'aws-cdk-lib/aws-events';
import { Construct, type IConstruct } from 'constructs';
import type { StageConfig } from '../stage-config.ts';
import type { StageContext } from '../stage-context.ts';

/** A table is in the plan of a stage when it carries this tag with the stage's name. */
const tagKey = 'cloud-service-desk:backup';

/** What a table is tagged with to be in the stage's backup plan. */
export const backupPlanTags = ({ stage }: StageConfig): Readonly<Record<string, string>> => ({ [tagKey]: stage });

/** Puts a table into the stage's backup plan. */
export const inBackupPlan = (table: IConstruct, { stage }: StageConfig): void => Tags.of(table).add(tagKey, stage);

/** After the night's recount, before the day's work. */
const nightHour = '5';

export interface StageBackupPlanProps {
  readonly context: StageContext;
  readonly vault: IBackupVault;
  readonly roleArn: string;
  /** ARNs of every table there is, and of the scratch tables of drills, with wildcards. */
  readonly tables: { readonly all: string; readonly scratch: string };
}

/**
 * When copies are taken: each night, and each hour where the stage wants it. A copy may begin up to an hour late, which is the
 * shortest that AWS Backup can be held to (https://docs.aws.amazon.com/aws-backup/latest/devguide/creating-a-backup-plan.html).
 *
 * Tables are found by their tag, so that a restored table is in the plan as soon as it is tagged. A drill's scratch table is
 * tagged like its source, and is left out by its name.
 */
export class StageBackupPlan extends Construct {
  constructor(scope: Construct, id: string, { context, vault, roleArn, tables }: StageBackupPlanProps) {
    super(scope, id);
    const { stage, reportingZone, backups } = context.config;
    const plan = new BackupPlan(this, 'Plan', { backupPlanName: `cloud-service-desk-${stage}` });
    const window = { startWindow: Duration.hours(1), completionWindow: Duration.hours(8) };
    plan.addRule(
      new BackupPlanRule({
        ...window,
        ruleName: 'daily',
        backupVault: vault,
        scheduleExpression: Schedule.cron({ minute: '0', hour: nightHour }),
        scheduleExpressionTimezone: TimeZone.of(reportingZone),
        deleteAfter: Duration.days(backups.dailyRetentionDays),
      }),
    );
    if (backups.hourly)
      plan.addRule(
        new BackupPlanRule({
          ...window,
          ruleName: 'hourly',
          backupVault: vault,
          scheduleExpression: Schedule.cron({ minute: '30' }),
          deleteAfter: Duration.days(1),
        }),
      );
    new CfnBackupSelection(this, 'Selection', {
      backupPlanId: plan.backupPlanId,
      backupSelection: {
        selectionName: 'tagged-tables',
        iamRoleArn: roleArn,
        resources: [tables.all],
        notResources: [tables.scratch],
        // Both must hold, the kind of resource and the tag; a list of tags alone would be an alternative to the resources.
        conditions: { StringEquals: [{ ConditionKey: `aws:ResourceTag/${tagKey}`, ConditionValue: stage }] },
      },
    });
  }
}
