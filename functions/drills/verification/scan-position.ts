import * as z from 'zod';
import { flushSchema } from './spill.ts';
import type { WireItem } from './wire.ts';

const keySchema = z.record(
  z.string(),
  z.custom<WireItem[string]>((value) => typeof value === 'object' && value !== null),
);

/** One segment of a table (`of` is 0) or of one of its indexes (from 1). */
const taskSchema = z.object({
  of: z.number().int(),
  segment: z.number().int(),
  segments: z.number().int(),
  after: keySchema.nullable(),
  done: z.boolean(),
});
export type ScanTask = z.infer<typeof taskSchema>;

export const canarySchema = z.object({ PK: z.string(), at: z.string(), table: z.string(), tick: z.number() });
export type Canary = z.infer<typeof canarySchema>;

/** Where a scan stands. */
export const scanPositionSchema = z.object({
  parts: z.number().int(),
  tasks: z.array(taskSchema),
  flushes: z.array(flushSchema),
  items: z.number().int(),
  events: z.number().int(),
  rows: z.number().int(),
  bytes: z.number(),
  canaries: z.array(canarySchema),
});
export type ScanPosition = z.infer<typeof scanPositionSchema>;

/** Fewer segments for small tables: each takes a call of its own to find that it is empty. */
const segmentsFor = (items: number): number => (items < 2_000 ? 4 : items < 200_000 ? 8 : 16);

export const tasksFor = (items: number, indexes: number): ScanTask[] =>
  Array.from({ length: indexes + 1 }, (_unused, of) => {
    const segments = of === 0 ? segmentsFor(items) : Math.min(8, segmentsFor(items));
    return Array.from({ length: segments }, (_one, segment) => ({ of, segment, segments, after: null, done: false }));
  }).flat();
