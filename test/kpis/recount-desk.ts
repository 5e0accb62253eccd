import { type DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, DynamoDBRecord } from 'aws-lambda';
import { recountHandler, recountPorts } from '../../functions/kpis/index.ts';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { eventKey } from '../../functions/platform/store/event.ts';
import { DeskMetrics } from '../../functions/platform/metrics.ts';
import { InvocationFailed } from '../../functions/platform/invocation.ts';
import { type Engine, InjectedCrash, kpiDesk, record } from './kpi-desk.ts';

/** Indexes of the operations table that a recount reads. */
export const queueIndex = { name: 'queue', partition: 'queue', sort: 'queueSort' };

/** What is written of a ticket at one instant: its event and its head. */
export interface Written {
  readonly records: readonly DynamoDBRecord[];
}

/** A KPI desk with an operations table that has what tickets would have written, and the recount. */
export const recountDesk = async (engine: Engine, zone = 'Europe/Berlin') => {
  const desk = await kpiDesk(engine, zone);
  const { client, clock, control, names, table } = desk;
  const ports = recountPorts({
    ...table,
    operationsTable: names.operations,
    listsTable: names.lists,
    zone,
    clock,
    tells: { prefix: 'ALT#', of: () => null },
    hint: async () => {},
  });
  const job = recountHandler(ports, new DeskMetrics('test'));
  const context = {} as Context;
  const versions = new Map<string, number>();
  let beat = 0;
  const put = (Item: Record<string, unknown>) => client.send(new PutCommand({ TableName: names.operations, Item }));
  return {
    ...desk,
    /** A ticket says something: its event and head are written, and what the stream would bring is answered. */
    say: async (ticketId: string, facts: readonly Contribution[]): Promise<readonly DynamoDBRecord[]> => {
      const version = (versions.get(ticketId) ?? 0) + 1;
      versions.set(ticketId, version);
      const at = new Date(control.now).toISOString();
      const key = `TKT#${ticketId}`;
      const event = { PK: key, SK: eventKey(version), version, recordedAt: at, facts };
      const head = {
        PK: key,
        SK: 'T',
        id: ticketId,
        version,
        updatedAt: at,
        teamId: facts[0]?.team ?? null,
        number: `T-${ticketId.slice(4)}`,
        queue: 'T#none',
        queueSort: `1#${ticketId}#${version}`,
      };
      await put(event);
      await put(head);
      return [record(event), record(head)];
    },
    heartbeat: (): DynamoDBRecord => {
      beat += 1;
      return record({ PK: 'SYS#heartbeat', SK: 'B', beat, at: new Date(control.now).toISOString() });
    },
    recount: async (trigger: 'schedule' | 'nightly') => {
      try {
        return await job({ trigger }, context);
      } catch (error) {
        if (error instanceof InvocationFailed && error.message.startsWith('InjectedCrash')) throw new InjectedCrash();
        throw error;
      }
    },
    ports,
    jobs: async () => (await ports.jobs.list(100, null)).jobs,
  };
};

export type RecountDesk = Awaited<ReturnType<typeof recountDesk>>;

/** Everything in a table but what changes with each run. */
export const itemsOf = async (
  client: DynamoDBDocumentClient,
  tableName: string,
  prefix: string,
): Promise<readonly Record<string, unknown>[]> =>
  ((await client.send(new ScanCommand({ TableName: tableName }))).Items ?? [])
    .filter(({ PK }) => String(PK).startsWith(prefix))
    .sort((a, b) => (`${a['PK']} ${a['SK']}` < `${b['PK']} ${b['SK']}` ? -1 : 1));
