import type { TableModel } from '../../../model.ts';
import { type Attributes, valueText } from '../attribute-value.ts';
import { itemSize } from './item-size.ts';

/** A partition key of a table, or of one of its indexes, whose throughput is counted. */
export interface CountedKey {
  /** Names the key among all. */
  readonly id: string;
  readonly table: TableModel;
  /** Null for the table itself. */
  readonly index: string | null;
}

export interface Charge {
  readonly key: CountedKey;
  readonly units: number;
}

type Index = TableModel['indexes'][number];

export const countedKey = (table: TableModel, index: string | null, value: unknown): CountedKey => ({
  id: [table.name, index ?? '', valueText(value)].join(' '),
  table,
  index,
});

/** One unit for each begun KB. */
const unitsOf = (row: Attributes): number => Math.max(1, Math.ceil(itemSize(row) / 1024));

/** An item's row in an index, or null for one that lacks a key of it. */
const rowOf = (table: TableModel, index: Index, item: Attributes | null): Attributes | null => {
  const keys = [index.partitionKey, ...(index.sortKey === null ? [] : [index.sortKey])];
  if (item === null || keys.some((name) => !(name in item))) return null;
  if (index.projection === 'ALL') return item;
  const shown = new Set([
    ...keys,
    table.partitionKey,
    ...(table.sortKey === null ? [] : [table.sortKey]),
    ...index.nonKeyAttributes,
  ]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => shown.has(name)));
};

const sameKey = (index: Index, one: Attributes, other: Attributes): boolean =>
  [index.partitionKey, index.sortKey].every((name) => name === null || valueText(one[name]) === valueText(other[name]));

/** A changed key is a row removed at its old key and one added at its new key; an unchanged row costs nothing. */
const indexCharges = (
  table: TableModel,
  index: Index,
  before: Attributes | null,
  after: Attributes | null,
): Charge[] => {
  const [old, fresh] = [rowOf(table, index, before), rowOf(table, index, after)];
  const charge = (row: Attributes, units = unitsOf(row)): Charge => ({
    key: countedKey(table, index.name, row[index.partitionKey]),
    units,
  });
  if (old === null) return fresh === null ? [] : [charge(fresh)];
  if (fresh === null) return [charge(old)];
  if (!sameKey(index, old, fresh)) return [charge(old), charge(fresh)];
  const names = new Set([...Object.keys(old), ...Object.keys(fresh)]);
  const same = [...names].every((name) => valueText(old[name]) === valueText(fresh[name]));
  return same ? [] : [charge(fresh, Math.max(unitsOf(old), unitsOf(fresh)))];
};

/**
 * What a write of an item costs, at the table's key and at the key of each index that it touches: the larger of the item
 * before and after, in KB. A transaction writes twice; whether also into indexes AWS does not say, so here it does.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html, "Write capacity units";
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html, "Capacity management")
 */
export const writeCharges = (write: {
  readonly table: TableModel;
  readonly key: Attributes;
  readonly before: Attributes | null;
  readonly after: Attributes | null;
  readonly inTransaction: boolean;
}): readonly Charge[] => {
  const { table, key, before, after, inTransaction } = write;
  const own: Charge = {
    key: countedKey(table, null, key[table.partitionKey]),
    units: Math.max(unitsOf(before ?? {}), unitsOf(after ?? {})),
  };
  const charges = [own, ...table.indexes.flatMap((index) => indexCharges(table, index, before, after))];
  return inTransaction ? charges.map((one) => ({ ...one, units: one.units * 2 })) : charges;
};
