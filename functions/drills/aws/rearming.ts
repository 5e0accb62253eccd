import {
  type DynamoDBClient,
  StreamViewType,
  TagResourceCommand,
  type TableDescription,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { Observation } from '../domain/action.ts';
import type { TableShape } from '../domain/drill.ts';
import { AnswerIncomplete, needed } from './answers.ts';
import { drillTag } from './options.ts';
import type { ScratchNames } from './scratch-names.ts';
import { streamOf, TableSource } from './table-source.ts';
import { waitingFor } from './scratch-table.ts';

interface Wanted {
  readonly scratchTable: string;
  readonly source: Pick<TableShape, 'tags' | 'ttl' | 'pointInTimeRecovery' | 'stream' | 'deletionProtection'>;
  /** Null for a copy that is no drill's: it takes the place of its source. */
  readonly drillId: string | null;
}

/** A step of rearming: what it waits for when it had something to do, null when all is as it should be. */
type Step = (wanted: Wanted, table: TableDescription) => Promise<string | null>;

const viewTypes: readonly string[] = Object.values(StreamViewType);
const isViewType = (value: string): value is StreamViewType => viewTypes.includes(value);

/**
 * Gives a copy what a restore leaves out: tags, time to live, point-in-time recovery, stream, deletion protection
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html). Each call looks what is
 * there, does the first thing that is missing, and ends: the table is changed by one thing at a time, and a repetition finds it
 * done. The tag comes first, so that whoever cleans up knows whose a table is; deletion protection last.
 */
export class Rearming {
  readonly #client: DynamoDBClient;
  readonly #names: ScratchNames;
  readonly #tables: TableSource;
  readonly #steps: readonly Step[];

  constructor(client: DynamoDBClient, names: ScratchNames) {
    this.#client = client;
    this.#names = names;
    this.#tables = new TableSource(client);
    this.#steps = [
      (wanted, table) => this.#tags(wanted, table),
      (wanted) => this.#timeToLive(wanted),
      (wanted) => this.#pointInTimeRecovery(wanted),
      (wanted, table) => this.#stream(wanted, table),
      (wanted, table) => this.#deletionProtection(wanted, table),
    ];
  }

  async rearm(wanted: Wanted): Promise<Observation> {
    const of = 'rearm';
    const { scratchTable } = wanted;
    if (!this.#names.allows(scratchTable)) {
      return { of, trouble: 'refused', message: this.#names.refusal(scratchTable) };
    }
    const table = await this.#tables.table(scratchTable);
    if (table === null) return { of, trouble: 'not-found', message: `There is no table ${scratchTable}.` };
    const waiting = waitingFor(table);
    if (waiting !== '') return { of, done: false, waitingFor: waiting };
    for (const step of this.#steps) {
      const begun = await step(wanted, table);
      if (begun !== null) return { of, done: false, waitingFor: begun };
    }
    return { of, done: true, waitingFor: '' };
  }

  async #tags({ source, drillId }: Wanted, table: TableDescription): Promise<string | null> {
    const arn = needed(table.TableArn, 'DescribeTable', 'TableArn');
    const tags = await this.#tables.tags(arn);
    const owner = drillId === null ? {} : { [drillTag]: drillId };
    const missing = Object.entries({ ...source.tags, ...owner }).filter(([key, value]) => tags[key] !== value);
    if (missing.length === 0) return null;
    const Tags = missing.map(([Key, Value]) => ({ Key, Value }));
    await this.#client.send(new TagResourceCommand({ ResourceArn: arn, Tags }));
    return 'tags';
  }

  async #timeToLive({ source, scratchTable }: Wanted): Promise<string | null> {
    if (source.ttl === null || (await this.#tables.timeToLive(scratchTable)) === source.ttl) return null;
    const TimeToLiveSpecification = { Enabled: true, AttributeName: source.ttl };
    await this.#client.send(new UpdateTimeToLiveCommand({ TableName: scratchTable, TimeToLiveSpecification }));
    return 'time to live';
  }

  async #pointInTimeRecovery({ source, scratchTable }: Wanted): Promise<string | null> {
    if (!source.pointInTimeRecovery) return null;
    const { PointInTimeRecoveryStatus } = await this.#tables.pointInTimeRecovery(scratchTable);
    if (PointInTimeRecoveryStatus === 'ENABLED') return null;
    await this.#client.send(
      new UpdateContinuousBackupsCommand({
        TableName: scratchTable,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    );
    return 'point-in-time recovery';
  }

  async #stream({ source, scratchTable }: Wanted, table: TableDescription): Promise<string | null> {
    if (source.stream === null || streamOf(table) === source.stream) return null;
    if (!isViewType(source.stream)) throw new AnswerIncomplete('DescribeTable', 'StreamViewType');
    const StreamSpecification = { StreamEnabled: true, StreamViewType: source.stream };
    await this.#client.send(new UpdateTableCommand({ TableName: scratchTable, StreamSpecification }));
    return 'stream';
  }

  async #deletionProtection({ source, scratchTable }: Wanted, table: TableDescription): Promise<string | null> {
    if (!source.deletionProtection || table.DeletionProtectionEnabled === true) return null;
    await this.#client.send(new UpdateTableCommand({ TableName: scratchTable, DeletionProtectionEnabled: true }));
    return 'deletion protection';
  }
}
