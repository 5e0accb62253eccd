import { paginateScan, QueryCommand, type ScanCommandOutput } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { backupsRoutes, BackupStore, lookAtBackups, type WatchPorts } from '../../functions/backups/index.ts';
import type { SeenJob } from '../../functions/backups/domain/backup-run.ts';
import { reportTrouble } from '../../functions/desk/index.ts';
import type { Role } from '../../functions/platform/actor.ts';
import { httpHandler } from '../../functions/platform/http/pipeline.ts';
import { Committer } from '../../functions/platform/store/commit.ts';
import { Cursors } from '../../functions/platform/store/cursor.ts';
import { deskOn, TestClock } from '../desk/desk-on-engine.ts';
import type { Engine } from '../engine.ts';

export const zone = 'Europe/Berlin';

/** The watch of backups over a real engine, with an AWS that is as the test says. */
export const backupDesk = async (engine: Engine, start: number) => {
  const clock = new TestClock(start);
  const desk = await deskOn(engine, clock);
  const { client } = engine;
  const table = engine.tables.operations;
  const hints = { afterCommit: async () => {} };
  const base = { client, table, clock, hints, committer: new Committer({ client, table, clock, hints }) };
  const backups = new BackupStore(base);
  const aws = {
    jobs: new Map<string, SeenJob[]>(),
    points: new Map<string, string>(),
    pitr: new Map<string, string>(),
    settings: { optedIn: true, advanced: true },
    scratch: [] as { name: string; createdAt: string; drillId: string | null; wanted: boolean; removed: number }[],
    broken: new Set<string>(),
    asked: { settings: 0 },
  };
  const ports: WatchPorts = {
    backups,
    zone,
    clock,
    tables: [
      { table: 'operations', name: table, planned: true },
      { table: 'orders', name: 'orders', planned: false },
    ],
    serviceOf: async () => null,
    report: (trouble) => reportTrouble(desk, trouble),
    world: {
      arnOf: async (name) => `arn:${name}`,
      jobsSince: async (arn, since) => {
        if (aws.broken.has(arn)) throw new Error(`${arn} cannot be looked at`);
        return (aws.jobs.get(arn) ?? []).filter(({ createdAt }) => createdAt >= since);
      },
      newestRecoveryPoints: async () => new Map([...aws.points].map(([arn, createdAt]) => [arn, { createdAt }])),
      pointInTime: async (name) => ({ enabled: aws.pitr.has(name), latestAt: aws.pitr.get(name) ?? null }),
      settings: async () => {
        aws.asked.settings += 1;
        return aws.settings;
      },
    },
    scratch: {
      list: async () => aws.scratch,
      isWanted: async ({ name }) => aws.scratch.find((one) => one.name === name)?.wanted ?? false,
      remove: async (name) => {
        const found = aws.scratch.find((one) => one.name === name);
        if (found !== undefined) found.removed += 1;
        return { removed: false, message: 'It is being removed.' };
      },
    },
  };
  const who: { role: Role } = { role: 'auditor' };
  const api = httpHandler({
    routes: backupsRoutes({ backups, serviceOf: ports.serviceOf, cursors: new Cursors({ client, table }), clock }),
    principalOf: async () => ({ id: 'agt_1', role: who.role, customerId: null, teamId: null }),
    once: null,
  });
  const scan = async () => {
    const found: NonNullable<ScanCommandOutput['Items']> = [];
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table, ConsistentRead: true }))
      found.push(...Items);
    return found;
  };
  return {
    clock,
    aws,
    backups,
    ports,
    who,
    table,
    scan,
    client,
    /** A look at that instant. */
    look: async (at: string, changed: Partial<WatchPorts> = {}) => {
      clock.at = Date.parse(at);
      return lookAtBackups({ ...ports, ...changed });
    },
    alerts: async (kind?: string) =>
      (await scan()).filter(
        (one) =>
          String(one['PK']).startsWith('ALT#') && one['SK'] === 'A' && (kind === undefined || one['kind'] === kind),
      ),
    tickets: async () => (await scan()).filter(({ PK, SK }) => String(PK).startsWith('TKT#') && SK === 'T'),
    eventsOf: async (partition: string) =>
      (
        await client.send(
          new QueryCommand({
            TableName: table,
            KeyConditionExpression: 'PK = :pk AND begins_with(SK, :ev)',
            ExpressionAttributeValues: { ':pk': partition, ':ev': 'EV#' },
          }),
        )
      ).Items ?? [],
    ask: async (path: string) => {
      const [rawPath, search] = path.split('?');
      const event = {
        rawPath,
        headers: {},
        queryStringParameters: Object.fromEntries(new URLSearchParams(search)),
        requestContext: { requestId: 'r', http: { method: 'GET' }, authorizer: { jwt: { claims: {} } } },
      };
      const answer = await api(event as never, {} as Context);
      return { status: answer.statusCode ?? 0, body: JSON.parse(answer.body ?? 'null') };
    },
  };
};

export type BackupDesk = Awaited<ReturnType<typeof backupDesk>>;

export const job = (jobId: string, createdAt: string, more: Partial<SeenJob> = {}): SeenJob => ({
  jobId,
  state: 'completed',
  planned: true,
  createdAt,
  completedAt: createdAt,
  sizeBytes: 1000,
  recoveryPointArn: `arn:point:${jobId}`,
  message: null,
  withIssues: false,
  ...more,
});
