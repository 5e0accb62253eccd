import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { Strict } from '../../../../local/strict.ts';
import { type SmallCloud, smallCloud, startSmallCloud } from '../../services/small-cloud.ts';

export type Cloud = SmallCloud;
export const cloudOf = (strict: Strict | null, dataDir: string | null = null): Promise<SmallCloud> =>
  startSmallCloud({ strict, dataDir, model: smallCloud });

const TableName = 'operations';
export const keyOf = (id: string) => ({ PK: { S: id }, SK: { S: 'T' } });

export const put = (id: string, more: object = {}) =>
  new PutItemCommand({ TableName, Item: { ...keyOf(id), ...more } });
export const get = (id: string, ConsistentRead = true) =>
  new GetItemCommand({ TableName, Key: keyOf(id), ConsistentRead });
export const remove = (id: string) => new DeleteItemCommand({ TableName, Key: keyOf(id) });
export const transact = (...ids: string[]) =>
  new TransactWriteItemsCommand({
    TransactItems: ids.map((id) => ({
      Update: {
        TableName,
        Key: keyOf(id),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      },
    })),
  });
export const increase = (id: string) =>
  new UpdateItemCommand({
    TableName,
    Key: keyOf(id),
    UpdateExpression: 'ADD n :one',
    ExpressionAttributeValues: { ':one': { N: '1' } },
  });
export const inQueue = (queue: string) =>
  new QueryCommand({
    TableName,
    IndexName: 'queue',
    KeyConditionExpression: 'queue = :q',
    ExpressionAttributeValues: { ':q': { S: queue } },
  });

export const nameOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return 'done';
  } catch (error) {
    return (error as Error).name;
  }
};

/** Repeats a write that met another transaction, as its writer has to. */
export const patiently = async (write: () => Promise<unknown>): Promise<void> => {
  for (;;) {
    const outcome = await nameOf(write());
    if (outcome === 'done') return;
    if (!['TransactionCanceledException', 'TransactionConflictException'].includes(outcome)) throw new Error(outcome);
  }
};
