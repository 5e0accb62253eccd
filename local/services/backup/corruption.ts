import * as z from 'zod';
import type { TableDefinition } from '../dynamodb/control/engine-tables.ts';
import type { Corruption } from './backup-records.ts';

const itemSchema = z.record(z.string(), z.record(z.string(), z.unknown()));
type Item = z.output<typeof itemSchema>;

/**
 * A copy with something wrong in it, so that a test can see whether that is noticed. Hits the first partition, in the order of keys,
 * that has an item that fits. What nothing fits comes back as it was.
 */
export const corrupted = (
  items: readonly string[],
  { KeySchema }: TableDefinition,
  { how, partition, sort, which }: Corruption,
): readonly string[] => {
  const [partitionName = '', sortName = ''] = ['HASH', 'RANGE'].map(
    (type) => KeySchema.find(({ KeyType }) => KeyType === type)?.AttributeName,
  );
  const textOf = (item: Item, name: string): string => String(item[name]?.['S'] ?? item[name]?.['N'] ?? '');
  const fitting = items
    .map((json, index) => ({ index, item: itemSchema.parse(JSON.parse(json)) }))
    .map((entry) => ({
      ...entry,
      partition: textOf(entry.item, partitionName),
      sort: textOf(entry.item, sortName),
    }))
    .filter((entry) => entry.partition.startsWith(partition) && entry.sort.startsWith(sort))
    .toSorted((one, other) => order(one.partition, other.partition) || order(one.sort, other.sort));
  const first = fitting[0];
  if (first === undefined) return items;
  const inPartition = fitting.filter((entry) => entry.partition === first.partition);
  const chosen = which === 'all' ? inPartition : inPartition.slice(which === 'first' ? 0 : -1).slice(0, 1);
  const hit = new Map(chosen.map(({ index, item }) => [index, item]));
  switch (how) {
    case 'drop':
      return items.filter((_item, index) => !hit.has(index));
    case 'flip-byte':
      return items.map((json, index) => {
        const item = hit.get(index);
        return item === undefined ? json : JSON.stringify(flipped(item, [partitionName, sortName]));
      });
    case 'add':
      return [...items, ...chosen.map(({ item }) => JSON.stringify(foreign(item, partitionName)))];
  }
};

const order = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** One bit of one attribute that is no key, the first that there is: of its last letter, or of a number's. */
const flipped = (item: Item, keys: readonly string[]): Item => {
  for (const name of Object.keys(item).toSorted()) {
    if (keys.includes(name)) continue;
    const { S: text, N: number } = item[name] ?? {};
    if (typeof text === 'string' && text !== '') {
      const last = text.charCodeAt(text.length - 1) ^ 1;
      return { ...item, [name]: { S: text.slice(0, -1) + String.fromCharCode(last) } };
    }
    if (typeof number === 'string') return { ...item, [name]: { N: String(Number(number) ^ 1) } };
  }
  return { ...item, flipped: { BOOL: true } };
};

/** The same item under a key that no other has. */
const foreign = (item: Item, partitionName: string): Item => {
  const [[type, value] = ['S', '']] = Object.entries(item[partitionName] ?? {});
  return { ...item, [partitionName]: { [type]: type === 'N' ? `${value}1` : `${value}-FOREIGN` } };
};
