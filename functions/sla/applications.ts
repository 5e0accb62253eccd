import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dueAttributes } from '../platform/due/due-index.ts';
import type { DueHints } from '../platform/due/hints.ts';
import { AlsoRefused, type Committer, LostRace } from '../platform/store/commit.ts';
import { type TransactItem, transact } from '../platform/store/transact.ts';
import { sumAttribute } from '../platform/store/head-sum.ts';
import { type Position, queryHeads, readItem } from '../platform/store/heads.ts';
import type { Application } from './domain/application.ts';
import { applicationKind, type KeptApplication, runningKind } from './item-kinds.ts';
import { applicationHeadKey, applicationKey, applicationList, runningKey } from './keys.ts';

const headOf = (id: string) => ({ PK: applicationKey(id), SK: applicationHeadKey });

/** Another application of the policy is not over. */
export class AppliedAlready extends Error {
  override readonly name = 'AppliedAlready';
}

/**
 * Applications of policies. A head counts what was moved in the transactions that move; its progress is written over exactly
 * the position that was read, so of two invocations at once one goes on and the other stops. None of that is committed, so the
 * sum that the head began with is taken off it.
 */
export class Applications {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;
  readonly #hints: Pick<DueHints, 'afterCommit'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    committer: Committer;
    hints: Pick<DueHints, 'afterCommit'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
    this.#hints = options.hints;
  }

  async find(id: string): Promise<KeptApplication | null> {
    const item = await readItem(this.#client, this.#table, headOf(id));
    return item === undefined ? null : applicationKind.read(item);
  }

  /** The application of a policy that is not over, or null. */
  async runningOf(policyId: string): Promise<string | null> {
    const item = await readItem(this.#client, this.#table, runningKey(policyId));
    if (item === undefined) return null;
    const { applicationId, live } = runningKind.read(item);
    return live ? applicationId : null;
  }

  /** The newest first. */
  async list(
    policyId: string,
    limit: number,
    after: Position | null,
  ): Promise<{ readonly items: readonly Application[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, {
      table: this.#table,
      list: applicationList(policyId),
      headKey: applicationHeadKey,
      descending: true,
      limit,
      after,
    });
    return { items: heads.map((item) => applicationKind.read(item)), next };
  }

  /** Begins an application, due at once. @throws AppliedAlready, AlreadyRecorded */
  async begin(application: Application, once: TransactItem | undefined): Promise<void> {
    const { id, policyId, startedAt, by, version: _version, ...fields } = application;
    const claim: TransactItem = {
      Put: {
        TableName: this.#table,
        Item: { ...runningKey(policyId), applicationId: id, live: true, ...runningKind.stamp },
        ConditionExpression: 'attribute_not_exists(PK) OR live = :over',
        ExpressionAttributeValues: { ':over': false },
      },
    };
    try {
      await this.#committer.commit({
        entity: { kind: 'slaApplication', id, key: applicationKey(id), headKey: applicationHeadKey },
        head: {
          id,
          policyId,
          startedAt,
          by,
          ...fields,
          queue: applicationList(policyId),
          queueSort: id,
          ...applicationKind.stamp,
          ...dueAttributes(applicationKey(id), startedAt, 'rest'),
        },
        readVersion: 0,
        readChain: '',
        event: { type: 'slaApplication.started', at: startedAt, actor: by, data: { id, policyId } },
        also: [claim],
        once,
      });
    } catch (error) {
      if (error instanceof AlsoRefused) throw new AppliedAlready();
      throw error;
    }
  }

  /** Counts one more ticket as moved, in the transaction that moves it. */
  counted(id: string): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: headOf(id),
        UpdateExpression: 'ADD moved :one REMOVE #sum',
        ConditionExpression: 'attribute_exists(PK)',
        ExpressionAttributeNames: { '#sum': sumAttribute },
        ExpressionAttributeValues: { ':one': 1 },
      },
    };
  }

  /** Keeps the progress of a walk and makes it due again at once. @throws LostRace when another invocation went on meanwhile */
  async advance(
    read: Application,
    next: Pick<Application, 'position' | 'pass' | 'movedBefore' | 'unchanged' | 'failed'>,
    now: string,
  ): Promise<void> {
    const due = dueAttributes(applicationKey(read.id), now, 'rest');
    try {
      await this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: headOf(read.id),
          UpdateExpression:
            'SET #state = :running, #position = :position, #pass = :pass, movedBefore = :movedBefore, unchanged = :unchanged, failed = :failed, dueAt = :now REMOVE dueAttempts, #sum',
          ConditionExpression: '#position = :readPosition AND #pass = :readPass AND attribute_exists(dueAt)',
          ExpressionAttributeNames: {
            '#state': 'state',
            '#position': 'position',
            '#pass': 'pass',
            '#sum': sumAttribute,
          },
          ExpressionAttributeValues: {
            ':running': 'running',
            ':position': next.position,
            ':pass': next.pass,
            ':movedBefore': next.movedBefore,
            ':unchanged': next.unchanged,
            ':failed': next.failed,
            ':now': now,
            ':readPosition': read.position,
            ':readPass': read.pass,
          },
        }),
      );
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) throw new LostRace(applicationKey(read.id), read.version);
      throw error;
    }
    await this.#hints.afterCommit([{ ...headOf(read.id), ...due }]);
  }

  /** Ends an application and makes room for another one of its policy. @throws LostRace */
  async end(
    read: Application,
    { state, unchanged, failed, endedAt }: Pick<Application, 'state' | 'unchanged' | 'failed'> & { endedAt: string },
  ): Promise<void> {
    const over: TransactItem = {
      Update: {
        TableName: this.#table,
        Key: headOf(read.id),
        UpdateExpression:
          'SET #state = :state, unchanged = :unchanged, failed = :failed, endedAt = :endedAt REMOVE dueShard, dueAt, dueLane, dueAttempts, #sum',
        ConditionExpression: '#position = :readPosition AND #pass = :readPass AND attribute_exists(dueAt)',
        ExpressionAttributeNames: { '#state': 'state', '#position': 'position', '#pass': 'pass', '#sum': sumAttribute },
        ExpressionAttributeValues: {
          ':state': state,
          ':unchanged': unchanged,
          ':failed': failed,
          ':endedAt': endedAt,
          ':readPosition': read.position,
          ':readPass': read.pass,
        },
      },
    };
    const release: TransactItem = {
      Put: {
        TableName: this.#table,
        Item: { ...runningKey(read.policyId), applicationId: read.id, live: false, ...runningKind.stamp },
        ConditionExpression: 'applicationId = :id',
        ExpressionAttributeValues: { ':id': read.id },
      },
    };
    const refused = await transact(this.#client, [over, release]);
    if (refused !== null) throw new LostRace(applicationKey(read.id), read.version);
  }
}
