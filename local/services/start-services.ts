import { randomUUID } from 'node:crypto';
import { Timers } from '../clock/timers.ts';
import { emptyDeskFile } from '../state/desk-file.ts';
import { BackupService } from './backup/backup-service.ts';
import { BackupSettings } from './backup/backup-settings.ts';
import { BackupStore } from './backup/backup-store.ts';
import { LocalBackups } from './backup/backups.ts';
import { copyByHand } from './backup/copy-by-hand.ts';
import { EventBus } from './backup/event-bus.ts';
import { controlPlane } from './dynamodb/control/control-plane.ts';
import { createTables, dropTables } from './dynamodb/create-tables.ts';
import { DatabaseService } from './dynamodb/database-service.ts';
import { expirySweeper } from './dynamodb/expiry-sweeper.ts';
import { EngineConnection } from './dynamodb/engine-connection.ts';
import { latenessOf } from './dynamodb/lateness.ts';
import type { Database } from './dynamodb/start-database.ts';
import { followerTables } from './dynamodb/strict/follower-tables.ts';
import { StrictEngine } from './dynamodb/strict/strict-engine.ts';
import { startEndpoint } from './endpoint/endpoint.ts';
import { openGround } from './ground.ts';
import { FunctionService } from './lambda/function-service.ts';
import { Callers } from './permissions/callers.ts';
import type { Services, ServicesOptions } from './services.ts';
import { keepObject } from './s3/keep-object.ts';
import { ObjectService } from './s3/object-service.ts';
import { ObjectStore } from './s3/object-store.ts';
import { OutsideService } from './outside/outside-service.ts';
import { deliver } from './sns/delivery.ts';
import { Subscriptions } from './sns/subscriptions.ts';
import { TopicService } from './sns/topic-service.ts';
import { LocalQueues } from './sqs/local-queues.ts';
import { QueueService } from './sqs/queue-service.ts';
import { ParameterService } from './ssm/parameter-service.ts';
import { WrittenParameters } from './ssm/written-parameters.ts';
import { storedOutbox } from './stored-outbox.ts';

interface Opened {
  readonly tables: Database;
  readonly connection: EngineConnection;
  /** In front of the engine under the strict profile. */
  readonly hard: StrictEngine | null;
}

