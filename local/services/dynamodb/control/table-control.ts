import type { Timers } from '../../../clock/timers.ts';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { CloudModel } from '../../../model.ts';
import { parseRequest } from '../../endpoint/json-answer.ts';
import { ServiceError } from '../../service-error.ts';
import { listTables, listTags, nameOf, tableRequest, tagResource, untagResource } from './control-requests.ts';
import { updateContinuousBackups, updateTable, updateTimeToLive } from './control-requests.ts';
import type { Durations } from './control-settings.ts';
import { describedTable } from './describe-table.ts';
import type { EngineReader } from './engine-reader.ts';
import type { EngineTables } from './engine-tables.ts';
import type { PointInTime } from './point-in-time.ts';
import type { TableMaker } from './table-maker.ts';
import { statusAt, type TableBook, type TableFacts } from './table-facts.ts';

export interface TableControlOptions {
  readonly model: CloudModel;
  readonly clock: VirtualClock;
  readonly tables: EngineTables;
  readonly book: TableBook;
  readonly reader: EngineReader | null;
  readonly maker: TableMaker;
  readonly pointInTime: PointInTime;
  readonly durations: () => Durations;
  /** Tables of the desk itself, which are not to be seen. */
  readonly isHidden: (tableName: string) => boolean;
  readonly timers: Timers;
}

const invalid = (message: string): ServiceError => new ServiceError('ValidationException', message);
const inUse = (name: string, what: string): ServiceError =>
  new ServiceError(
    'ResourceInUseException',
    `Attempt to change a resource which is still in use: Table is being ${what}: ${name}`,
  );
const beingDone = { CREATING: 'created', UPDATING: 'updated', DELETING: 'deleted', ACTIVE: '' } as const;

/** DynamoDB's control plane, as far as the desk's own, restored and other tables of the account need it. Tables are the engine's; their states and switches are kept here. */
export class TableControl {
  readonly #options: TableControlOptions;
  readonly #operations: Readonly<Record<string, (json: unknown) => unknown>>;

