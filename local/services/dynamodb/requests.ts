import * as z from 'zod';

/** Attribute values by name; only their strings are looked at. */
export const keyed = z.record(z.string(), z.unknown());

/** The part of a one-table request that permissions and sweeps look at; everything else goes to the engine unread. */
export const itemRequest = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  Key: keyed.optional(),
  Item: keyed.optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: keyed.optional(),
});

export type ItemRequest = z.output<typeof itemRequest>;

const part = itemRequest.optional();

export const transaction = z.object({
  TransactItems: z.array(z.strictObject({ Put: part, Update: part, Delete: part, ConditionCheck: part, Get: part })),
});
