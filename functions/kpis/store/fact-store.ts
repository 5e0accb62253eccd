import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf, isGroupName } from '../domain/group.ts';
import { queryPage, type Position } from '../../platform/store/heads.ts';
import { type Item, schemaAttribute } from '../../platform/store/item-kind.ts';
import { factVersions, readFact, stringSet } from './items.ts';
import { factKey, factPartition, lanes } from './keys.ts';
import { queryAll } from './query-all.ts';

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
      ...factVersions.stamp,
    };
    // What a later version of this code said of its shape goes with what it said: the fact is of this version from now on.
    const gone = ['retracted', schemaAttribute].filter((name) => !(name in attributes));
    const names = [...Object.keys(attributes), ...gone, 'groups'];
    const sets = Object.keys(attributes).map((name) => `#${name} = :${name}`);
    const removes = gone.length === 0 ? '' : `REMOVE ${gone.map((name) => `#${name}`).join(', ')}`;
    try {
      const answer = await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: factKey(kpi, hour, fact.subject),
          UpdateExpression: `SET ${sets.join(', ')} ${removes} ADD #groups :groups`,
          ConditionExpression: 'attribute_not_exists(PK) OR #version < :version',
          ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
          ExpressionAttributeValues: {
            ...Object.fromEntries(Object.entries(attributes).map(([name, value]) => [`:${name}`, value])),
            ':groups': new Set(groupsOf(fact)),
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return groupNames(answer.Attributes);
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return groupNames(error.Item === undefined ? undefined : unmarshall(error.Item));
    }
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
