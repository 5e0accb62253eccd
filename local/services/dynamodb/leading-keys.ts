import type { ConditionContext } from '../permissions/conditions.ts';

interface KeyedRequest {
  readonly Key?: Readonly<Record<string, unknown>> | undefined;
  readonly Item?: Readonly<Record<string, unknown>> | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The partition key values that a request touches, as the condition key `dynamodb:LeadingKeys`; empty when they cannot be
 * told, so that a policy that asks for them refuses.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html)
 */
export function leadingKeys(request: KeyedRequest, partitionKey: string | null): ConditionContext {
  if (partitionKey === null) return {};
  const value = request.Key?.[partitionKey] ?? request.Item?.[partitionKey] ?? queriedValue(request, partitionKey);
  if (typeof value !== 'object' || value === null) return {};
  const text: unknown = 'S' in value ? value.S : 'N' in value ? value.N : undefined;
  return typeof text === 'string' ? { 'dynamodb:leadingkeys': [text] } : {};
}

/** The value that a key condition compares the partition key with. */
export function queriedValue(request: KeyedRequest, partitionKey: string): unknown {
  for (const [, name, value] of (request.KeyConditionExpression ?? '').matchAll(/(#?[\w.-]+)\s*=\s*(:\w+)/g)) {
    if (name === undefined || value === undefined) continue;
    if ((request.ExpressionAttributeNames?.[name] ?? name) === partitionKey)
      return request.ExpressionAttributeValues?.[value];
  }
  return undefined;
}
