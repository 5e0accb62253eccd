import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../platform/actor.ts';
import type { Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { type Position, queryHeads, readItem, readItems } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { type CorrectiveAction, correctiveActionSchema, stands } from './domain/corrective-action.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | corrective action | `CAC#<id>` / `H` | by id |
 * | its events | `CAC#<id>` / `EV#00000001` | history |
 * | list | index `queue`: `L#corrective-action` / `<due day>#<id>` | page by due day |
 * | actions of a violation | `VIO#<violation id>` / `ACTIONS` | which actions there are for these violations, a hundred a call |
 *
 * A violation itself is a fact of the KPI `sla-violations`; here is only what was decided about it.
 */
const listKey = 'L#corrective-action';
const key = (id: string): string => `CAC#${id}`;
const linkKey = (violationId: string) => ({ PK: `VIO#${violationId}`, SK: 'ACTIONS' });

export const correctiveActionKind = itemKind('corrective action', correctiveActionSchema.extend({ chain: z.string() }));
export const violationActionsKind = itemKind(
  'actions of a violation',
  z.object({ PK: z.string(), actions: z.set(z.string()).optional() }),
);

export interface ReadAction {
  readonly action: CorrectiveAction;
  readonly chain: string;
}

/** What a change of an action says in its history. */
export interface ActionEvent {
  readonly type: `correctiveAction.${string}`;
  readonly actor: Actor;
  readonly data: Readonly<Record<string, unknown>>;
}

const atOnce = 100;

export class CorrectiveActionStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Committer;

  constructor(options: { client: DynamoDBDocumentClient; table: string; committer: Committer }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async find(id: string): Promise<ReadAction | null> {
    const item = await readItem(this.#client, this.#table, { PK: key(id), SK: 'H' });
    if (item === undefined) return null;
    const { chain, ...action } = correctiveActionKind.read(item);
    return { action, chain };
  }

  /** Those of these actions that exist, perhaps a moment old. */
  async findAll(ids: readonly string[]): Promise<readonly CorrectiveAction[]> {
    const found: CorrectiveAction[] = [];
    for (let start = 0; start < ids.length; start += atOnce) {
      const keys = ids.slice(start, start + atOnce).map((id) => ({ PK: key(id), SK: 'H' }));
      for (const item of await readItems(this.#client, this.#table, keys))
        found.push(correctiveActionSchema.parse(correctiveActionKind.read(item)));
    }
    return found;
  }

  /** Those of these actions that stand against a repetition. */
  async standing(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return new Set((await this.findAll(ids)).filter(({ state }) => stands(state)).map(({ id }) => id));
  }

  /** A page by due day, the earliest first. */
  async list(
    limit: number,
    after: Position | null,
  ): Promise<{ readonly actions: readonly CorrectiveAction[]; readonly next: Position | null }> {
    const { heads, next } = await queryHeads(this.#client, { table: this.#table, list: listKey, limit, after });
    return { actions: heads.map((head) => correctiveActionSchema.parse(correctiveActionKind.read(head))), next };
  }

  /** The actions that name each of these violations; one that none names is not in the answer. Perhaps a moment old. */
  async ofViolations(violationIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const found = new Map<string, readonly string[]>();
    for (let start = 0; start < violationIds.length; start += atOnce) {
      const keys = violationIds.slice(start, start + atOnce).map(linkKey);
      for (const item of await readItems(this.#client, this.#table, keys)) {
        const { PK, actions } = violationActionsKind.read(item);
        if (actions !== undefined) found.set(PK.slice('VIO#'.length), [...actions].sort());
      }
    }
    return found;
  }

  /**
   * Writes an action over the one that was read (null: it is new), with its event and the links of the violations that it
   * names now and no longer names. @throws LostRace, AlreadyRecorded, Busy
   */
  async commit(
    before: ReadAction | null,
    action: CorrectiveAction,
    event: ActionEvent,
    once: TransactItem | undefined,
  ): Promise<void> {
    const { version: _version, ...attributes } = action;
    const named = new Set(before?.action.violationIds ?? []);
    const names = new Set(action.violationIds);
    await this.#committer.commit({
      entity: { kind: 'corrective action', id: action.id, key: key(action.id), headKey: 'H' },
      head: {
        ...attributes,
        queue: listKey,
        queueSort: `${action.dueOn}#${action.id}`,
        ...correctiveActionKind.stamp,
      },
      readVersion: before?.action.version ?? 0,
      readChain: before?.chain ?? '',
      event: { ...event, at: action.updatedAt },
      also: [
        ...[...names.difference(named)].map((violationId) => this.#link('ADD', violationId, action.id)),
        ...[...named.difference(names)].map((violationId) => this.#link('DELETE', violationId, action.id)),
      ],
      once,
    });
  }

  #link(verb: 'ADD' | 'DELETE', violationId: string, actionId: string): TransactItem {
    return {
      Update: {
        TableName: this.#table,
        Key: linkKey(violationId),
        UpdateExpression: `${verb} #actions :action`,
        ExpressionAttributeNames: { '#actions': 'actions' },
        ExpressionAttributeValues: { ':action': new Set([actionId]) },
      },
    };
  }
}
