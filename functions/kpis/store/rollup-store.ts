import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Aggregate } from '../domain/aggregate.ts';
import { type Dimension, type GroupName, isGroupName } from '../domain/group.ts';
import type { ItemKey } from '../../platform/store/heads.ts';
import { inParallel } from '../use-cases/in-parallel.ts';
import { LeaseLost } from '../use-cases/lease.ts';
import type { Stamp } from '../use-cases/roll-up.ts';
import {
  distributionAttributes,
  hourAttributes,
  plainAttributes,
  readAggregate,
  readHour,
  readPercentiles,
  type StoredAggregate,
} from './items.ts';
import {
  dayKey,
  dayPartition,
  hourKey,
  hourPartOf,
  hoursOfBefore,
  hoursOfPart,
  hourPartition,
  monthKey,
  monthPartition,
  percentileKey,
  percentilePartition,
} from './keys.ts';
import { queryAll } from './query-all.ts';

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
      await this.#put(hourKey(kpi, hour, part), hourAttributes(own, stamp.computedAt), stamp);
    }
  }

  /** The total's percentiles lie beside it, so that 90 days without them are one small query. */
  async putDay(kpi: string, day: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void> {
    const plain = plainAttributes(aggregate, stamp.computedAt);
    const distribution = distributionAttributes(aggregate);
    if (group !== 'all') return this.#put(dayKey(kpi, day, group), { ...plain, ...distribution }, stamp);
    if (Object.keys(distribution).length > 0) await this.#put(percentileKey(kpi, day), distribution, stamp);
    return this.#put(dayKey(kpi, day, group), plain, stamp);
  }

  async putMonth(kpi: string, month: string, group: GroupName, aggregate: Aggregate, stamp: Stamp): Promise<void> {
    const attributes = { ...plainAttributes(aggregate, stamp.computedAt), ...distributionAttributes(aggregate) };
    await this.#put(monthKey(kpi, month, group), attributes, stamp);
  }

  /**
   * The hours of a local day, in order, that have, or had, facts of these groups; others may be in them too. Of hours that were written
   * before parts came first, what has been written again since is left out.
   */
  async hours(kpi: string, day: string, groups: readonly GroupName[]): Promise<readonly HourOfGroups[]> {
    const read = async (range: { readonly from: string; readonly to: string }) => {
      const partition = hourPartition(kpi, day);
      return (await queryAll(this.#client, { table: this.#table, partition, range, consistent: true })).map(readHour);
    };
    const parts = [...new Set(groups.map(hourPartOf))];
    const [before = [], ...now] = await inParallel([hoursOfBefore, ...parts.map(hoursOfPart)], 8, read);
    const written = new Set(now.flat().map(({ SK }) => SK));
    const hours = [
      ...now.flat().map(({ SK, groups: own }) => ({ hour: `${day}T${SK.slice(-2)}`, groups: own })),
      ...before.map(({ SK, groups: own }) => {
        const hour = SK.slice(0, 2);
        const left = [...own].filter(([group]) => isGroupName(group) && !written.has(`${hourPartOf(group)}#${hour}`));
        return { hour: `${day}T${hour}`, groups: new Map(left) };
      }),
    ];
    return hours.sort((a, b) => (a.hour < b.hour ? -1 : a.hour > b.hour ? 1 : 0));
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
    return plain.map(readAggregate).map((day) => {
      const distribution = distributions.get(day.SK);
      return distribution === undefined || day.aggregate.n === 0
        ? day
        : { ...day, aggregate: { ...day.aggregate, distribution } };
    });
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
    return items.map(readAggregate).map((item) => ({
      ...item,
      month: item.SK.slice(0, 7),
      group: dimension === 'all' ? 'all' : `${dimension}:${item.SK.slice(8)}`,
    }));
  }

  /** @throws LeaseLost when a later run has written this item. */
  async #put(key: ItemKey, attributes: Record<string, unknown>, stamp: Stamp): Promise<void> {
    try {
      await this.#client.send(
        new PutCommand({
          TableName: this.#table,
          Item: { ...key, ...attributes, e: stamp.epoch },
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
