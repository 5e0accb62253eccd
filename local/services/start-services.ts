import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { emptyDeskFile, openDeskFile } from '../state/desk-file.ts';
import { localState } from '../state/local-state.ts';
import { createTables, dropTables } from './dynamodb/create-tables.ts';
import { DatabaseService } from './dynamodb/database-service.ts';
import { expirySweeper } from './dynamodb/expiry-sweeper.ts';
import { EngineConnection } from './dynamodb/forward.ts';
import { type Database, startDatabase } from './dynamodb/start-database.ts';
import { startEndpoint } from './endpoint/endpoint.ts';
import { Callers } from './permissions/callers.ts';
import type { Services, ServicesOptions } from './services.ts';
import { BucketService } from './s3/bucket-service.ts';
import { ObjectFiles } from './s3/object-files.ts';
import { deliver } from './sns/delivery.ts';
import { Subscriptions } from './sns/subscriptions.ts';
import { TopicService } from './sns/topic-service.ts';
import { LocalQueues } from './sqs/local-queues.ts';
import { QueueService } from './sqs/queue-service.ts';
import { storedOutbox } from './stored-outbox.ts';

/**
 * Starts the AWS services of the local desk: the database engine with the tables of the template, queues, topics and outbox,
 * and the loopback endpoint in front of them. Finds in `dataDir` what an earlier desk acknowledged, however that one ended.
 *
 * @throws when the folder is in use by another desk, or when no database engine can be had (the message says what to do).
 */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const { model, clock, faults, dataDir, killWorker } = options;
  const log = options.log ?? ((message: string) => console.error(message));
  const file = openDeskFile(dataDir);
  let database: Database | null = null;
  try {
    database = await startDatabase({ dataDir, log });
    await createTables(database.endpoint, model.tables);
  } catch (error) {
    file.close();
    await database?.stop();
    throw error;
  }
  const tables = database;

  const streamed = new Set(model.tables.filter((table) => table.streamArn !== null).map((table) => table.name));
  const listeners = new Set<(tableName: string) => void>();
  const announce = (tableName: string) => {
    if (streamed.has(tableName)) for (const listener of listeners) listener(tableName);
  };
  const sweeper = expirySweeper(tables.endpoint, model.tables, clock, announce, log);
  const written = (tableName: string, body: unknown) => {
    announce(tableName);
    sweeper.written(tableName, body);
  };

  const callers = new Callers(model);
  const engine = new EngineConnection(tables.endpoint);
  const queues = new LocalQueues(file, model.queues, clock);
  const outbox = storedOutbox(file, clock);
  const subscriptions = new Subscriptions(file, model.topicSubscriptions);
  const databaseService = new DatabaseService({ model, engine, faults, killWorker, written });
  const objects = new ObjectFiles(join(options.filesDir, 'buckets'));
  const endpoint = await startEndpoint({
    database: databaseService,
    queues: new QueueService({ queues, models: model.queues, faults, killWorker }),
    topics: new TopicService({ model, subscriptions, outbox, queues, faults, killWorker, log }),
    buckets: new BucketService({ buckets: model.buckets, files: objects }),
    callers,
    clock,
    log,
  });

  async function emptyTables(): Promise<void> {
    engine.close();
    if (!(await tables.erase())) await dropTables(tables.endpoint, model.tables);
    await createTables(tables.endpoint, model.tables);
  }

  return {
    endpoint: endpoint.url,
    databaseEndpoint: tables.endpoint,
    queues,
    outbox,
    objects,
    state: localState(file),
    credentialsFor: (functionId, workerId) => callers.credentialsFor(functionId, workerId),
    onTableWrite(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish(topicArn, subject, message) {
      const notification = { messageId: randomUUID(), subject, message, structure: null, attributes: {} };
      deliver({ outbox, queues, log }, subscriptions.ofTopic(topicArn), notification, 1);
    },
    async reset() {
      faults.clear();
      queues.rest();
      sweeper.reset();
      await databaseService.hold(emptyTables);
      emptyDeskFile(file);
      objects.clear();
      subscriptions.reload();
    },
    async stop() {
      await endpoint.stop();
      queues.rest();
      await sweeper.stop();
      engine.close();
      await tables.stop();
      file.close();
    },
  };
}
