import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Aggregate } from '../domain/aggregate.ts';
import type { Dimension, GroupName } from '../domain/group.ts';
import { type ItemKey, queryPage } from '../../platform/store/heads.ts';
import type { ItemVersions } from '../../platform/store/item-kind.ts';
import { inParallel } from '../use-cases/in-parallel.ts';
import { LeaseLost } from '../use-cases/lease.ts';
import type { Stamp } from '../use-cases/roll-up.ts';
import {
  distributionAttributes,
  hourAttributes,
  plainAttributes,
  dayKind,
  hourPartKind,
  monthKind,
  percentilesKind,
  readDay,
  readHour,
  readMonth,
  readPercentiles,
  type StoredAggregate,
} from './items.ts';
import {
  dayKey,
  dayPartition,
  hourKey,
  hourPartOf,
  everyHour,
  formerHours,
  hoursOfPart,
  hourPartition,
  monthKey,
  monthPartition,
  percentileKey,
  percentilePartition,
} from './keys.ts';
import { queryAll } from '../../platform/store/query-all.ts';
import { standingHours } from './former-hours.ts';

/** Sorts behind everything that begins like the text before it. */
const end = '\uffff';

export interface HourOfGroups {
  /** `2016-02-29T08` */
  readonly hour: string;
  readonly groups: ReadonlyMap<string, Aggregate>;
}

export interface MonthOfGroup extends StoredAggregate {
  readonly month: string;
  readonly group: GroupName;
}

/**
 * Rollups. A write carries the epoch of the rollup's lease and is refused once a later one has written: a run that lost its
 * lease while it slept cannot put old figures over new ones. A group that vanished stays as an empty aggregate.
 */
export class RollupStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** Writes the parts of an hour that the touched groups lie in, each with all its groups. */
  async putHour(
    kpi: string,
    hour: string,
    groups: ReadonlyMap<GroupName, Aggregate>,
    touched: readonly GroupName[],
    stamp: Stamp,
  ): Promise<void> {
    for (const part of new Set(touched.map(hourPartOf))) {
      const own = new Map([...groups].filter(([group]) => hourPartOf(group) === part));
      await this.#put(hourPartKind, hourKey(kpi, hour, part), hourAttributes(own, stamp.computedAt), stamp);
    }
  }

  /** The total's percentiles lie beside it, so that 90 days without them are one small query. */
  async putDay(kpi: string, day: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void> {
    const plain = plainAttributes(aggregate, stamp.computedAt);
    const distribution = distributionAttributes(aggregate);
    if (group !== 'all') return this.#put(dayKind, dayKey(kpi, day, group), { ...plain, ...distribution }, stamp);
    if (Object.keys(distribution).length > 0)
      await this.#put(percentilesKind, percentileKey(kpi, day), distribution, stamp);
    return this.#put(dayKind, dayKey(kpi, day, group), plain, stamp);
  }

  async putMonth(kpi: string, month: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void> {
    const attributes = { ...plainAttributes(aggregate, stamp.computedAt), ...distributionAttributes(aggregate) };
    await this.#put(monthKind, monthKey(kpi, month, group), attributes, stamp);
  }

  /** The hours of a local day, in order, that have, or had, facts of these groups (null: of any); others may be in them too. */
  async hours(kpi: string, day: string, groups: readonly GroupName[] | null): Promise<readonly HourOfGroups[]> {
    const parts = groups === null ? null : [...new Set(groups.map(hourPartOf))];
    const ranges = parts === null ? [everyHour] : [formerHours, ...parts.map(hoursOfPart)];
    const items = await inParallel(ranges, 8, (range) =>
      queryAll(this.#client, { table: this.#table, partition: hourPartition(kpi, day), range, consistent: true }),
    );
    const standing = standingHours(items.flat().map(readHour));
    return standing.map(({ hour, groups: own }) => ({ hour: `${day}T${hour}`, groups: own }));
  }

  /** Days from `first` to `last`, both included. Without percentiles the total of 90 days is one query of <= 3 RRU. */
  async days(
    kpi: string,
    group: GroupName,
    range: { readonly first: string; readonly last: string },
    how: { readonly percentiles: boolean; readonly consistent?: boolean },
  ): Promise<readonly StoredAggregate[]> {
    const within = {
      table: this.#table,
      range: { from: range.first, to: range.last },
      consistent: how.consistent === true,
    };
    const beside = how.percentiles && group === 'all';
    const [plain, percentiles] = await Promise.all([
      queryAll(this.#client, { ...within, partition: dayPartition(kpi, group) }),
      beside ? queryAll(this.#client, { ...within, partition: percentilePartition(kpi) }) : [],
    ]);
    const distributions = new Map(percentiles.map(readPercentiles).map(({ SK, distribution }) => [SK, distribution]));
    return plain.map(readDay).map((day) => {
      const distribution = distributions.get(day.SK);
      return distribution === undefined || day.aggregate.n === 0
        ? day
        : { ...day, aggregate: { ...day.aggregate, distribution } };
    });
  }

  /** The first day that anything was counted on; null when nothing ever was. */
  async firstDay(kpi: string): Promise<string | null> {
    const { items } = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: dayPartition(kpi, 'all') },
      limit: 1,
    });
    const first = items[0]?.['SK'];
    return first === undefined ? null : String(first);
  }

  /** The months of every group of the dimension, from `first` to `last`, both included. */
  async months(
    kpi: string,
    dimension: Dimension,
    range: { readonly first: string; readonly last: string },
  ): Promise<readonly MonthOfGroup[]> {
    const items = await queryAll(this.#client, {
      table: this.#table,
      partition: monthPartition(kpi, dimension),
      range: { from: `${range.first}#`, to: `${range.last}#${end}` },
    });
    return items.map(readMonth).map((item) => ({
      ...item,
      month: item.SK.slice(0, 7),
      group: dimension === 'all' ? 'all' : `${dimension}:${item.SK.slice(8)}`,
    }));
  }

  /** @throws LeaseLost when a later run has written this item. */
  async #put(kind: ItemVersions, key: ItemKey, attributes: Record<string, unknown>, stamp: Stamp): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...key, ...attributes, e: stamp.epoch, ...kind.stamp },
          ConditionExpression: 'attribute_not_exists(PK) OR #e <= :e',
          ExpressionAttributeNames: { '#e': 'e' },
          ExpressionAttributeValues: { ':e': stamp.epoch },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new LeaseLost();
      throw error;
    }
  }
}
