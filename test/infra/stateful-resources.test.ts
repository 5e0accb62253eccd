import { spoken, synthesized } from './synthesized.ts';

const { ofType } = synthesized('prod');
const dev = synthesized('dev');

/** What the row indexes copy, by hand: another attribute here rebuilds an index. */
const rowAttributes =
  'id number subject status priority type channel requesterId customerId teamId assigneeId createdAt updatedAt resolvedAt nextDueAt externalId version serviceId tags mergedInto'.split(
    ' ',
  );

/**
 * Resources whose replacement loses data: a changed logical id or key is a new, empty resource. A line here may be added;
 * one that changes needs a migration.
 */
const stateful = [
  // The one with a name, for a vault must have one.
  ['AWS::Backup::BackupVault', 'BackupsVault1F11AFCC', ''],
  ['AWS::Cognito::UserPool', 'IdentityUserPool96FE3B9B', ''],
  ['AWS::DynamoDB::Table', 'IdempotencyTableE9369C9C', 'PK:S'],
  ['AWS::DynamoDB::Table', 'KpisTableF61D27BB', 'PK:S SK:S'],
  ['AWS::DynamoDB::Table', 'ListsTable91281069', 'PK:S SK:S | updated listKey:S listSort:S ALL'],
  [
    'AWS::DynamoDB::Table',
    'OperationsTable4EFB8747',
    [
      'PK:S SK:S',
      'due dueShard:N dueAt:S INCLUDE(dueLane)',
      `queue queue:S queueSort:S INCLUDE(${rowAttributes.join(' ')})`,
      `customer customerId:S customerSort:S INCLUDE(${rowAttributes.filter((name) => name !== 'customerId').join(' ')})`,
    ].join(' | '),
  ],
  ['AWS::KMS::Key', 'DataKey2A0DE9E6', ''],
  ['AWS::S3::Bucket', 'EvidenceBucketC67FF768', ''],
  ['AWS::S3::Bucket', 'RestoreDrillsWork102588AD', ''],
  ['AWS::S3::Bucket', 'StreamSourcesFailedRecords7FAC86B5', ''],
];

/** Resources that hold no data but that people and machines have learnt: a new one is a new address, client or list of confirmed subscribers. */
const learnt = [
  ['AWS::ApiGatewayV2::Api', 'HttpApi9292168F'],
  ['AWS::Cognito::UserPoolClient', 'IdentityUserPoolMachinesCC8F2ADB'],
  ['AWS::Cognito::UserPoolClient', 'IdentityUserPoolPeopleAE6F8942'],
  ['AWS::Cognito::UserPoolDomain', 'IdentityUserPoolDomain56C2A4C9'],
  ['AWS::Cognito::UserPoolResourceServer', 'IdentityUserPoolDeskCED00A10'],
  ['AWS::SNS::Topic', 'AlertTopicsAlerts89DE5705'],
  ['AWS::SNS::Topic', 'ServiceAlarmsOperators2B916B2D'],
];

it('what others have learnt keeps its logical id', () => {
  const found = [...new Set(learnt.map(([type]) => type))].flatMap((type) => ofType(type ?? ''));
  expect(found.map(({ Type, id }) => [Type, id]).sort()).toEqual(learnt);
});

