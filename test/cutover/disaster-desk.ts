import {
  BackupClient,
  DescribeBackupJobCommand,
  DescribeRestoreJobCommand,
  StartBackupJobCommand,
  StartRestoreJobCommand,
} from '@aws-sdk/client-backup';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { main } from '../../bin/cutover/main.ts';
import type { AfterLeg } from '../../bin/cutover/legs.ts';
import { localAccess } from '../../bin/operator/access.ts';
import { type Desk, startDesk } from '../../local/desk.ts';
import { databaseClient } from '../../local/services/dynamodb/database-client.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';
import { defaultSeed } from '../../local/strict.ts';
import { projectAssembly, projectDir } from '../local/e2e/assembly-copy.ts';
import { type Answer, eventually, type Json, send } from '../local/e2e/running-desk.ts';

const seed = Number(process.env['DESK_SEED'] ?? defaultSeed);
export const startsAt = Date.UTC(2026, 0, 6, 9);
export const restoredTable = 'cloud-service-desk-local-operations-2026-01-06';

/** A desk with a data folder that outlives it, its operator, and a disaster. */
export class DisasterDesk {
  readonly #dataDir = mkdtempSync(join(tmpdir(), 'desk-disaster-'));
  #desk: Desk | null = null;
  #tokens: Readonly<Record<string, string>> = {};

  get desk(): Desk {
    if (this.#desk === null) throw new Error('the desk does not run');
    return this.#desk;
  }

  get url(): string {
    return this.desk.url;
  }

  async start(): Promise<void> {
    const assemblyDir = await projectAssembly();
    const options = { port: 0, dataDir: this.#dataDir, assemblyDir, projectDir, verbose: false };
    this.#desk = await startDesk({
      ...options,
      startAt: this.#tokens['admin'] === undefined ? startsAt : null,
      strict: { seed },
    });
    if (this.#tokens['admin'] === undefined) this.#tokens = await this.desk.tokens();
  }

  async stop(): Promise<void> {
    await this.#desk?.stop();
    this.#desk = null;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.#dataDir, { recursive: true, force: true });
  }

  /** The tokens are those of the first start. */
  as(person: string, path: string, options: Parameters<typeof send>[3] = {}): Promise<Answer> {
    return send(this.url, this.#tokens[person] ?? null, path, options);
  }

  async ask(path: string, body?: unknown, person = 'admin'): Promise<Json> {
    const answer = await this.as(person, path, { body });
    if (answer.status >= 300) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  advance(by: string): Promise<Json> {
    return this.ask('/_local/clock', { advance: by });
  }

  /** All items of the live table are gone: somebody removed them past the desk. */
  async disaster(): Promise<void> {
    const table = this.desk.model.tables.find(({ streamArn }) => streamArn !== null)?.name ?? '';
    await this.stop();
    const database = await startDatabase({ dataDir: this.#dataDir });
    const engine = databaseClient(database.endpoint);
    const client = DynamoDBDocumentClient.from(engine);
    let removed = 0;
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table }))
      for (const { PK, SK } of Items) {
        await client.send(new DeleteCommand({ TableName: table, Key: { PK, SK } }));
        removed += 1;
      }
    engine.destroy();
    await database.stop();
    if (removed === 0) throw new Error('there was nothing to lose');
    await this.start();
  }

  async #operator<T>(work: (clients: { backup: BackupClient; settings: Json }) => Promise<T>): Promise<T> {
    const { config } = await localAccess(this.url);
    const backup = new BackupClient(config);
    const ssm = new SSMClient(config);
    try {
      const Name = '/cloud-service-desk/local/cutover-desk';
      const { Parameter } = await ssm.send(new GetParameterCommand({ Name }));
      return await work({ backup, settings: JSON.parse(Parameter?.Value ?? '') });
    } finally {
      backup.destroy();
      ssm.destroy();
    }
  }

  /** The recovery point of a backup that is taken now. */
  backUp(): Promise<string> {
    const arn = this.desk.model.tables.find(({ streamArn }) => streamArn !== null)?.arn;
    return this.#operator(async ({ backup, settings }) => {
      const { BackupJobId } = await backup.send(
        new StartBackupJobCommand({
          BackupVaultName: settings.vault,
          ResourceArn: arn,
          IamRoleArn: settings.backupRoleArn,
        }),
      );
      await this.advance('PT10S');
      const job = await backup.send(new DescribeBackupJobCommand({ BackupJobId }));
      expect(job.State).toBe('COMPLETED');
      return job.RecoveryPointArn ?? '';
    });
  }

  /** As the runbook says it. */
  restore(pointArn: string, targetTableName: string): Promise<void> {
    return this.#operator(async ({ backup, settings }) => {
      const { RestoreJobId } = await backup.send(
        new StartRestoreJobCommand({
          RecoveryPointArn: pointArn,
          IamRoleArn: settings.restoreRoleArn,
          Metadata: { targetTableName, encryptionType: 'KMS', kmsMasterKeyArn: settings.dataKeyArn },
        }),
      );
      await eventually('the restored table', 30, async () => {
        await this.advance('PT15S');
        const { Status } = await backup.send(new DescribeRestoreJobCommand({ RestoreJobId }));
        return Status === 'COMPLETED' ? true : null;
      });
    });
  }

  /** `npm run cutover`; time goes on by itself where the command waits for the minute's jobs. */
  async cutover(
    args: readonly string[],
    afterLeg?: AfterLeg,
  ): Promise<{ code: number; said: string; complained: string }> {
    const said: string[] = [];
    const complained: string[] = [];
    let passing = false;
    const minute = setInterval(() => {
      if (!passing) return;
      passing = false;
      void this.advance('PT1M').finally(() => {
        passing = true;
      });
    }, 300);
    try {
      const code = await main(
        ['--url', this.url, ...args],
        { env: {}, say: (line) => void said.push(line), complain: (line) => void complained.push(line) },
        (leg) => {
          if (leg === 'lists') passing = true;
          afterLeg?.(leg);
        },
      );
      return { code, said: said.join('\n'), complained: complained.join('\n') };
    } finally {
      passing = false;
      clearInterval(minute);
      await this.ask('/_local/clock', { advance: 'PT1S' });
    }
  }
}
