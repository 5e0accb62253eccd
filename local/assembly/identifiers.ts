import { AssemblyError } from './assembly-error.ts';

/** A resource as its identifiers see it: where it is, what it is called. */
export interface Identity {
  readonly place: string;
  readonly type: string;
  readonly account: string;
  readonly region: string;
  /** The explicit name, or `<stack>-<logical id>`. */
  readonly name: string;
  /** A resolved property, by its name. */
  readonly property: (name: string) => unknown;
}

/** The property that carries a resource's explicit name. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::SNS::Topic': 'TopicName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::Scheduler::Schedule': 'Name',
  'AWS::Events::Rule': 'Name',
  'AWS::SSM::Parameter': 'Name',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::Backup::BackupVault': 'BackupVaultName',
};

export const namePropertyOf = (type: string): string | null => nameProperties[type] ?? null;

const arnOf = (of: Identity): string => {
  const at = `${of.region}:${of.account}`;
  switch (of.type) {
    case 'AWS::Lambda::Function':
      return `arn:aws:lambda:${at}:function:${of.name}`;
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return `arn:aws:dynamodb:${at}:table/${of.name}`;
    case 'AWS::SQS::Queue':
      return `arn:aws:sqs:${at}:${of.name}`;
    case 'AWS::SNS::Topic':
      return `arn:aws:sns:${at}:${of.name}`;
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${of.name}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${of.account}:role/${of.name}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${at}:log-group:${of.name}:*`;
    case 'AWS::Backup::BackupVault':
      return `arn:aws:backup:${at}:backup-vault:${of.name}`;
    case 'AWS::Backup::BackupPlan':
      return `arn:aws:backup:${at}:backup-plan:${of.name}`;
    case 'AWS::KMS::Key':
      return `arn:aws:kms:${at}:key/${of.name}`;
    case 'AWS::Cognito::UserPool':
      return `arn:aws:cognito-idp:${at}:userpool/${refOf(of)}`;
    case 'AWS::SSM::Parameter':
      return `arn:aws:ssm:${at}:parameter${of.name.startsWith('/') ? '' : '/'}${of.name}`;
    default: {
      const [, service = 'cloudformation', kind = 'resource'] = of.type.split('::');
      return `arn:aws:${service.toLowerCase()}:${at}:${kind.toLowerCase()}/${of.name}`;
    }
  }
};

/** The function that a version or an alias stands for. */
const functionOf = (of: Identity): string => {
  const target = String(of.property('FunctionName'));
  return target.startsWith('arn:') ? target : `arn:aws:lambda:${of.region}:${of.account}:function:${target}`;
};

/** What `Ref` gives. A queue's is its URL, a topic's its ARN, most others' their name. */
export const refOf = (of: Identity): string => {
  switch (of.type) {
    case 'AWS::SQS::Queue':
      return `https://sqs.${of.region}.amazonaws.com/${of.account}/${of.name}`;
    case 'AWS::SNS::Topic':
      return arnOf(of);
    case 'AWS::Cognito::UserPool':
      return `${of.region}_${of.name.replace(/[^A-Za-z0-9]/g, '')}`;
    case 'AWS::Lambda::Version':
      return `${functionOf(of)}:1`;
    case 'AWS::Lambda::Alias':
      return `${functionOf(of)}:${String(of.property('Name'))}`;
    default:
      return of.name;
  }
};

const specialAttributes: Readonly<Record<string, Readonly<Record<string, (of: Identity) => unknown>>>> = {
  'AWS::DynamoDB::Table': { StreamArn: (of) => `${arnOf(of)}/stream/2026-01-01T00:00:00.000` },
  'AWS::DynamoDB::GlobalTable': {
    StreamArn: (of) => `${arnOf(of)}/stream/2026-01-01T00:00:00.000`,
    TableId: (of) => of.name,
  },
  'AWS::SQS::Queue': { QueueName: (of) => of.name, QueueUrl: refOf },
  'AWS::SNS::Topic': { TopicArn: arnOf, TopicName: (of) => of.name },
  'AWS::S3::Bucket': {
    DomainName: (of) => `${of.name}.s3.amazonaws.com`,
    RegionalDomainName: (of) => `${of.name}.s3.${of.region}.amazonaws.com`,
  },
  'AWS::Backup::BackupVault': { BackupVaultName: (of) => of.name, BackupVaultArn: arnOf },
  'AWS::Backup::BackupPlan': { BackupPlanId: (of) => of.name, BackupPlanArn: arnOf, VersionId: () => '1' },
  'AWS::IAM::Role': { RoleId: (of) => of.name },
  'AWS::KMS::Key': { KeyId: (of) => of.name },
  'AWS::SSM::Parameter': { Value: (of) => of.property('Value'), Type: (of) => of.property('Type') },
  'AWS::Cognito::UserPool': {
    ProviderName: (of) => `cognito-idp.${of.region}.amazonaws.com/${refOf(of)}`,
    ProviderURL: (of) => `https://cognito-idp.${of.region}.amazonaws.com/${refOf(of)}`,
    UserPoolId: refOf,
  },
  'AWS::Cognito::UserPoolClient': { ClientId: (of) => of.name, Name: (of) => of.name },
  'AWS::ApiGatewayV2::Api': {
    ApiId: refOf,
    ApiEndpoint: (of) => `https://${of.name.toLowerCase()}.execute-api.${of.region}.amazonaws.com`,
  },
  'AWS::Lambda::Version': { Version: () => '1', FunctionArn: refOf },
  'AWS::Lambda::Alias': { AliasArn: refOf },
  'AWS::Lambda::Function': {},
};

/**
 * What `Fn::GetAtt` gives. Types that mean nothing locally (dashboards, custom resources) answer with their name and the attribute's.
 * @throws AssemblyError for an attribute that a known type does not have.
 */
export const attributeOf = (of: Identity, attribute: string): unknown => {
  const special = specialAttributes[of.type];
  const read = special?.[attribute];
  if (read !== undefined) return read(of);
  if (attribute === 'Arn') return arnOf(of);
  if (special === undefined) return `${of.name}.${attribute}`;
  throw new AssemblyError(
    `${of.place}: ${of.type} has no attribute ${attribute} (known: Arn, ${Object.keys(special).join(', ')})`,
  );
};
