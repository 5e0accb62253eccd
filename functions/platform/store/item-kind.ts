import type * as z from 'zod';

export type Item = Readonly<Record<string, unknown>>;

/**
 * The attribute that says by which version of its kind's schema an item was written. Items of version 1 have none, so that
 * the first version costs no byte. It has nothing to do with `version`, which counts the changes of one entity.
 */
export const schemaAttribute = 'schema';

/**
 * An item was written by a later version of its schema than this code knows: a deployment was taken back after the later
 * one had written. Nothing is read or overwritten by guess; docs/runbook.md says what to do.
 */
export class NewerThanThisCode extends Error {
  override readonly name = 'NewerThanThisCode';
  constructor(kind: string, found: number, known: number) {
    super(`An item of kind "${kind}" has schema version ${found}; this code knows versions up to ${known}.`);
  }
}

/** The attribute `schema` of an item is no version at all. */
export class NotASchemaVersion extends Error {
  override readonly name = 'NotASchemaVersion';
}

/** One step: from the version whose schema is `before` to the next one. */
export interface Migration {
  /** Made only when an old item is met, since schemas made at import are what a start waits for. */
  readonly before: () => z.ZodType;
  readonly change: (item: Item) => Item;
}

/**
 * A migration from the version whose schema was `before`. What the schema does not name (keys, attributes of indexes) is
 * handed through, and so must the change do: an item is rewritten whole.
 */
export const migration = <Before extends z.ZodObject>(
  before: () => Before,
  change: (old: z.output<Before> & Item) => Item,
): Migration => ({
  before,
  change: (item) => change({ ...item, ...before().parse(item) }),
});

/** The versions of a kind without its schema: all that a reader needs who looks at a part of the item only. */
export interface ItemVersions {
  readonly name: string;
  readonly current: number;
  readonly migrations: readonly Migration[];
  /** What a writer adds to the item: nothing in version 1. */
  readonly stamp: Item;
  /** The version that an item was written by. @throws NewerThanThisCode, NotASchemaVersion */
  versionOf(item: Item): number;
  /** The item in the shape of today, as it is when it has it already. @throws NewerThanThisCode, or ZodError */
  bringCurrent(item: Item): Item;
}

/** Declares a kind of item with the migrations from each of its earlier versions to the next. */
export const itemVersions = (name: string, migrations: readonly Migration[] = []): ItemVersions => {
  const current = migrations.length + 1;
  const stamp: Item = current === 1 ? {} : { [schemaAttribute]: current };
  const versionOf = (item: Item): number => {
    const found = item[schemaAttribute] ?? 1;
    if (typeof found !== 'number' || !Number.isInteger(found) || found < 1) {
      throw new NotASchemaVersion(`An item of kind "${name}" has no whole number as its schema version.`);
    }
    if (found > current) throw new NewerThanThisCode(name, found, current);
    return found;
  };
  return {
    name,
    current,
    migrations,
    stamp,
    versionOf,
    bringCurrent: (item) => {
      const found = versionOf(item);
      if (found === current) return item;
      const changed = migrations.slice(found - 1).reduce((old, { change }) => change(old), item);
      return { ...changed, ...stamp };
    },
  };
};

/** A kind of stored item: its versions, and the schema that its items have today. */
export interface ItemKind<Shape> extends ItemVersions {
  readonly schema: z.ZodType<Shape>;
  /** An item of any version, in the shape of today. @throws NewerThanThisCode, or ZodError */
  read(item: Item): Shape;
}

export const itemKind = <Shape>(
  declared: string | ItemVersions,
  schema: z.ZodType<Shape>,
  migrations: readonly Migration[] = [],
): ItemKind<Shape> => {
  const versions = typeof declared === 'string' ? itemVersions(declared, migrations) : declared;
  return { ...versions, schema, read: (item) => schema.parse(versions.bringCurrent(item)) };
};
