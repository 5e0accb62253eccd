import * as z from 'zod';

/** Attribute values by name, as they travel: `{ "PK": { "S": "..." } }`. */
export const attributes = z.record(z.string(), z.unknown());
export type Attributes = z.output<typeof attributes>;

/** The same text for the same value of a key: keys are S, N or B, so there is one field. */
export const valueText = (value: unknown): string => JSON.stringify(value ?? null);

/** Names an item among those of all tables; its key in the order of the key schema. */
export const keyText = (tableName: string, key: Attributes): string =>
  [tableName, ...Object.values(key).map(valueText)].join(' ');
