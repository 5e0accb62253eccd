import type { Position, QueryPage } from './heads.ts';

/** A partition that is read in order, a chunk at a time. */
export interface SortedPartition {
  /** Reads the next chunk after `after` (null: from where the page begins). */
  readonly read: (after: Position | null) => Promise<QueryPage>;
}

interface Lane {
  readonly partition: SortedPartition;
  buffer: readonly Record<string, unknown>[];
  next: Position | null;
  index: number;
}

const fill = async (lane: Lane, after: Position | null): Promise<void> => {
  const page = await lane.partition.read(after);
  lane.buffer = page.items;
  lane.next = page.next;
  lane.index = 0;
};

/**
 * Merges sorted partitions into one list without reading more of each than is needed: the smallest `sortKey` first, or the
 * largest when `descending`. Ends when every partition has ended.
 */
export async function* mergeSorted(
  partitions: readonly SortedPartition[],
  sortKey: string,
  descending: boolean,
): AsyncGenerator<Record<string, unknown>> {
  const lanes: Lane[] = partitions.map((partition) => ({ partition, buffer: [], next: null, index: 0 }));
  await Promise.all(lanes.map((lane) => fill(lane, null)));
  for (;;) {
    let best: { lane: Lane; item: Record<string, unknown>; key: string } | null = null;
    for (const lane of lanes) {
      if (lane.index >= lane.buffer.length && lane.next !== null) await fill(lane, lane.next);
      const item = lane.buffer[lane.index];
      if (item === undefined) continue;
      const key = String(item[sortKey]);
      if (best === null || (descending ? key > best.key : key < best.key)) best = { lane, item, key };
    }
    if (best === null) return;
    best.lane.index += 1;
    yield best.item;
  }
}
