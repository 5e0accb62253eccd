import { createHash } from 'node:crypto';
import * as z from 'zod';
import { isoInstant, type Clock } from '../../platform/clock.ts';
import type { Archive } from '../../platform/objects/archive.ts';
import type { ManifestReference, Progress } from '../domain/drill.ts';
import { type Manifest, manifestText, readManifest, shardCount, shardOf, ShardSum } from '../domain/manifest.ts';
import type { Pages } from './pages.ts';
import { runTasks } from './run-tasks.ts';
import { scanPositionSchema, tasksFor } from './scan-position.ts';

/** Where manifests are kept for good. */
export type ManifestArchive = Pick<Archive, 'keep' | 'read' | 'names'>;

export interface ManifestPorts {
  readonly pages: Pages;
  readonly archive: ManifestArchive;
  readonly clock: Clock;
  readonly pageItems: number | null;
}

/** Whatever was recorded so long before a scan began has been committed, and every replica has it. */
const settledMs = 60_000;

/** As many as for a table of some size: how many items there are is not known before. */
const itemsTaken = 200_000;
const atOnce = 8;
const folder = 'manifests/';

const positionSchema = z.object({
  asOf: z.string(),
  tasks: scanPositionSchema.shape.tasks,
  shards: z.array(z.tuple([z.number().int(), z.number().int(), z.string()])).length(shardCount),
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * Counts the events of a table for a while, and keeps the manifest once all are counted. Repeated, it comes to the same text
 * under the same name, and the first one stays.
 */
export const manifestSlice = async (
  ports: ManifestPorts,
  action: { readonly tableName: string; readonly progress: Progress | null },
  until: number,
): Promise<{ readonly progress: Progress; readonly manifest: ManifestReference | null }> => {
  const { pages, clock, pageItems } = ports;
  const position =
    action.progress === null
      ? { asOf: isoInstant(clock.now() - settledMs), tasks: tasksFor(itemsTaken, 0), shards: null }
      : positionSchema.parse(action.progress.position);
  const sums = Array.from({ length: shardCount }, (_unused, shard) => {
    const kept = position.shards?.[shard];
    return kept === undefined ? new ShardSum() : ShardSum.of(kept);
  });
  const asOf = Date.parse(position.asOf);
  let readUnits = action.progress?.readUnits ?? 0;
  await runTasks({
    tasks: position.tasks,
    atOnce,
    clock,
    until,
    step: async (task) => {
      const page = await pages.scan({
        table: action.tableName,
        index: null,
        segment: task.segment,
        segments: task.segments,
        only: ['PK', 'SK', 'recordedAt', 'hash'],
        limit: pageItems,
        after: task.after,
      });
      for (const { PK, SK, recordedAt, hash } of page.items) {
        if (PK?.S === undefined || SK?.S === undefined || !SK.S.startsWith('EV#') || hash?.S === undefined) continue;
        const at = Date.parse(recordedAt?.S ?? '');
        if (at <= asOf) sums[shardOf(PK.S)]?.add(PK.S, Number(SK.S.slice('EV#'.length)), hash.S);
      }
      readUnits += page.readUnits;
      task.after = page.next;
      task.done = page.next === null;
    },
  });
  const { tasks } = position;
  const done = tasks.every((task) => task.done);
  return {
    progress: {
      done,
      share: tasks.filter((task) => task.done).length / tasks.length,
      readUnits,
      position: { asOf: position.asOf, tasks, shards: sums.map((sum) => sum.value()) },
    },
    manifest: done ? await keep(ports.archive, action.tableName, position.asOf, sums) : null,
  };
};

const keep = async (
  archive: ManifestArchive,
  table: string,
  asOf: string,
  sums: readonly ShardSum[],
): Promise<ManifestReference> => {
  const text = manifestText(table, asOf, sums);
  const wanted = `${folder}${asOf}.json`;
  if ((await archive.keep(wanted, text, 'application/json')) === text)
    return { name: wanted, sha256: sha256(text), asOf };
  // Another table was counted as of the same instant.
  const name = `${folder}${asOf}-${sha256(text).slice(0, 16)}.json`;
  await archive.keep(name, text, 'application/json');
  return { name, sha256: sha256(text), asOf };
};

/** How many names are looked at: other tables may have manifests in between. */
const lookedAt = 20;

/** The newest manifest of a table whose instant is before `before`; null when there is none. */
export const newestManifest = async (
  archive: ManifestArchive,
  tableName: string,
  before: string,
): Promise<ManifestReference | null> => {
  const limit = Date.parse(before);
  const names = (await archive.names(folder))
    .filter((name) => Date.parse(name.slice(folder.length, folder.length + before.length)) < limit)
    .toSorted()
    .toReversed();
  for (const name of names.slice(0, lookedAt)) {
    const text = await archive.read(name);
    const manifest = text === null ? null : readManifest(text);
    if (text !== null && manifest?.table === tableName && Date.parse(manifest.asOf) < limit)
      return { name, sha256: sha256(text), asOf: manifest.asOf };
  }
  return null;
};

/** The manifest that a reference means; null when it cannot be read, or is another one by now. */
export const manifestOf = async (archive: ManifestArchive, reference: ManifestReference): Promise<Manifest | null> => {
  const text = await archive.read(reference.name);
  return text === null || sha256(text) !== reference.sha256 ? null : readManifest(text);
};
