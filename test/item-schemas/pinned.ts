import * as z from 'zod';
import type { Item, ItemKind } from '../../functions/platform/store/item-kind.ts';

/** By kind and version: the JSON schema of its items. */
export type PinnedSchemas = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
/** By kind and version: items as that version wrote them. */
export type Samples = Readonly<Record<string, Readonly<Record<string, readonly Item[]>>>>;

/** A schema as text that a diff can show. Descriptions say nothing of what is stored. */
export const readable = (schema: z.ZodType): unknown =>
  z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      delete jsonSchema.description;
      delete jsonSchema.id;
      const { type } = zodSchema._zod.def;
      if (type === 'set') jsonSchema.type = 'set of strings' as never;
      if (type === 'custom') jsonSchema.type = 'bytes' as never;
    },
  });

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const howToChange = (name: string, current: number): string =>
  [
    `The schema of "${name}" is not the one that version ${current} wrote its items by, and such items are in the tables. Either undo it, or:`,
    `  1. raise the version: declare a migration from version ${current}, with the schema of before (git show HEAD:...);`,
    `  2. keep an item of version ${current} in test/item-schemas/samples.json under "${name}" / "${current}";`,
    `  3. npm run item-schemas, which pins version ${current + 1} and changes no version before it.`,
    '  CONTRIBUTING.md, "A changed item", has an example.',
  ].join('\n');

/** What is wrong with the kinds, measured by what was pinned; nothing as a rule. */
export const problemsOf = (
  kinds: readonly ItemKind<unknown>[],
  pinned: PinnedSchemas,
  samples: Samples,
): readonly string[] => {
  const declared = new Map(kinds.map((kind) => [kind.name, kind]));
  const gone = Object.keys(pinned)
    .filter((name) => !declared.has(name))
    .map(
      (name) => `No kind is named "${name}" any more, and its items are in the tables: keep the kind as a retired one.`,
    );
  const twice = kinds.length === declared.size ? [] : ['Two kinds have the same name.'];
  return [
    ...gone,
    ...twice,
    ...kinds.flatMap((kind) => problemsOfKind(kind, pinned[kind.name], samples[kind.name] ?? {})),
  ];
};

const problemsOfKind = (
  kind: ItemKind<unknown>,
  pinned: Readonly<Record<string, unknown>> | undefined,
  samples: Samples[string],
): readonly string[] => {
  const { name, current, migrations } = kind;
  if (pinned === undefined) return [`"${name}" is new: npm run item-schemas pins its first version.`];
  const newest = Math.max(...Object.keys(pinned).map(Number));
  if (newest > current)
    return [`"${name}" was at version ${newest} and is at ${current}: a version is never taken back.`];
  const problems: string[] = [];
  if (newest < current) problems.push(`Version ${current} of "${name}" is not pinned yet: npm run item-schemas.`);
  else if (!same(pinned[current], readable(kind.schema))) problems.push(howToChange(name, current));
  migrations.forEach(({ before }, index) => {
    const version = index + 1;
    if (!same(pinned[version], readable(before()))) {
      problems.push(
        `The migration of "${name}" from version ${version} begins with another schema than that version had.`,
      );
    }
    const kept = samples[version] ?? [];
    if (kept.length === 0) {
      problems.push(`There is no sample of version ${version} of "${name}" in test/item-schemas/samples.json.`);
    }
    for (const sample of kept) {
      if (kind.versionOf(sample) !== version)
        problems.push(`A sample of version ${version} of "${name}" says another.`);
      try {
        kind.read(sample);
      } catch (error) {
        problems.push(`A sample of version ${version} of "${name}" cannot be read any more: ${String(error)}`);
      }
    }
  });
  return problems;
};
