import { matchesPattern } from '../../pattern.ts';
import { checkPattern } from '../../pattern-check.ts';
import { type Notification, type NotificationAttribute, parseJson } from './notification.ts';

export interface Filter {
  /** Null lets everything through. */
  readonly policy: Readonly<Record<string, unknown>> | null;
  readonly scope: 'MessageAttributes' | 'MessageBody';
}

/**
 * Whether a subscription's filter lets a message through. A policy on attributes is flat: an attribute that is missing does not
 * match (`anything-but` included), a `String.Array` matches by any member, a number by its value.
 * (https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html)
 */
export function passes(filter: Filter, notification: Notification): boolean {
  if (filter.policy === null) return true;
  if (filter.scope === 'MessageBody') {
    const body = parseJson(notification.message);
    return body !== undefined && matchesPattern(filter.policy, body);
  }
  const values = Object.entries(notification.attributes).map(([name, attribute]) => [name, valueOf(attribute)]);
  return matchesPattern(filter.policy, Object.fromEntries(values));
}

/**
 * Reads a filter policy from JSON.
 * @returns what is wrong with it as a text, when it is not one.
 */
export function readPolicy(text: string): Readonly<Record<string, unknown>> | string {
  const policy = parseJson(text);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) return 'failed to parse JSON';
  const entries = Object.entries(policy);
  const wrong = entries.find(([, value]) => typeof value !== 'object' || value === null);
  if (wrong !== undefined) return `"${wrong[0]}" must be an object or an array`;
  try {
    checkPattern(policy);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return Object.fromEntries(entries);
}

function valueOf(attribute: NotificationAttribute): unknown {
  const [type, kind] = attribute.type.split('.');
  if (type === 'Number') return Number(attribute.value);
  if (type === 'String' && kind === 'Array') return parseJson(attribute.value);
  return type === 'String' ? attribute.value : undefined;
}
