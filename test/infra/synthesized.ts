import { App, type AppProps, RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { cloudServiceDesk } from '../../lib/cloud-service-desk.ts';
import { withoutBundles } from '../../lib/constructs/bundles.ts';
import { StageParameters } from '../../lib/constructs/parameters.ts';
import { featureFlags } from '../../lib/feature-flags.ts';
import { stageConfig } from '../../lib/stage-config.ts';

export interface Resource {
  readonly Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a template's properties are whatever CloudFormation takes
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}

export type StackName = 'data' | 'automation' | 'api' | 'observability';

/** A stage's app and stacks as bin/app.ts makes them, without bundles. `props` go to the app. */
export const stageApp = (stage: string, overrides: object = {}, props: AppProps = {}) => {
  const app = new App({
    analyticsReporting: false,
    context: featureFlags,
    builtinCloudFormationValidation: false,
    ...props,
  });
  const config = stageConfig(stage, overrides);
  const stacks = cloudServiceDesk(app, {
    config,
    parameters: new StageParameters(config.stage),
    bundles: withoutBundles,
    removalPolicy: config.deletionProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  return { app, stacks };
};

/** The templates of a stage. */
export const synthesized = (stage: string, overrides: object = {}) => {
  const { stacks } = stageApp(stage, overrides);
  const templates = {
    data: Template.fromStack(stacks.data),
    automation: Template.fromStack(stacks.automation),
    api: Template.fromStack(stacks.api),
    observability: Template.fromStack(stacks.observability),
  };
  const names: readonly StackName[] = ['data', 'automation', 'api', 'observability'];
  const all = names.flatMap((stack) =>
    Object.entries<Resource>(templates[stack].toJSON().Resources).map(([id, resource]) => ({ stack, id, ...resource })),
  );
  return { stacks, templates, ofType: (type: string) => all.filter((resource) => resource.Type === type) };
};

export type Synthesized = ReturnType<typeof synthesized>;

/** `CloudFormation value` -> what a reader calls it: the parameter's path, the logical id, or the text itself. */
export const spoken = (value: unknown): string => {
  if (typeof value === 'string') return value;
  const {
    Ref,
    'Fn::GetAtt': attribute,
    'Fn::Join': join,
  } = value as { Ref?: string; 'Fn::GetAtt'?: string[]; 'Fn::Join'?: [string, unknown[]] };
  if (Ref !== undefined) return spokenReference(Ref);
  if (attribute !== undefined) return attribute.map(spokenReference).join('.');
  return join?.[1].map(spoken).join(join[0]) ?? JSON.stringify(value);
};

/** Logical ids lose their hash, parameters everything but their name. */
const spokenReference = (id: string): string =>
  id
    .replace(
      /^SsmParameterValuecloudservicedesk(?:local|dev|prod)(.*)C96584B6F00A464EAD1953AFF4B05118Parameter$/,
      '<$1>',
    )
    .replace(/[0-9A-F]{8}$/, '');

export interface SpokenStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
}

/** What a role may do, by its logical id. */
const permissionsOfRole = ({ ofType }: Synthesized, role: string): readonly SpokenStatement[] =>
  ofType('AWS::IAM::Policy')
    .filter(({ Properties }) => Properties.Roles.some((of: { Ref: string }) => of.Ref === role))
    .flatMap(statementsOf);

const statementsOf = ({ Properties }: Resource): readonly SpokenStatement[] =>
  Properties.PolicyDocument.Statement.flatMap((statement: Resource['Properties']) => {
    // The CDK merges statements with the same resources, whatever service their actions are of.
    const services = Map.groupBy([statement.Action].flat(), (action: string) => action.split(':')[0]);
    const resources = [statement.Resource].flat().map(spoken);
    return [...services.values()].map((actions) => ({ actions, resources, condition: statement.Condition ?? null }));
  });

const roleOf = ({ Properties }: Resource): string => Properties.Role['Fn::GetAtt'][0];

/** What the role of a function may do. */
export const permissionsOf = (cloud: Synthesized, functionName: string): readonly SpokenStatement[] => {
  const lambda = cloud
    .ofType('AWS::Lambda::Function')
    .find(({ Properties }) => Properties.FunctionName.endsWith(functionName));
  return lambda === undefined ? [] : permissionsOfRole(cloud, roleOf(lambda));
};

/** The roles that are no function's: whom they trust and what they may do. */
export const otherRoles = (cloud: Synthesized) => {
  const ofFunctions = new Set(cloud.ofType('AWS::Lambda::Function').map(roleOf));
  return cloud
    .ofType('AWS::IAM::Role')
    .filter(({ id }) => !ofFunctions.has(id))
    .map(({ id, Properties }) => ({
      name: spoken({ Ref: id }),
      trusts: Properties.AssumeRolePolicyDocument.Statement.map(({ Principal }: PolicyStatement) => Principal),
      permissions: permissionsOfRole(cloud, id),
    }));
};

/** The policies that are there to be attached to people's roles, and what they let them do. */
export const managedPolicies = ({ ofType }: Synthesized) =>
  ofType('AWS::IAM::ManagedPolicy').map((policy) => ({
    name: String(policy.Properties.ManagedPolicyName),
    attached: ['Roles', 'Users', 'Groups'].filter((to) => policy.Properties[to] !== undefined),
    permissions: statementsOf(policy),
  }));

/** One permission as text: actions, resources, and what else must hold. */
export const permissionLine = ({ actions, resources, condition }: SpokenStatement): string => {
  const via = /^\{"StringEquals":\{"kms:ViaService":"(\w+)\.eu-central-1\.amazonaws\.com"\}\}$/.exec(
    JSON.stringify(condition),
  )?.[1];
  const [first = '', ...others] = [...actions].sort();
  const list = via === undefined ? [first, ...others.map((action) => action.replace(/^\w+:/, ''))] : [first, ...others];
  const suffix = via === undefined && condition !== null ? ` if ${JSON.stringify(condition)}` : '';
  return `${list.join(',')}${via === undefined ? '' : ` via ${via}`} on ${[...resources].sort().join(' ')}${suffix}`;
};

interface PolicyStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Principal: string | Readonly<Record<string, unknown>>;
}

/** Resource types with a policy of their own: where it stands, and whose it is. */
const resourcePolicies: Readonly<Record<string, { readonly policy: string; readonly of: string | null }>> = {
  'AWS::Backup::BackupVault': { policy: 'AccessPolicy', of: null },
  'AWS::KMS::Key': { policy: 'KeyPolicy', of: null },
  'AWS::S3::BucketPolicy': { policy: 'PolicyDocument', of: 'Bucket' },
  'AWS::SNS::TopicPolicy': { policy: 'PolicyDocument', of: 'Topics' },
  'AWS::SQS::QueuePolicy': { policy: 'PolicyDocument', of: 'Queues' },
};

/** Whom the policies of resources let in, and to what: `resource: principal actions`. What they refuse is left out. */
export const letIn = ({ ofType }: Synthesized): readonly string[] => {
  const principals = (principal: PolicyStatement['Principal']): string =>
    typeof principal === 'string' ? principal : Object.values(principal).flat().map(spoken).join(' ');
  const policies = Object.entries(resourcePolicies).flatMap(([type, { policy, of }]) =>
    ofType(type).map(({ id, Properties }) => {
      const whose = of === null ? spoken({ Ref: id }) : [Properties[of]].flat().map(spoken).join(' ');
      const statements: readonly PolicyStatement[] = Properties[policy]?.Statement ?? [];
      const allowed = statements
        .filter(({ Effect }) => Effect !== 'Deny')
        .map(({ Action, Principal }) => `${principals(Principal)} ${[Action].flat().join(',')}`);
      return `${whose}: ${allowed.join('; ') || 'nobody'}`;
    }),
  );
  const functions = ofType('AWS::Lambda::Permission').map(
    ({ Properties }) => `${spoken(Properties.FunctionName)}: ${Properties.Principal} ${Properties.Action}`,
  );
  return [...policies, ...functions].sort();
};
