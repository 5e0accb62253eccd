import type { Timers } from '../../../clock/timers.ts';
import type { VirtualClock } from '../../../clock/virtual-clock.ts';
import type { CloudModel } from '../../../model.ts';
import { parseRequest } from '../../endpoint/json-answer.ts';
import { ServiceError } from '../../service-error.ts';
import { nameOf, restoreToPointInTime } from './control-requests.ts';
import type { Durations } from './control-settings.ts';
import { definitionOf, type EngineTables } from './engine-tables.ts';
import type { PastStates } from './past-states.ts';
import type { TableBook } from './table-facts.ts';
import type { Restoration, TableRestorer } from './table-restorer.ts';

export interface PointInTimeOptions {
  readonly model: CloudModel;
  readonly clock: VirtualClock;
  readonly tables: EngineTables;
  readonly book: TableBook;
  /** Null where the engine keeps no log that can be read. */
  readonly past: PastStates | null;
  readonly restorer: TableRestorer;
  readonly durations: () => Durations;
  readonly timers: Timers;
}

/**
 * Point-in-time recovery, to whole seconds, of tables whose stream keeps old images: the desk has no other log of what was before
 * (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html).
 */
export class PointInTime {
  readonly #options: PointInTimeOptions;

  constructor(options: PointInTimeOptions) {
    this.#options = options;
  }

  description(tableName: string): Record<string, unknown> {
    const window = this.#window(tableName);
    return {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription:
        window === null
          ? { PointInTimeRecoveryStatus: 'DISABLED' }
          : {
              PointInTimeRecoveryStatus: 'ENABLED',
              RecoveryPeriodInDays: 35,
              EarliestRestorableDateTime: window.earliest / 1000,
              LatestRestorableDateTime: window.latest / 1000,
            },
    };
  }

  /** Begins a restore; the name of the new table. @throws ServiceError */
  async restore(json: unknown): Promise<string> {
    const request = parseRequest(restoreToPointInTime, json, 'ValidationException');
    const { tables, restorer } = this.#options;
    const { TargetTableName: target, SSESpecificationOverride: encryption } = request;
    const source = nameOf(request.SourceTableArn ?? request.SourceTableName ?? '');
    const found = await tables.find(source);
    if (found === null) throw new ServiceError('TableNotFoundException', `Table not found: ${source}`);
    const instant = this.#instantOf(source, request);
    if (await restorer.exists(target))
      throw new ServiceError('TableAlreadyExistsException', `Table already exists: ${target}`);
    const { StreamEnabled, StreamViewType } = found.StreamSpecification ?? { StreamEnabled: false };
    if (StreamEnabled !== true || StreamViewType !== 'NEW_AND_OLD_IMAGES')
      throw new ServiceError(
        'PointInTimeRecoveryUnavailableException',
        `The local desk keeps the past of tables with a stream of NEW_AND_OLD_IMAGES only, and ${source} has none`,
      );
    await this.#begin(source, target, instant, encryption?.KMSMasterKeyId ?? null);
    return target;
  }

  /** What an earlier desk had begun starts anew. */
  async resume(): Promise<void> {
    const { book } = this.#options;
    for (const target of book.names()) {
      const { status, restore, kmsKeyArn } = book.of(target);
      if (status !== 'CREATING' || restore === null || restore.sourceBackupArn !== null) continue;
      await this.#begin(nameOf(restore.sourceTableArn), target, restore.restoredTo, kmsKeyArn);
    }
  }

  async #begin(source: string, target: string, instant: number, kmsKeyArn: string | null): Promise<void> {
    const { model, tables, restorer, clock, durations, past, timers } = this.#options;
    if (past === null)
      throw new ServiceError('PointInTimeRecoveryUnavailableException', 'This database engine keeps no past');
    const copy = past.at(source, instant);
    const restoration: Restoration = {
      tableName: target,
      definition: definitionOf(await tables.get(source)),
      restore: {
        sourceBackupArn: null,
        sourceTableArn: `arn:aws:dynamodb:${model.region}:${model.accountId}:table/${source}`,
        restoredTo: instant,
      },
      kmsKeyArn,
      items: () => copy.items,
    };
    await restorer.begin(restoration);
    const filled = restorer.putItems(restoration).then(
      () => true,
      () => false,
    );
    timers.at(clock.now() + durations().restoreSeconds * 1000, async () => {
      // A desk that stops begins anew at its next start.
      if (await filled) restorer.finish(target);
    });
  }

  #window(tableName: string): { readonly earliest: number; readonly latest: number } | null {
    const { book, past, clock, durations } = this.#options;
    const since = book.of(tableName).pastSince;
    if (since === null) return null;
    const earliest = past?.earliest(since) ?? Math.ceil(since / 1000) * 1000;
    const latest = Math.floor(clock.now() / 1000 - durations().pitrLagSeconds) * 1000;
    return { earliest, latest: Math.max(earliest, latest) };
  }

  #instantOf(
    source: string,
    request: { readonly RestoreDateTime?: number | undefined; readonly UseLatestRestorableTime?: boolean | undefined },
  ): number {
    const window = this.#window(source);
    if (window === null)
      throw new ServiceError(
        'PointInTimeRecoveryUnavailableException',
        `Point in time recovery is not enabled for table '${source}'`,
      );
    const { RestoreDateTime, UseLatestRestorableTime = false } = request;
    if (UseLatestRestorableTime === (RestoreDateTime !== undefined))
      throw new ServiceError(
        'ValidationException',
        'Exactly one of RestoreDateTime and UseLatestRestorableTime must be given',
      );
    const instant = RestoreDateTime === undefined ? window.latest : Math.floor(RestoreDateTime) * 1000;
    if (instant < window.earliest || instant > window.latest)
      throw new ServiceError(
        'InvalidRestoreTimeException',
        `RestoreDateTime must be between ${new Date(window.earliest).toISOString()} and ${new Date(window.latest).toISOString()}`,
      );
    return instant;
  }
}
