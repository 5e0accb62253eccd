import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf, isGroupName } from '../domain/group.ts';
import { queryPage, type Position, readItems } from '../../platform/store/heads.ts';
import { type Item, schemaAttribute } from '../../platform/store/item-kind.ts';
import type { FactPlace, PlacedFact } from '../use-cases/examine-ticket.ts';
import { factVersions, readFact, stringSet } from './items.ts';
import { factKey, factPartition, lanes } from './keys.ts';
import { queryAll } from '../../platform/store/query-all.ts';

const knownGroups = z.object({ groups: stringSet.optional() });

const groupNames = (item: Item = {}): GroupName[] =>
  [...(knownGroups.parse(factVersions.bringCurrent(item)).groups ?? [])].filter(isGroupName);

/** Facts: one item for each subject and hour, the latest version wins. */
export class FactStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /**
   * Keeps the fact unless the same or a later version is there: repeating it, or sending it late, changes nothing.
   * Answers every group that the subject was ever in in this hour, applied or not, since a ticket that changed its team
   * has to be counted again in both, also when the answer of the first try was lost. 1 WRU.
   */
  async put(kpi: string, hour: string, fact: Fact): Promise<readonly GroupName[]> {
    const { groups } = await this.#set(kpi, hour, fact, 'attribute_not_exists(PK) OR #version < :version', {});
    return groups;
  }

  /**
   * Puts the fact right: over any older one, as the stream would, for an older one may come in between; over the same or a later
   * version, which no event says, only if it still is the one that was read. Null when it is not, and nothing was written; else
   * every group that the subject was ever in in this hour. 1 WRU.
   */
  async putOver(kpi: string, hour: string, fact: Fact, over: number | null): Promise<readonly GroupName[] | null> {
    const { applied, groups } =
      over === null || over < fact.version
        ? await this.#set(kpi, hour, fact, 'attribute_not_exists(PK) OR #version < :version', {})
        : await this.#set(kpi, hour, fact, '#version = :over', { ':over': over });
    return applied ? groups : null;
  }

  async #set(
    kpi: string,
    hour: string,
    fact: Fact,
    condition: string,
    values: Readonly<Record<string, number>>,
  ): Promise<{ readonly applied: boolean; readonly groups: readonly GroupName[] }> {
    const attributes = {
      version: fact.version,
      at: fact.at,
      value: fact.value,
      excluded: fact.excluded,
      team: fact.team,
      customer: fact.customer,
      priority: fact.priority,
      ticketId: fact.ticketId,
      ...(fact.retracted ? { retracted: true } : {}),
      ...(fact.detail === undefined ? {} : { detail: fact.detail }),
      ...factVersions.stamp,
    };
    // What a later version of this code said of its shape goes with what it said: the fact is of this version from now on.
    const gone = ['retracted', 'detail', schemaAttribute].filter((name) => !(name in attributes));
    const names = [...Object.keys(attributes), ...gone, 'groups'];
    const sets = Object.keys(attributes).map((name) => `#${name} = :${name}`);
    const removes = gone.length === 0 ? '' : `REMOVE ${gone.map((name) => `#${name}`).join(', ')}`;
    try {
      const answer = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: factKey(kpi, hour, fact.subject),
          UpdateExpression: `SET ${sets.join(', ')} ${removes} ADD #groups :groups`,
          ConditionExpression: condition,
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
            ':groups': new Set(groupsOf(fact)),
            ...values,
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { applied: true, groups: groupNames(answer.Attributes) };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const there = error.Item === undefined ? undefined : unmarshall(error.Item);
      return { applied: false, groups: groupNames(there) };
    }
  }

  /** Those of the facts at these places that are there, perhaps a moment old. 0.5 RRU each. */
  async at(places: readonly FactPlace[]): Promise<readonly PlacedFact[]> {
    const byKey = new Map(
      places.map(({ kpi, hour, subject }) => {
        const key = factKey(kpi, hour, subject);
        return [`${key.PK} ${key.SK}`, { key, place: { kpi, hour, subject } }] as const;
      }),
    );
    const found: PlacedFact[] = [];
    const keys = [...byKey.values()].map(({ key }) => key);
    for (let start = 0; start < keys.length; start += 100)
      for (const item of await readItems(this.#client, this.#table, keys.slice(start, start + 100))) {
        const place = byKey.get(`${item['PK']} ${item['SK']}`)?.place;
        if (place !== undefined) found.push({ ...place, fact: readFact(item) });
      }
    return found;
  }

  /** An hour's facts, tombstones included, as they are now. */
  async ofHour(kpi: string, hour: string): Promise<readonly Fact[]> {
    const byLane = await Promise.all(
      Array.from({ length: lanes }, (_unused, lane) =>
        queryAll(this.#client, { table: this.#table, partition: factPartition(kpi, hour, lane), consistent: true }),
      ),
    );
    return byLane.flat().map(readFact);
  }

  /** Up to `limit` facts of one lane of an hour. `next` is the subject to go on after, null at the end of the lane. */
  async page(
    lane: { readonly kpi: string; readonly hour: string; readonly lane: number },
    after: string | null,
    limit: number,
  ): Promise<{ readonly facts: readonly Fact[]; readonly next: string | null }> {
    const partition = factPartition(lane.kpi, lane.hour, lane.lane);
    const position: Position | null = after === null ? null : { PK: partition, SK: after };
    const page = await queryPage(this.#client, {
      table: this.#table,
      partition: { name: 'PK', value: partition },
      limit,
      after: position,
    });
    const next = page.next?.['SK'];
    return { facts: page.items.map(readFact), next: next === undefined ? null : String(next) };
  }
}
