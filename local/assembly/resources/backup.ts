import * as z from 'zod';
import type { BackupModel, BackupRuleModel, BackupSelectionModel } from '../../model.ts';
import type { World } from '../world.ts';
import { numeric, resourcesOf } from './typed-resources.ts';

const vaultSchema = z.object({ EncryptionKeyArn: z.string().optional() });

const planSchema = z.object({
  BackupPlan: z.object({
    BackupPlanName: z.string(),
    BackupPlanRule: z.array(
      z.object({
        RuleName: z.string(),
        TargetBackupVault: z.string(),
        ScheduleExpression: z.string().default('cron(0 5 ? * * *)'),
        ScheduleExpressionTimezone: z.string().default('Etc/UTC'),
        Lifecycle: z.object({ DeleteAfterDays: numeric.optional() }).default({}),
      }),
    ),
  }),
});

/** Strict where something unread would select other resources than AWS does. */
const selectionSchema = z.object({
  BackupPlanId: z.string(),
  BackupSelection: z.strictObject({
    SelectionName: z.string(),
    IamRoleArn: z.string(),
    Resources: z.array(z.string()).default([]),
    NotResources: z.array(z.string()).default([]),
    Conditions: z
      .strictObject({
        StringEquals: z.array(z.strictObject({ ConditionKey: z.string(), ConditionValue: z.string() })).default([]),
      })
      .default({ StringEquals: [] }),
    ListOfTags: z
      .array(
        z.strictObject({
          ConditionType: z.literal('STRINGEQUALS'),
          ConditionKey: z.string(),
          ConditionValue: z.string(),
        }),
      )
      .default([]),
  }),
});

const tagOf = ({ ConditionKey, ConditionValue }: { ConditionKey: string; ConditionValue: string }) => ({
  key: ConditionKey.replace(/^aws:ResourceTag\//, ''),
  value: ConditionValue,
});

/** The vaults of AWS Backup, and the rules of its plans with what they select. */
export const readBackup = (world: World): BackupModel => {
  const selections = resourcesOf(world, 'AWS::Backup::BackupSelection', selectionSchema).map(
    ({ properties: { BackupPlanId, BackupSelection } }): BackupSelectionModel & { readonly planId: string } => ({
      planId: BackupPlanId,
      roleArn: BackupSelection.IamRoleArn,
      resources: BackupSelection.Resources,
      notResources: BackupSelection.NotResources,
      conditions: BackupSelection.Conditions.StringEquals.map(tagOf),
      tags: BackupSelection.ListOfTags.map(tagOf),
    }),
  );
  return {
    vaults: resourcesOf(world, 'AWS::Backup::BackupVault', vaultSchema).map(({ identity, arn, properties }) => ({
      name: identity.name,
      arn,
      kmsKeyArn: properties.EncryptionKeyArn ?? null,
    })),
    rules: resourcesOf(world, 'AWS::Backup::BackupPlan', planSchema).flatMap(({ id, ref, arn, properties }) =>
      properties.BackupPlan.BackupPlanRule.map(
        (rule): BackupRuleModel => ({
          id: `${id}/${rule.RuleName}`,
          name: rule.RuleName,
          planId: ref,
          planArn: arn,
          planName: properties.BackupPlan.BackupPlanName,
          vaultName: rule.TargetBackupVault,
          expression: rule.ScheduleExpression,
          timezone: rule.ScheduleExpressionTimezone,
          deleteAfterDays: rule.Lifecycle.DeleteAfterDays ?? null,
          selections: selections.filter(({ planId }) => planId === ref),
        }),
      ),
    ),
  };
};
