import { hash } from 'node:crypto';
import type { AttributeValue } from '@aws-sdk/client-dynamodb';

/** A value as DynamoDB sends it: what is hashed needs no other shape, and making one is most of the work of a reader. */
export interface Value {
  readonly S?: string;
  readonly N?: string;
  /** Base64. */
  readonly B?: string;
  readonly BOOL?: boolean;
  readonly NULL?: boolean;
  readonly L?: readonly Value[];
  readonly M?: WireItem;
  readonly SS?: readonly string[];
  readonly NS?: readonly string[];
  readonly BS?: readonly string[];
}
export interface WireItem {
  readonly [name: string]: Value;
}

export const sha256 = (text: string): string => hash('sha256', text, 'base64url');

/** 132 bits of a SHA-256: enough to tell two contents apart, short enough for a record an item. */
export const digestOf = (text: string): string => sha256(text).slice(0, 22);

const framed = (type: string, text: string): string => `${type}${text.length}:${text}`;

/** One text for one value, whatever the order of its attributes and members was. */
export const canonicalValue = (value: Value): string => {
  if (value.S !== undefined) return framed('S', value.S);
  if (value.N !== undefined) return framed('N', value.N);
  if (value.M !== undefined) return `M{${canonicalItem(value.M)}}`;
  if (value.L !== undefined) return `L[${value.L.map(canonicalValue).join('')}]`;
  if (value.BOOL !== undefined) return value.BOOL ? 'T' : 'F';
  if (value.B !== undefined) return framed('B', value.B);
  if (value.SS !== undefined) return `s[${canonicalSet(value.SS)}]`;
  if (value.NS !== undefined) return `n[${canonicalSet(value.NS)}]`;
  if (value.BS !== undefined) return `b[${canonicalSet(value.BS)}]`;
  return '0';
};

const canonicalSet = (members: readonly string[]): string =>
  [...members]
    .sort()
    .map((member) => framed('', member))
    .join('');

/** The text of an item without the attributes that are left out. */
export const canonicalItem = (item: WireItem, without?: ReadonlySet<string>): string => {
  let text = '';
  for (const name of Object.keys(item).sort()) {
    const value = item[name];
    if (value !== undefined && without?.has(name) !== true) text += framed('', name) + canonicalValue(value);
  }
  return text;
};

/** Names that are whole numbers come first in every JavaScript object, whatever order they were put in. */
const wholeNumber = /^(0|[1-9]\d{0,9})$/;

const jsonOrder = (names: string[]): string[] => {
  const sorted = names.sort();
  if (!sorted.some((name) => wholeNumber.test(name))) return sorted;
  return Object.keys(Object.fromEntries(sorted.map((name) => [name, 0])));
};

const jsonOfMap = (map: WireItem, without?: ReadonlySet<string>): string => {
  const parts: string[] = [];
  for (const name of jsonOrder(Object.keys(map))) {
    const value = map[name];
    if (value !== undefined && without?.has(name) !== true) parts.push(`${JSON.stringify(name)}:${wireJson(value)}`);
  }
  return `{${parts.join(',')}}`;
};

/**
 * What `canonicalJson` says of the value that the document client would make of this one; a set and bytes as `headSum` has
 * them. It is most of the work of a scan, so it takes no way around.
 */
export const wireJson = (value: Value): string => {
  if (value.S !== undefined) return JSON.stringify(value.S);
  if (value.N !== undefined) return JSON.stringify(Number(value.N));
  if (value.M !== undefined) return jsonOfMap(value.M);
  if (value.L !== undefined) return `[${value.L.map(wireJson).join(',')}]`;
  if (value.BOOL !== undefined) return String(value.BOOL);
  if (value.NULL !== undefined) return 'null';
  if (value.B !== undefined) return marked('bytes', JSON.stringify(value.B));
  if (value.SS !== undefined) return setJson(value.SS.map((member) => JSON.stringify(member)));
  if (value.NS !== undefined) return setJson(value.NS.map((member) => String(Number(member))));
  return setJson((value.BS ?? []).map((member) => marked('bytes', JSON.stringify(member))));
};

/** JSON has neither sets nor bytes; `headSum` marks them by a name that no attribute has. */
const marked = (name: string, json: string): string => `{${JSON.stringify(`\0${name}`)}:${json}}`;

const setJson = (members: string[]): string =>
  marked(
    'set',
    `[${members
      .sort()
      .map((member) => JSON.stringify(member))
      .join(',')}]`,
  );

/** What `headSum` leaves out. */
const notInSum: ReadonlySet<string> = new Set(['PK', 'SK', 'sum', 'dueAt', 'dueAttempts', 'dueShard', 'dueLane']);

/** `headSum` of a head as it was sent: 64 bits in eleven characters. */
export const wireHeadSum = (item: WireItem): string =>
  hash('sha256', jsonOfMap(item, notInSum), 'buffer').subarray(0, 8).toString('base64url');

/** A key as a command takes it. */
export const sdkKey = (key: WireItem): Record<string, AttributeValue> =>
  Object.fromEntries(Object.entries(key).map(([name, value]) => [name, sdkValue(value)]));

const sdkValue = (value: Value): AttributeValue => {
  if (value.N !== undefined) return { N: value.N };
  if (value.B !== undefined) return { B: Buffer.from(value.B, 'base64') };
  return { S: value.S ?? '' };
};

/** What says of which type a key is; a string that begins like that says that it is one. */
const typed = /^[nbs]:/;

/** A value of a key as a part of a text; null for one that cannot be a key. */
export const keyText = (value: Value | undefined): string | null => {
  if (value?.S !== undefined) return typed.test(value.S) ? `s:${value.S}` : value.S;
  if (value?.N !== undefined) return `n:${value.N}`;
  if (value?.B !== undefined) return `b:${value.B}`;
  return null;
};

/** The value of which `keyText` made a text. */
export const keyValue = (text: string): Value => {
  if (!typed.test(text)) return { S: text };
  const value = text.slice(2);
  return text.startsWith('n:') ? { N: value } : text.startsWith('b:') ? { B: value } : { S: value };
};
