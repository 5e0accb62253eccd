import type { TableModel } from '../../model.ts';

/** What a parameter said in the template, and what was written over it. */
export interface WrittenOver {
  readonly before: string;
  readonly now: string;
}

/**
 * Tables that parameters lead to instead of the template's own: copies that took their place. They are made like those; their
 * switches are their own, and no deployment makes them.
 */
export const adoptedTables = (
  tables: readonly TableModel[],
  written: readonly WrittenOver[],
): readonly TableModel[] => {
  const values = new Map(written.map(({ before, now }) => [before, now]));
  return tables.flatMap((table) => {
    const name = values.get(table.name);
    if (name === undefined || name === table.name) return [];
    const arn = table.arn.replace(/:table\/.*$/, `:table/${name}`);
    const streamArn = table.streamArn === null ? null : (values.get(table.streamArn) ?? null);
    const { protection: _, ...made } = table;
    return [{ ...made, id: `${table.id} -> ${name}`, name, arn, streamArn, adopted: true }];
  });
};
