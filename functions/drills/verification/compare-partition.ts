import type { ItemRecord } from './item-record.ts';

/** What can be wrong with a copy. `unchecked`: nothing tells whether it is. */
export type Fault = 'missing' | 'foreign' | 'altered' | 'broken' | 'torn' | 'index' | 'unchecked';

export interface Finding {
  readonly fault: Fault;
  readonly PK: string;
  readonly SK: string;
  readonly what: string;
}

/** What a partition of the copy came to. */
export interface PartitionResult {
  /** Items of the copy that were held against those of the source. */
  readonly compared: number;
  /** Events of before the declaration that the copy has not. */
  readonly lost: number;
  readonly oldestLostAt: number | null;
  /** Items that differ, or are not there, because the source was worked on since. */
  readonly explained: number;
  readonly findings: readonly Finding[];
}

export interface Instants {
  /** What was recorded until then is in the copy for certain. */
  readonly certainAt: number;
  /** What was recorded until then is lost with the source. */
  readonly declaredAt: number;
}

export interface Sides {
  readonly PK: string;
  readonly copy: readonly ItemRecord[];
  readonly source: readonly ItemRecord[];
  /** The rows that indexes of the copy have of these items. */
  readonly rows: readonly ItemRecord[];
}

/** Compares a partition of a table of which nothing is known but its keys. */
export const compareForeign = ({ copy, source, rows }: Sides): PartitionResult => {
  const findings: Finding[] = [];
  const there = new Map(copy.map((record) => [record.SK, record]));
  let compared = 0;
  for (const record of source) {
    const { PK, SK } = record;
    const found = there.get(SK);
    there.delete(SK);
    if (found === undefined) findings.push({ fault: 'missing', PK, SK, what: 'is not in the copy' });
    else {
      compared += 1;
      if (found.digest !== record.digest) findings.push({ fault: 'altered', PK, SK, what: 'differs' });
    }
  }
  for (const { PK, SK } of there.values()) findings.push({ fault: 'foreign', PK, SK, what: 'is not in the source' });
  return { compared, lost: 0, oldestLostAt: null, explained: 0, findings: [...findings, ...wrongRows(copy, rows)] };
};

const rowsOf = (records: readonly ItemRecord[]): ReadonlyMap<string, ItemRecord> =>
  new Map(records.flatMap((record) => record.rows.map((row) => [JSON.stringify([record.SK, row]), record] as const)));

/** Where rows of indexes are not those that the items have. */
export const wrongRows = (items: readonly ItemRecord[], found: readonly ItemRecord[]): readonly Finding[] => {
  const due = rowsOf(items);
  const there = rowsOf(found);
  const finding = ({ PK, SK }: ItemRecord, what: string): Finding => ({ fault: 'index', PK, SK, what });
  const twice = found.length - there.size;
  const missing = [...due].filter(([row]) => !there.has(row)).map(([, item]) => item);
  const over = [...there].filter(([row]) => !due.has(row)).map(([, row]) => row);
  const stale = new Set(over.map(({ SK }) => SK));
  return [
    ...missing.filter(({ SK }) => !stale.has(SK)).map((item) => finding(item, 'its row of an index is missing')),
    ...over.map((row) => finding(row, 'an index has a row that its item has not')),
    ...found.slice(0, twice > 0 ? 1 : 0).map((row) => finding(row, 'an index has rows twice')),
  ];
};
