import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Item, schemaAttribute } from '../../functions/platform/store/item-kind.ts';

/**
 * The condition that an item is still exactly what was read: every attribute, not only its version, since many kinds have
 * none and their changes come by update. What `next` adds must not be there either: somebody else may have upgraded it.
 */
const stillAsRead = (read: Item, next: Item = {}) => {
  const names = Object.keys(read);
  const added = [...new Set([...Object.keys(next), schemaAttribute])].filter((name) => !(name in read));
  return {
    ConditionExpression: [
      ...names.map((_name, index) => `#r${index} = :r${index}`),
      ...added.map((_name, index) => `attribute_not_exists(#a${index})`),
    ].join(' AND '),
    ExpressionAttributeNames: Object.fromEntries([
      ...names.map((name, index) => [`#r${index}`, name]),
      ...added.map((name, index) => [`#a${index}`, name]),
    ]),
    ExpressionAttributeValues: Object.fromEntries(names.map((name, index) => [`:r${index}`, read[name]])),
  };
};

const unlessChanged = async (write: Promise<unknown>): Promise<boolean> => {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
};

/**
 * Puts `next` in the place of `read`; false when somebody changed it meanwhile, who has then written today's shape, or will.
 * No event and no higher `version`: the stream brings it once more, and what is derived refuses a version that it has.
 */
export const rewrite = (client: DynamoDBDocumentClient, table: string, read: Item, next: Item): Promise<boolean> =>
  unlessChanged(client.send(new PutCommand({ TableName: table, Item: { ...next }, ...stillAsRead(read, next) })));

/**
 * Puts `items` where nothing is yet, then removes the item that they replace. What is there already is younger. Killed in
 * between, both are there, which readers of a retired kind can bear; the next walk goes on.
 */
export const replace = async (
  client: DynamoDBDocumentClient,
  table: string,
  read: Item,
  items: readonly Item[],
): Promise<boolean> => {
  for (const item of items) {
    const ConditionExpression = 'attribute_not_exists(PK)';
    await unlessChanged(client.send(new PutCommand({ TableName: table, Item: { ...item }, ConditionExpression })));
  }
  const Key = { PK: read['PK'], SK: read['SK'] };
  return unlessChanged(client.send(new DeleteCommand({ TableName: table, Key, ...stillAsRead(read) })));
};
