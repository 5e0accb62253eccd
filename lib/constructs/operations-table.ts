import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import type { StageContext } from '../stage-context.ts';
import { inBackupPlan } from './backup-plan.ts';
import { type DataKey, DataKeyGrants } from './data-key.ts';
import type { ServiceFunction } from './service-function.ts';
import { tableArn } from './scratch-tables.ts';
import { TableGrants } from './table-grants.ts';

/** What a list row shows of a ticket; copied into the row indexes so that a queue page never reads the table. */
const rowAttributes = [
  'id',
  'number',
  'subject',
  'status',
  'priority',
  'type',
  'channel',
  'requesterId',
  'customerId',
  'teamId',
  'assigneeId',
  'createdAt',
  'updatedAt',
  'resolvedAt',
  'nextDueAt',
  'externalId',
  'version',
  'serviceId',
  'tags',
  'mergedInto',
];

/** The table's keys and those of its indexes, partition key first: what a restored table must have to take its place. */
export const operationsKeys = {
  keys: ['PK', 'SK'],
  indexes: {
    due: ['dueShard', 'dueAt'],
    queue: ['queue', 'queueSort'],
    customer: ['customerId', 'customerSort'],
  },
} as const;

const string = (name: string) => ({ name, type: AttributeType.STRING });

/**
 * The one table of record: heads, their append-only events, the due index. In it is all the desk knows; the other tables
 * can be rebuilt from it. Its stream feeds exactly two readers, which is the service's limit for a shard
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html).
 */
export class OperationsTable extends Construct {
  /** Of the table that the desk works on: a restored one where the stage says so. */
  readonly tableArn: string;

  constructor(scope: Construct, id: string, props: { readonly context: StageContext; readonly dataKey: DataKey }) {
    super(scope, id);
    const { config, parameters, removalPolicy } = props.context;
    const table = new Table(this, 'Table', {
      partitionKey: string('PK'),
      sortKey: string('SK'),
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.dataKey.key,
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: config.pointInTimeRecovery },
      deletionProtection: config.deletionProtection,
      removalPolicy,
    });
    inBackupPlan(table, config);
    table.addGlobalSecondaryIndex({
      indexName: 'due',
      partitionKey: { name: 'dueShard', type: AttributeType.NUMBER },
      sortKey: string('dueAt'),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: ['dueLane'],
    });
    this.addRowIndex(table, 'queue', operationsKeys.indexes.queue);
    this.addRowIndex(table, 'customer', operationsKeys.indexes.customer);
    const restored = config.operationsTable;
    this.tableArn = restored === null ? table.tableArn : tableArn(this, restored.name);
    parameters.publish(this, 'operations-table-name', restored?.name ?? table.tableName);
    const streamArn = restored?.streamArn ?? table.tableStreamArn;
    if (streamArn !== undefined) parameters.publish(this, 'operations-stream-arn', streamArn);
  }

  private addRowIndex(table: Table, indexName: string, [partition, sort]: readonly [string, string]): void {
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: string(partition),
      sortKey: string(sort),
      projectionType: ProjectionType.INCLUDE,
      nonKeyAttributes: rowAttributes.filter((name) => name !== partition && name !== sort),
    });
  }
}

/** Intents upon the operations table. A transaction needs the permissions of its parts; it has none of its own. */
export class OperationsGrants extends TableGrants {
  constructor(scope: Construct, context: StageContext) {
    super(scope, context, { parameter: 'operations-table-name', encrypted: true });
  }

  /** One change: head, event and what belongs to it in a transaction, after reading what it changes. */
  grantCommit(target: ServiceFunction): void {
    this.allow(target, ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'ConditionCheckItem']);
  }

  /** Long texts lie beside the events, each in an item of its own, and are read many at once. */
  grantReadBodies(target: ServiceFunction): void {
    this.allow(target, ['BatchGetItem']);
  }

  /** Reads all that there is, in pages: what was recorded since an instant, whatever it belongs to. */
  grantScan(target: ServiceFunction): void {
    this.allow(target, ['Scan']);
  }

  grantGetItem(target: ServiceFunction): void {
    this.allow(target, ['GetItem']);
  }

  /** Pages of the work queues and of a customer's tickets. */
  grantListRows(target: ServiceFunction): void {
    this.allowIndexQuery(target, ['queue', 'customer']);
  }

  /** Alerts, the newest first. */
  grantListAlerts(target: ServiceFunction): void {
    this.allowIndexQuery(target, ['queue']);
  }

  /** Records of a kind by name (staff, rotas, calendars, policies): their rows, and then their heads, many at once. */
  grantListRecords(target: ServiceFunction): void {
    this.allowIndexQuery(target, ['queue']);
    this.allow(target, ['BatchGetItem']);
  }

  /** What was changed since an instant, by the rows of the queues; then the history of each ticket. */
  grantReadChanged(target: ServiceFunction): void {
    this.allowIndexScan(target, ['queue']);
    this.allow(target, ['Query', 'GetItem', 'BatchGetItem']);
  }

  /** The heartbeat is one item; who sends it writes no other. */
  grantSendHeartbeat(target: ServiceFunction): void {
    this.allowInPartitions(target, ['UpdateItem'], ['SYS#heartbeat']);
  }

  grantDueIndex(target: ServiceFunction): void {
    this.allowIndexQuery(target, ['due']);
  }

  /** Corrective actions with their history, by due day, and which of them name a violation; nothing else of the table is written. */
  grantKeepCorrectiveActions(target: ServiceFunction): void {
    this.allowIndexQuery(target, ['queue']);
    this.allow(target, ['BatchGetItem']);
    this.allowInPartitionsOf(target, ['PutItem'], ['CAC#']);
    this.allowInPartitionsOf(target, ['UpdateItem'], ['VIO#']);
  }

  /** Sixteen small items that say which minute it is, written over each minute. */
  grantWriteCanaries(target: ServiceFunction): void {
    this.allowInPartitionsOf(target, ['BatchWriteItem'], ['CAN#']);
  }

  /** One item of the service itself, by its partition key. */
  grantKeep(target: ServiceFunction, partition: `SYS#${string}`): void {
    this.allowInPartitions(target, ['GetItem', 'PutItem'], [partition]);
  }

  /** The key that signs page cursors is made by whoever comes first; a function that writes nothing else may write this. */
  grantCreateCursorKey(target: ServiceFunction): void {
    this.allowInPartitions(target, ['PutItem'], ['SYS#cursor-key']);
  }
}

/** The stream of the operations table, for its two readers. */
export class OperationsStream {
  readonly streamArn: string;
  private readonly key: DataKeyGrants;

  constructor(scope: Construct, context: StageContext) {
    this.streamArn = context.parameters.read(scope, 'operations-stream-arn');
    this.key = new DataKeyGrants(scope, context);
  }

  /** What an event source mapping needs: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html#events-dynamodb-permissions */
  grantRead(target: ServiceFunction): void {
    const actions = ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'];
    target.allow({ actions: actions.map((action) => `dynamodb:${action}`), resources: [this.streamArn] });
    this.key.grantUseThrough(target, 'dynamodb');
  }
}