  constructor(options: TableControlOptions) {
    this.#options = options;
    const { maker, pointInTime } = options;
    this.#operations = {
      CreateTable: async (json) => ({ TableDescription: await this.describe(await maker.create(json)) }),
      DescribeTable: (json) => this.#describe(json),
      UpdateTable: (json) => this.#update(json),
      DeleteTable: (json) => this.#delete(json),
      ListTables: (json) => this.#list(json),
      DescribeTimeToLive: (json) => this.#describeTimeToLive(json),
      UpdateTimeToLive: (json) => this.#updateTimeToLive(json),
      DescribeContinuousBackups: (json) => this.#describeContinuousBackups(json),
      UpdateContinuousBackups: (json) => this.#updateContinuousBackups(json),
      RestoreTableToPointInTime: async (json) => ({
        TableDescription: await this.describe(await pointInTime.restore(json)),
      }),
      ListTagsOfResource: (json) => this.#listTags(json),
      TagResource: (json) => this.#tag(json),
      UntagResource: (json) => this.#untag(json),
    };
  }

  /** Null when the operation is not one of the control plane. @throws ServiceError */
  async answer(operation: string, json: unknown): Promise<unknown> {
    const done = Object.hasOwn(this.#operations, operation) ? this.#operations[operation] : undefined;
    return done === undefined ? null : done(json);
  }

  /** Whether items of a table can be read and written now. @throws ServiceError when it is being made or removed. */
  requireUsable(tableName: string): void {
    const { status } = this.#options.book.of(tableName);
    if (status === 'CREATING' || status === 'DELETING')
      throw new ServiceError('ResourceNotFoundException', 'Requested resource not found');
  }

  /** What an earlier desk had begun is finished. */
  async resume(): Promise<void> {
    const { book, maker, pointInTime } = this.#options;
    for (const name of book.names()) if (book.of(name).status === 'DELETING') this.#removeAt(name, 0);
    await maker.resume();
    await pointInTime.resume();
  }

  async describe(tableName: string): Promise<Record<string, unknown>> {
    const { tables, book, reader, clock, model } = this.#options;
    const engine = await tables.get(tableName);
    const measured = reader?.measure(tableName) ?? null;
    const streamArn = model.tables.find(({ name }) => name === tableName)?.streamArn ?? null;
    const arn = this.#arnOf(tableName);
    return describedTable({ engine, facts: book.of(tableName), arn, streamArn, measured, now: clock.now() });
  }

  #arnOf(tableName: string): string {
    const { region, accountId } = this.#options.model;
    return `arn:aws:dynamodb:${region}:${accountId}:table/${tableName}`;
  }

  async #describe(json: unknown): Promise<unknown> {
    const { TableName } = parseRequest(tableRequest, json, 'ValidationException');
    return { Table: await this.describe(nameOf(TableName)) };
  }

  /** The facts of a table that is there and can be changed. */
  async #changeable(tableName: string): Promise<TableFacts> {
    const { tables, book, clock } = this.#options;
    await tables.get(tableName);
    const facts = book.of(tableName);
    const status = statusAt(facts, clock.now());
    if (status !== 'ACTIVE') throw inUse(tableName, beingDone[status]);
    return facts;
  }

  async #update(json: unknown): Promise<unknown> {
    const request = parseRequest(updateTable, json, 'ValidationException');
    const { book, clock, tables, durations } = this.#options;
    const name = nameOf(request.TableName);
    await this.#changeable(name);
    const { StreamSpecification, DeletionProtectionEnabled } = request;
    if (StreamSpecification !== undefined) {
      const enabled = (await tables.get(name)).StreamSpecification?.StreamEnabled === true;
      if (enabled === StreamSpecification.StreamEnabled)
        throw invalid(
          enabled ? `Table already has an enabled stream: TableName: ${name}` : 'Table is not currently streaming',
        );
      await tables.update(name, { StreamSpecification });
    }
    book.change(name, {
      status: 'UPDATING',
      settlesAt: clock.now() + durations().tableUpdateSeconds * 1000,
      ...(DeletionProtectionEnabled !== undefined && { deletionProtection: DeletionProtectionEnabled }),
    });
    return { TableDescription: await this.describe(name) };
  }

  async #delete(json: unknown): Promise<unknown> {
    const name = nameOf(parseRequest(tableRequest, json, 'ValidationException').TableName);
    const { book, clock, durations } = this.#options;
    const { deletionProtection } = await this.#changeable(name);
    if (deletionProtection)
      throw invalid(
        'Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.',
      );
    book.change(name, { status: 'DELETING' });
    const TableDescription = await this.describe(name);
    this.#removeAt(name, clock.now() + durations().tableDeleteSeconds * 1000);
    return { TableDescription };
  }

  #removeAt(name: string, at: number): void {
    const { timers, tables, book } = this.#options;
    timers.at(at, async () => {
      await tables.remove(name);
      book.remove(name);
    });
  }

  async #list(json: unknown): Promise<unknown> {
    const { ExclusiveStartTableName, Limit } = parseRequest(listTables, json, 'ValidationException');
    const all = (await this.#options.tables.names()).filter((name) => !this.#options.isHidden(name)).toSorted();
    const rest = all.filter((name) => ExclusiveStartTableName === undefined || name > ExclusiveStartTableName);
    const TableNames = rest.slice(0, Limit);
    return { TableNames, ...(rest.length > Limit && { LastEvaluatedTableName: TableNames.at(-1) }) };
  }

  async #describeTimeToLive(json: unknown): Promise<unknown> {
    const name = nameOf(parseRequest(tableRequest, json, 'ValidationException').TableName);
    const { tables, book, clock } = this.#options;
    await tables.get(name);
    const { ttl } = book.of(name);
    if (ttl === null) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
    const settled = clock.now() >= ttl.settlesAt;
    if (!ttl.enabled && settled) return { TimeToLiveDescription: { TimeToLiveStatus: 'DISABLED' } };
    const TimeToLiveStatus = ttl.enabled ? (settled ? 'ENABLED' : 'ENABLING') : 'DISABLING';
    return { TimeToLiveDescription: { TimeToLiveStatus, AttributeName: ttl.attribute } };
  }

  async #updateTimeToLive(json: unknown): Promise<unknown> {
    const request = parseRequest(updateTimeToLive, json, 'ValidationException');
    const { AttributeName, Enabled } = request.TimeToLiveSpecification;
    const name = nameOf(request.TableName);
    const { book, clock, durations } = this.#options;
    const { ttl } = await this.#changeable(name);
    const enabled = ttl?.enabled === true;
    if (ttl !== null && clock.now() < ttl.settlesAt)
      throw invalid('Time to live has been modified multiple times within a fixed interval');
    if (enabled === Enabled) throw invalid(`TimeToLive is already ${Enabled ? 'enabled' : 'disabled'}`);
    if (enabled && ttl?.attribute !== AttributeName)
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${ttl?.attribute}`);
    const settlesAt = clock.now() + durations().tableUpdateSeconds * 1000;
    book.change(name, { ttl: { attribute: AttributeName, enabled: Enabled, settlesAt } });
    return { TimeToLiveSpecification: { AttributeName, Enabled } };
  }

  async #describeContinuousBackups(json: unknown): Promise<unknown> {
    const name = nameOf(parseRequest(tableRequest, json, 'ValidationException').TableName);
    if ((await this.#options.tables.find(name)) === null)
      throw new ServiceError('TableNotFoundException', `Table not found: ${name}`);
    return { ContinuousBackupsDescription: this.#options.pointInTime.description(name) };
  }

  async #updateContinuousBackups(json: unknown): Promise<unknown> {
    const request = parseRequest(updateContinuousBackups, json, 'ValidationException');
    const name = nameOf(request.TableName);
    const { tables, book, clock, pointInTime } = this.#options;
    if ((await tables.find(name)) === null)
      throw new ServiceError('TableNotFoundException', `Table not found: ${name}`);
    const facts = book.of(name);
    // A table that has just become active has no continuous backups yet.
    if (statusAt(facts, clock.now()) === 'CREATING')
      throw new ServiceError(
        'ContinuousBackupsUnavailableException',
        `Backups are being enabled for the table: ${name}. Please retry later`,
      );
    const wanted = request.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled;
    book.change(name, { pastSince: wanted ? (facts.pastSince ?? clock.now()) : null });
    return { ContinuousBackupsDescription: pointInTime.description(name) };
  }

  async #tagged(arn: string): Promise<{ name: string; facts: TableFacts }> {
    const name = nameOf(arn);
    if ((await this.#options.tables.find(name)) === null)
      throw new ServiceError('ResourceNotFoundException', `Requested resource not found: ResourcArn: ${arn} not found`);
    return { name, facts: this.#options.book.of(name) };
  }

  async #listTags(json: unknown): Promise<unknown> {
    const { facts } = await this.#tagged(parseRequest(listTags, json, 'ValidationException').ResourceArn);
    return { Tags: Object.entries(facts.tags).map(([Key, Value]) => ({ Key, Value })) };
  }

  async #tag(json: unknown): Promise<unknown> {
    const { ResourceArn, Tags } = parseRequest(tagResource, json, 'ValidationException');
    const { name, facts } = await this.#tagged(ResourceArn);
    const added = Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]));
    this.#options.book.change(name, { tags: { ...facts.tags, ...added } });
    return {};
  }

  async #untag(json: unknown): Promise<unknown> {
    const { ResourceArn, TagKeys } = parseRequest(untagResource, json, 'ValidationException');
    const { name, facts } = await this.#tagged(ResourceArn);
    const kept = Object.entries(facts.tags).filter(([key]) => !TagKeys.includes(key));
    this.#options.book.change(name, { tags: Object.fromEntries(kept) });
    return {};
  }
}
