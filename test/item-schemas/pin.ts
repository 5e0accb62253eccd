/** `npm run item-schemas`: pins kinds and versions that are new. What is pinned stays as it is, since such items are stored. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { everyKind } from '../../bin/upgrade-items/every-kind.ts';
import { type PinnedSchemas, readable } from './pinned.ts';

const file = join(import.meta.dirname, 'item-schemas.json');
const pinned: PinnedSchemas = JSON.parse(readFileSync(file, 'utf8'));
const next: Record<string, Readonly<Record<string, unknown>>> = { ...pinned };
for (const { kind } of everyKind) {
  const versions = next[kind.name] ?? {};
  if (versions[kind.current] !== undefined) continue;
  next[kind.name] = { ...versions, [kind.current]: readable(kind.schema) };
  console.log(`pinned version ${kind.current} of "${kind.name}"`);
}
const sorted = Object.fromEntries(Object.entries(next).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(file, `${JSON.stringify(sorted, null, 2)}\n`);
