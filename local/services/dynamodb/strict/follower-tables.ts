import type { TableModel } from '../../../model.ts';

/** The table that is behind another one. */
export const followerOf = (tableName: string): string => `${tableName}.follower`;

/** A follower for each table, with the same keys and indexes; it has no stream, and nothing in it expires by itself. */
export const followerTables = (tables: readonly TableModel[]): readonly TableModel[] =>
  tables.map((table) => ({
    ...table,
    id: followerOf(table.id),
    name: followerOf(table.name),
    streamArn: null,
    streamViewType: null,
    ttlAttribute: null,
  }));
