import * as z from 'zod';
import type { Need } from '../permissions/permission-check.ts';
import { leadingKeys } from './leading-keys.ts';
import { itemRequest, keyed, transaction } from './requests.ts';

/** What the check has to know of the tables: how a name becomes an ARN, and its partition key. */
export interface TableNames {
  arnOf(tableName: string): string;
  partitionKeyOf(tableName: string, indexName: string | undefined): string | null;
}

const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: keyed }).optional(),
        DeleteRequest: z.object({ Key: keyed }).optional(),
      }),
    ),
  ),
});
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(keyed) })) });

const restoreRequest = z.object({
  SourceTableArn: z.string().optional(),
  SourceTableName: z.string().optional(),
  TargetTableName: z.string(),
});
const newTable = z.object({ TableName: z.string(), Tags: z.array(z.unknown()).default([]) });
const taggedRequest = z.object({ ResourceArn: z.string() });
/**
 * Whoever restores must be allowed to fill the new table
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html).
 */
const restoringActions = ['BatchWriteItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'Scan', 'UpdateItem'];

/**
 * Actions and resources that a DynamoDB operation needs, and the tables it writes.
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html; the transaction APIs need the
 * permissions of their parts: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html)
 *
 * @throws z.ZodError when the body is not one of this operation, and for operations whose needs are not known.
 */
export function databaseNeeds(
  operation: string,
  body: unknown,
  names: TableNames,
): { needs: Need[]; writes: string[] } {
  switch (operation) {
    case 'TransactWriteItems':
    case 'TransactGetItems': {
      const needs: Need[] = [];
      const writes: string[] = [];
      for (const item of transaction.parse(body).TransactItems) {
        for (const [kind, part] of Object.entries(item)) {
          if (part === undefined) continue;
          const keys = leadingKeys(part, names.partitionKeyOf(part.TableName, undefined));
          const action = kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`;
          needs.push({ action, resource: names.arnOf(part.TableName), context: keys });
          if (kind === 'Put' || kind === 'Update' || kind === 'Delete') writes.push(part.TableName);
        }
      }
      return { needs, writes };
    }
    case 'BatchWriteItem': {
      const items = Object.entries(batchWrite.parse(body).RequestItems);
      return {
        needs: items.map(([table, requests]) => {
          const partitionKey = names.partitionKeyOf(table, undefined);
          const keys = requests.map((one) =>
            leadingKeys({ Item: one.PutRequest?.Item, Key: one.DeleteRequest?.Key }, partitionKey),
          );
          return { action: 'dynamodb:BatchWriteItem', resource: names.arnOf(table), context: merge(keys) };
        }),
        writes: items.map(([table]) => table),
      };
    }
    case 'BatchGetItem':
      return {
        needs: Object.entries(batchGet.parse(body).RequestItems).map(([table, { Keys }]) => {
          const partitionKey = names.partitionKeyOf(table, undefined);
          const context = merge(Keys.map((Key) => leadingKeys({ Key }, partitionKey)));
          return { action: 'dynamodb:BatchGetItem', resource: names.arnOf(table), context };
        }),
        writes: [],
      };
    case 'ListTables':
      return { needs: [{ action: 'dynamodb:ListTables', resource: '*' }], writes: [] };
    case 'CreateTable': {
      // A new table that is tagged needs both: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Tagging.Operations.html
      const { TableName, Tags } = newTable.parse(body);
      const actions = Tags.length === 0 ? [operation] : [operation, 'TagResource'];
      const resource = names.arnOf(TableName);
      return { needs: actions.map((action) => ({ action: `dynamodb:${action}`, resource })), writes: [] };
    }
    case 'RestoreTableToPointInTime': {
      const { SourceTableArn, SourceTableName, TargetTableName } = restoreRequest.parse(body);
      const target = names.arnOf(TargetTableName);
      const source = names.arnOf(SourceTableArn ?? SourceTableName ?? '');
      const needs = restoringActions.map((action) => ({ action: `dynamodb:${action}`, resource: target }));
      return { needs: [{ action: `dynamodb:${operation}`, resource: source }, ...needs], writes: [] };
    }
    case 'ListTagsOfResource':
    case 'TagResource':
    case 'UntagResource':
      return {
        needs: [{ action: `dynamodb:${operation}`, resource: taggedRequest.parse(body).ResourceArn }],
        writes: [],
      };
    default: {
      const request = itemRequest.parse(body);
      const table = names.arnOf(request.TableName);
      const resource = request.IndexName === undefined ? table : `${table}/index/${request.IndexName}`;
      const context = leadingKeys(request, names.partitionKeyOf(request.TableName, request.IndexName));
      const writes = ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation) ? [request.TableName] : [];
      return { needs: [{ action: `dynamodb:${operation}`, resource, context }], writes };
    }
  }
}

function merge(contexts: readonly Readonly<Record<string, readonly string[]>>[]): Record<string, readonly string[]> {
  // One part whose key is not known makes the whole unknown.
  if (contexts.some((context) => context['dynamodb:leadingkeys'] === undefined)) return {};
  return { 'dynamodb:leadingkeys': contexts.flatMap((context) => context['dynamodb:leadingkeys'] ?? []) };
}