/**
 * Starts the AWS services of the local desk: the database engine with the tables of the template, queues, topics and outbox,
 * and the loopback endpoint in front of them. Finds in `dataDir` what an earlier desk acknowledged, however that one ended.
 *
 * @throws when the folder is in use by another desk, or when no database engine can be had (the message says what to do).
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { model, clock, faults, dataDir, killWorker, invoke, strict = null, wall } = options;
  const behind = strict === null ? [] : followerTables(model.tables);
  const log = options.log ?? ((message: string) => console.error(message));
  const ground = options.ground ?? (await openGround(dataDir, log));
  const { file, state, database: started } = ground;
  const leaveGround = async (): Promise<void> => {
    if (options.ground === undefined) await ground.close();
  };
  const deployed = model.tables.filter(({ adopted }) => adopted !== true);
  const open = async (): Promise<Opened> => {
    await dropTables(started.endpoint, behind);
    await createTables(started.endpoint, [...deployed, ...behind]);
    const connection = new EngineConnection(started.endpoint);
    const hard =
      strict === null ? null : new StrictEngine({ engine: connection, tables: model.tables, clock, wall, strict, log });
    await hard?.followers.rebuild(model.tables);
    return { tables: started, connection, hard };
  };
  const { tables, connection, hard } = await open().catch(async (error: unknown) => {
    await leaveGround();
    throw error;
  });

  const streamed = new Set(model.tables.filter((table) => table.streamArn !== null).map((table) => table.name));
  const listeners = new Set<(tableName: string) => void>();
  const announce = (tableName: string) => {
    if (streamed.has(tableName)) for (const listener of listeners) listener(tableName);
  };
  const callers = new Callers(model);
  const timers = new Timers(clock, log);
  const settings = new BackupSettings();
  const durations = () => settings.durations;
  const plane = controlPlane({
    model,
    file,
    clock,
    timers,
    connection,
    engineFile: tables.file,
    hidden: behind,
    durations,
  });
  const { book, reader, restorer, control } = plane;
  const beforeWrite = () => plane.past?.beforeWrite();
  const sweeper = expirySweeper({
    endpoint: tables.endpoint,
    tables: model.tables,
    clock,
    lateness: latenessOf(strict),
    beforeWrite,
    deleted(tableName, key) {
      hard?.expired(tableName, key);
      announce(tableName);
    },
    log,
  });
  const written = (tableName: string, body: unknown) => {
    announce(tableName);
    sweeper.written(tableName, body);
  };
  const queues = new LocalQueues(file, model.queues, clock, strict);
  const outbox = storedOutbox(file, clock);
  const subscriptions = new Subscriptions(file, model.topicSubscriptions);
  const { buckets } = model;
  const store = new ObjectStore(file);
  const databaseService = new DatabaseService({
    model,
    engine: hard ?? connection,
    control,
    beforeWrite,
    faults,
    killWorker,
    written,
  });
  const events = new EventBus({
    model,
    clock,
    queues,
    faults,
    strict,
    delaySeconds: () => settings.durations.eventDelaySeconds,
  });
  const backups = new LocalBackups(
    {
      model,
      clock,
      timers,
      tables: plane.tables,
      book,
      store: new BackupStore(file),
      settings,
      events,
      restorer,
      copy: (tableName) => reader?.copy(tableName) ?? databaseService.hold(() => copyByHand(plane.calls, tableName)),
      log,
    },
    state,
  );
  await control.resume();
  await backups.resume();
  const endpoint = await startEndpoint({
    database: databaseService,
    queues: new QueueService({ queues, models: model.queues, faults, killWorker }),
    topics: new TopicService({ model, subscriptions, outbox, queues, faults, killWorker, log }),
    functions: new FunctionService({ functions: model.functions, invoke }),
    parameters: new ParameterService(model.parameters, new WrittenParameters(state)),
    outside: new OutsideService({ outbox, faults, killWorker }),
    backups: new BackupService({ calls: backups.calls, faults, killWorker }),
    objects: new ObjectService({ buckets, store, clock, faults, killWorker }),
    callers,
    clock,
    log,
  });

  async function emptyTables(): Promise<void> {
    await hard?.followers.forget();
    for (const name of tables.file === null ? book.names() : []) await plane.tables.remove(name);
    connection.close();
    reader?.close();
    const all = [...deployed, ...behind];
    if (!(await tables.erase())) await dropTables(tables.endpoint, all);
    await createTables(tables.endpoint, all);
  }

  return {
    endpoint: endpoint.url,
    databaseEndpoint: tables.endpoint,
    queues,
    outbox,
    backups,
    state,
    get busy() {
      return (hard?.followers.busy ?? false) || restorer.busy || timers.busy || backups.busy;
    },
    catchUp: async () => hard?.followers.catchUp(),
    credentialsFor: (functionId, workerId) => callers.credentialsFor(functionId, workerId),
    operatorCredentials: () => callers.operator(),
    onTableWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    putObject(functionId, object) {
      keepObject({ buckets, store, clock }, callers.ofFunction(functionId), object);
    },
    publish(topicArn, subject, message) {
      const notification = { messageId: randomUUID(), subject, message, structure: null, attributes: {} };
      deliver({ outbox, queues, log }, subscriptions.ofTopic(topicArn), notification, 1);
    },
    async reset() {
      faults.clear();
      queues.rest();
      sweeper.reset();
      await restorer.stop();
      await timers.rest();
      await databaseService.hold(emptyTables);
      emptyDeskFile(file);
      book.clear();
      book.deploy(model.tables, clock.now());
      plane.past?.reset();
      settings.reset();
      restorer.resume();
      subscriptions.reload();
    },
    async stop() {
      await endpoint.stop();
      queues.rest();
      await sweeper.stop();
      await restorer.stop();
      await timers.rest();
      await hard?.followers.forget();
      connection.close();
      reader?.close();
      await leaveGround();
    },
  };
}
