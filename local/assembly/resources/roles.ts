import * as z from 'zod';
import type { PolicyStatement, RoleModel } from '../../model.ts';
import type { World } from '../world.ts';
import { resourcesOf } from './typed-resources.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.union([text.transform((one) => [one]), z.array(text)]);

const documentSchema = z.object({
  Statement: z
    .union([z.array(z.unknown()), z.record(z.string(), z.unknown()).transform((statement) => [statement])])
    .pipe(
      z.array(
        // Strict: a NotAction or NotResource that went unread would make the check say something else than AWS.
        z.strictObject({
          Sid: z.string().optional(),
          Effect: z.enum(['Allow', 'Deny']),
          Action: texts,
          Resource: texts,
          Condition: z.record(z.string(), z.record(z.string(), texts)).default({}),
        }),
      ),
    ),
});

const inlineSchema = z.array(z.object({ PolicyDocument: documentSchema })).default([]);
const roleSchema = z.object({ Policies: inlineSchema });
const names = z.array(z.string()).default([]);
const policySchema = z.object({ PolicyDocument: documentSchema, Roles: names, Users: names, Groups: names });

const statementsOf = (document: z.output<typeof documentSchema>): readonly PolicyStatement[] =>
  document.Statement.map((statement) => ({
    effect: statement.Effect,
    actions: statement.Action,
    resources: statement.Resource,
    conditions: statement.Condition,
  }));

/**
 * The roles with the statements of their inline and attached policies. AWS-managed policies are left out: those that
 * Lambda uses grant logs and traces, which the local desk does not have.
 */
export const readRoles = (world: World): readonly RoleModel[] => {
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'].flatMap((type) =>
    resourcesOf(world, type, policySchema),
  );
  return resourcesOf(world, 'AWS::IAM::Role', roleSchema).map((role) => ({
    id: role.id,
    arn: role.arn,
    statements: [
      ...role.properties.Policies.flatMap(({ PolicyDocument }) => statementsOf(PolicyDocument)),
      ...policies
        .filter(({ properties }) => properties.Roles.includes(role.identity.name))
        .flatMap(({ properties }) => statementsOf(properties.PolicyDocument)),
    ],
  }));
};

/** Managed policies that are attached to nobody are there for people: at the local desk its operator holds them all. */
export const readOperator = (world: World, accountId: string): RoleModel => ({
  id: 'operator',
  arn: `arn:aws:iam::${accountId}:role/operator`,
  statements: resourcesOf(world, 'AWS::IAM::ManagedPolicy', policySchema)
    .filter(({ properties: { Roles, Users, Groups } }) => Roles.length + Users.length + Groups.length === 0)
    .flatMap(({ properties }) => statementsOf(properties.PolicyDocument)),
});
