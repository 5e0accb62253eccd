import type { VirtualClock } from '../clock/virtual-clock.ts';
import type { Faults } from '../faults/faults.ts';
import type { CloudModel } from '../model.ts';
import type { Strict } from '../strict.ts';
import type { LocalState } from '../state/local-state.ts';
import type { Outcome } from '../workers/outcome.ts';
import type { Backups } from './backup/backups.ts';
import type { Ground } from './ground.ts';
import type { Outbox } from './outbox.ts';
import type { Queues } from './sqs/queues.ts';

/** Credentials of one worker, or of the operator: the permission check finds the role by the access key. */
export interface WorkerCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface ServicesOptions {
  readonly model: CloudModel;
  readonly clock: VirtualClock;
  readonly faults: Faults;
  /** Folder for all state, or null to keep everything in memory. */
  readonly dataDir: string | null;
  /** Kills the worker that made a call, at once (crash faults on a service). */
  readonly killWorker: (accessKeyId: string) => void;
  /** What the services stand on, and leave open when they stop; left out: they open it and close it. */
  readonly ground?: Ground;
  /** Null = the database is as comfortable as one machine is; null when left out. */
  readonly strict?: Strict | null;
  /** Invokes a function of the template and waits for its end, for callers of Lambda's API. */
  readonly invoke: (functionId: string, event: unknown) => Promise<Outcome>;
  /** Wall time in ms for the throughput of keys; the process's own when left out. */
  readonly wall?: () => number;
  /** Gets a line for each denied call and each failure of a service; standard error when left out. */
  readonly log?: (message: string) => void;
}

/** The AWS services of the local desk behind one loopback address (the value of AWS_ENDPOINT_URL). */
export interface Services {
  readonly endpoint: string;
  /** The database engine itself, without permission check: for stream sources, tests and the reset. */
  readonly databaseEndpoint: string;
  readonly queues: Queues;
  readonly outbox: Outbox;
  /** AWS Backup, past its API: for the schedules of plans and the control route. */
  readonly backups: Backups;
  /** What the host keeps across restarts (stream checkpoints, the clock); `reset` empties it. */
  readonly state: LocalState;
  /** Whether something goes on that nobody waits for: writes that arrive late, tables that are being filled or removed. */
  readonly busy: boolean;
  /** What is written is seen in every index now, as after a pause. */
  catchUp(): Promise<void>;
  /** Issues credentials for one worker of a function; `workerId` is unique among the living. */
  credentialsFor(functionId: string, workerId: string): WorkerCredentials;
  /** Credentials of a person with an operator's permissions. */
  operatorCredentials(): WorkerCredentials;
  /** Calls `listener` after each committed write to a table that has a stream. Returns an unsubscribe function. */
  onTableWrite(listener: (tableName: string) => void): () => void;
  /**
   * Puts an object with the role of a function, as Lambda does with what a stream mapping gives up.
   * @throws ServiceError when the role may not, or the bucket is not there.
   */
  putObject(functionId: string, object: { bucket: string; key: string; body: string }): void;
  /** Publishes to a topic of the template, as a service of AWS does: an alarm that rings. */
  publish(topicArn: string, subject: string, message: string): void;
  /** Back to the state after a fresh start: tables recreated, queues, outbox and API-made subscriptions emptied. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}
