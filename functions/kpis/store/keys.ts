import { createHash } from 'node:crypto';
import { type Dimension, dimensionOf, type GroupName, keyOf } from '../domain/group.ts';
import { dayOfHour } from '../domain/local-time.ts';
import type { ItemKey } from '../../platform/store/heads.ts';

/**
 * Keys of the kpis table, and what is asked of them:
 *
 * | item | PK | SK | read as |
 * |---|---|---|---|
 * | fact | `F#kpi#hour#lane` | subject | an hour's facts, lane by lane |
 * | dirty mark | `DIRTY#shard` | `kpi#hour` | what the rollup has to do |
 * | part of an hour | `H#kpi#day` | `part#hh` | the hours of a day of a part: a customer, or all other groups |
 * | day of a group | `D#kpi#group` | day | 90 days of one group: one query |
 * | percentiles of a day of `all` | `P#kpi#all` | day | likewise, only when asked for |
 * | month of a group | `M#kpi#dimension` | `month#group key` | a month's groups; months of all groups |
 * | lease of the rollup, of the recount | `LEASE` | `rollup`, `recount` | |
 * | recount | `RECOUNTS` | id | the newest first |
 * | slot of a recount that is not done | `RECOUNT-OPEN` | slot | what there is to do |
 * | last heartbeat that came through the stream | `HEARTBEAT` | `kpis` | |
 */
/**
 * Into how many partitions an hour's facts are spread. One takes 1,000 facts a second
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html), far more than the
 * stream's one reader writes; every further lane costs each rollup of an hour one more query.
 */
export const lanes = 1;
export const markShards = 4;

const spread = (text: string, over: number): number => (createHash('sha256').update(text).digest()[0] ?? 0) % over;

export const factPartition = (kpi: string, hour: string, lane: number): string => `F#${kpi}#${hour}#${lane}`;
export const factKey = (kpi: string, hour: string, subject: string): ItemKey => ({
  PK: factPartition(kpi, hour, spread(subject, lanes)),
  SK: subject,
});

export const markPartition = (shard: number): string => `DIRTY#${shard}`;
export const markKey = (kpi: string, hour: string): ItemKey => ({
  PK: markPartition(spread(`${kpi}#${hour}`, markShards)),
  SK: `${kpi}#${hour}`,
});

export const hourPartition = (kpi: string, day: string): string => `H#${kpi}#${day}`;
export const hourKey = (kpi: string, hour: string, part: string): ItemKey => ({
  PK: hourPartition(kpi, dayOfHour(hour)),
  SK: `${part}#${hour.slice(11)}`,
});

/**
 * Which item of an hour a group is kept in: each customer, who may be thousands, in one of its own, everything else in one
 * together. So a fact writes two small items, and a customer's day is read without those of the others.
 */
export const hourPartOf = (group: GroupName): string => (dimensionOf(group) === 'customer' ? group : 'others');

/** The hours of a part, those that were written before parts came first (`08`, `08#others`), and all of them. */
export const hoursOfPart = (part: string) => ({ from: `${part}#`, to: `${part}#~` });
export const formerHours = { from: '0', to: '3' };
export const everyHour = { from: '0', to: '~' };

export const dayPartition = (kpi: string, group: GroupName): string => `D#${kpi}#${group}`;
export const dayKey = (kpi: string, day: string, group: GroupName): ItemKey => ({
  PK: dayPartition(kpi, group),
  SK: day,
});

export const percentilePartition = (kpi: string): string => `P#${kpi}#all`;
export const percentileKey = (kpi: string, day: string): ItemKey => ({ PK: percentilePartition(kpi), SK: day });

export const monthPartition = (kpi: string, dimension: Dimension): string => `M#${kpi}#${dimension}`;
export const monthKey = (kpi: string, month: string, group: GroupName): ItemKey => ({
  PK: monthPartition(kpi, dimensionOf(group)),
  SK: `${month}#${keyOf(group)}`,
});

export const leaseKey: ItemKey = { PK: 'LEASE', SK: 'rollup' };
export const recountLeaseKey: ItemKey = { PK: 'LEASE', SK: 'recount' };

export const recounts = 'RECOUNTS';
export const openRecounts = 'RECOUNT-OPEN';
export const seenHeartbeatKey: ItemKey = { PK: 'HEARTBEAT', SK: 'kpis' };