describe('stateful resources', () => {
  const types = new Set(stateful.map(([type]) => type));
  const found = [...types].flatMap((type) => ofType(type ?? ''));

  it('keep their logical ids and keys', () => {
    expect(found.map((resource) => [resource.Type, resource.id, schemaOf(resource.Properties)]).sort()).toEqual(
      stateful,
    );
  });

  it('have no names of their own, so that one can be made anew beside the old; parameters say what is in use', () => {
    const named = found.filter(
      ({ Properties }) => (Properties.TableName ?? Properties.BucketName ?? Properties.UserPoolName) !== undefined,
    );
    expect(named).toEqual([]);
    const parameters = ofType('AWS::SSM::Parameter')
      .filter(({ stack }) => stack === 'data')
      .map(({ Properties }) => `${Properties.Name} = ${spoken(Properties.Value)}`);
    expect(parameters.sort()).toEqual([
      '/cloud-service-desk/prod/backup-role-arn = BackupsBackupRole.Arn',
      '/cloud-service-desk/prod/data-key-arn = DataKey.Arn',
      '/cloud-service-desk/prod/evidence-bucket-name = EvidenceBucket',
      '/cloud-service-desk/prod/idempotency-table-name = IdempotencyTable',
      '/cloud-service-desk/prod/kpis-table-name = KpisTable',
      '/cloud-service-desk/prod/lists-table-name = ListsTable',
      '/cloud-service-desk/prod/machine-client-id = IdentityUserPoolMachines',
      '/cloud-service-desk/prod/operations-stream-arn = OperationsTable.StreamArn',
      '/cloud-service-desk/prod/operations-table-name = OperationsTable',
      '/cloud-service-desk/prod/restore-role-arn = BackupsRestoreRole.Arn',
      '/cloud-service-desk/prod/user-pool-client-id = IdentityUserPoolPeople',
      '/cloud-service-desk/prod/user-pool-id = IdentityUserPool',
    ]);
  });

  it('survive the removal of their stack in prod, and go with it in dev but for evidence', () => {
    expect(found.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Retain')).toEqual([]);
    const ofDev = [...types].flatMap((type) => dev.ofType(type ?? ''));
    expect(ofDev.filter(({ DeletionPolicy }) => DeletionPolicy !== 'Delete').map(({ id }) => id)).toEqual([
      'EvidenceBucketC67FF768',
    ]);
  });

  it('are protected in prod: tables and users against deletion, stacks against termination', () => {
    expect(ofType('AWS::DynamoDB::Table').filter(({ Properties }) => !Properties.DeletionProtectionEnabled)).toEqual(
      [],
    );
    expect(ofType('AWS::Cognito::UserPool').map(({ Properties }) => Properties.DeletionProtection)).toEqual(['ACTIVE']);
  });
});

describe('evidence', () => {
  const lockOf = (of: typeof dev) =>
    of.ofType('AWS::S3::Bucket').find(({ id }) => id.startsWith('Evidence'))?.Properties.ObjectLockConfiguration;

  it('is locked from its first moment, in prod for two years and against everybody', () => {
    expect(lockOf(synthesized('prod'))).toEqual({
      ObjectLockEnabled: 'Enabled',
      Rule: { DefaultRetention: { Days: 730, Mode: 'COMPLIANCE' } },
    });
  });

  it('is locked for a day in dev, and whoever may can lift that', () => {
    expect(lockOf(dev).Rule).toEqual({ DefaultRetention: { Days: 1, Mode: 'GOVERNANCE' } });
  });
});

describe('tables', () => {
  const table = (id: string) =>
    ofType('AWS::DynamoDB::Table').find((resource) => resource.id.startsWith(id))?.Properties;

  it('are paid by request', () => {
    expect(ofType('AWS::DynamoDB::Table').map(({ Properties }) => Properties.BillingMode)).toEqual(
      Array(4).fill('PAY_PER_REQUEST'),
    );
  });

  it.each(['OperationsTable', 'IdempotencyTable', 'ListsTable'])(
    '%s, which names people, lies under the data key',
    (id) => {
      expect(table(id).SSESpecification).toMatchObject({ SSEEnabled: true, SSEType: 'KMS' });
      expect(spoken(table(id).SSESpecification.KMSMasterKeyId)).toBe('DataKey.Arn');
    },
  );

  it('stream from operations alone, with both images', () => {
    expect(table('OperationsTable').StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(ofType('AWS::DynamoDB::Table').filter(({ Properties }) => Properties.StreamSpecification)).toHaveLength(1);
  });

  it('forget idempotency records by themselves', () => {
    expect(table('IdempotencyTable').TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  });

  it('can be restored to a point in time where they hold history', () => {
    const restorable = ofType('AWS::DynamoDB::Table').filter(
      ({ Properties }) => Properties.PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled,
    );
    expect(restorable.map(({ id }) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual(['KpisTable', 'OperationsTable']);
  });
});

type Key = { AttributeName: string };

function schemaOf(properties: {
  KeySchema?: Key[];
  AttributeDefinitions?: (Key & { AttributeType: string })[];
  GlobalSecondaryIndexes?: {
    IndexName: string;
    KeySchema: Key[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  }[];
}): string {
  if (properties.KeySchema === undefined) return '';
  const typed = ({ AttributeName }: Key) =>
    `${AttributeName}:${properties.AttributeDefinitions?.find((definition) => definition.AttributeName === AttributeName)?.AttributeType}`;
  const indexes = (properties.GlobalSecondaryIndexes ?? []).map(({ IndexName, KeySchema, Projection }) => {
    const attributes = Projection.NonKeyAttributes === undefined ? '' : `(${Projection.NonKeyAttributes.join(' ')})`;
    return `${IndexName} ${KeySchema.map(typed).join(' ')} ${Projection.ProjectionType}${attributes}`;
  });
  return [properties.KeySchema.map(typed).join(' '), ...indexes].join(' | ');
}
