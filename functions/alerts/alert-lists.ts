import { type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { eventVersions } from '../platform/store/event-versions.ts';
import { type Position, positionSchema, queryPage } from '../platform/store/heads.ts';
import { schemaAttribute } from '../platform/store/item-kind.ts';
import { alertList } from './keys.ts';

/** Ids of alerts, newest first, and where the list goes on. */
export interface AlertIdPage {
  readonly ids: readonly string[];
  readonly next: Position | null;
}

const alertItemSchema = z.object({ PK: z.string().startsWith('ALT#') });
const alertingEventSchema = z.object({ PK: z.string(), SK: z.string(), alertId: z.string() });

/** The lists of alerts (see keys.ts): keys only, the alerts themselves are read by id. */
export class AlertLists {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(options: { client: DynamoDBDocumentClient; table: string }) {
    this.#client = options.client;
    this.#table = options.table;
  }

  /** All alerts. The index may be a second behind. */
  async all(limit: number, after: Position | null): Promise<AlertIdPage> {
    const page = await queryPage(this.#client, {
      table: this.#table,
      index: 'queue',
      partition: { name: 'queue', value: alertList },
      descending: true,
      limit,
      after,
    });
    return { ids: page.items.map((item) => alertItemSchema.parse(item).PK.slice('ALT#'.length)), next: page.next };
  }

  /** Alerts of one ticket, by the events that raised them; consistent. Reads up to 200 events, so a page may be short. */
  async ofTicket(ticketId: string, limit: number, after: Position | null): Promise<AlertIdPage> {
    const page = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'PK = :ticket AND begins_with(SK, :event)',
        FilterExpression: 'attribute_exists(alertId)',
        ProjectionExpression: 'PK, SK, alertId, #schema',
        ExpressionAttributeNames: { '#schema': schemaAttribute },
        ExpressionAttributeValues: { ':ticket': `TKT#${ticketId}`, ':event': 'EV#' },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 200,
        ...(after === null ? {} : { ExclusiveStartKey: after }),
      }),
    );
    const events = (page.Items ?? []).map((item) => alertingEventSchema.parse(eventVersions.bringCurrent(item)));
    const shown = events.slice(0, limit);
    const last = events.length > limit ? shown.at(-1) : undefined;
    const rest = page.LastEvaluatedKey === undefined ? null : positionSchema.parse(page.LastEvaluatedKey);
    return { ids: shown.map(({ alertId }) => alertId), next: last === undefined ? rest : { PK: last.PK, SK: last.SK } };
  }
}
