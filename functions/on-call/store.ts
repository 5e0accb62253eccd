import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { AlreadyExists } from '../platform/errors.ts';
import { AlsoRefused, type Committer } from '../platform/store/commit.ts';
import type { TransactItem } from '../platform/store/transact.ts';
import { eventKind } from '../platform/store/event.ts';
import { type Position, queryHeads, readItem } from '../platform/store/heads.ts';
import { itemKind } from '../platform/store/item-kind.ts';
import { queryAll } from '../platform/store/query-all.ts';
import { replay, type RotaEvent, rotaEventSchema } from './domain/history.ts';
import { type Rota, rotaSchema } from './domain/rota.ts';
import type { ChangeOptions, ReadRota, Rotas } from './use-cases/ports.ts';

/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | rota head | `ROT#<id>` / `H` | by id; tells from its present shift on |
 * | its events | `ROT#<id>` / `EV#00000001` | who was on call before that |
 * | rota of a team | `ONCALL#<teamId>` / `R` | a team has one; whom its alerts are for |
 * | rotas that are live | index `queue`: `L#on-call-rota` / `<name>#<id>` | page by name |
 */
const rotaKey = (id: string) => ({ PK: `ROT#${id}`, SK: 'H' }) as const;
const teamKey = (teamId: string) => ({ PK: `ONCALL#${teamId}`, SK: 'R' }) as const;
export const rotaList = 'L#on-call-rota';

export const rotaKind = itemKind('on-call rota', rotaSchema.extend({ chain: z.string() }));
/** Stays when the rota is archived, without being live: nothing is ever deleted here. */
export const teamRotaKind = itemKind('rota of a team', z.object({ rotaId: z.string(), live: z.boolean() }));

export interface RotaPage {
  readonly items: readonly Rota[];
  readonly next: Position | null;
}

const readOf = (item: Record<string, unknown>): ReadRota => {
  const { chain, ...rota } = rotaKind.read(item);
  return { rota, chain };
};

/** The on-call rotas. What they read is consistent but for lists, which may be a second behind. */
export class OnCallRotas implements Rotas {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #committer: Pick<Committer, 'commit'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    committer: Pick<Committer, 'commit'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#committer = options.committer;
  }

  async find(id: string): Promise<ReadRota | null> {
    const item = await readItem(this.#client, this.#table, rotaKey(id));
    return item === undefined ? null : readOf(item);
  }

  /** The live rota of a team, as it tells of now (`onCallNow`) and later (`onCallAt`); null for a team without one. */
  async ofTeam(teamId: string): Promise<Rota | null> {
    const item = await readItem(this.#client, this.#table, teamKey(teamId));
    if (item === undefined) return null;
    const { rotaId, live } = teamRotaKind.read(item);
    if (!live) return null;
    const read = await this.find(rotaId);
    // Archived between the two reads.
    return read === null || read.rota.archivedAt !== null ? null : read.rota;
  }

  async history(id: string): Promise<Rota | null> {
    const items = await queryAll(this.#client, {
      table: this.#table,
      partition: rotaKey(id).PK,
      range: { from: 'EV#', to: 'EV#~' },
      consistent: true,
    });
    return replay(items.map((item) => rotaEventSchema.parse(eventKind.read(item))));
  }

  /** Live rotas by name. */
  async list(limit: number, after: Position | null): Promise<RotaPage> {
    const { heads, next } = await queryHeads(this.#client, { table: this.#table, list: rotaList, limit, after });
    return { items: heads.map((head) => readOf(head).rota), next };
  }

  async create(rota: Rota, event: RotaEvent, options: ChangeOptions): Promise<void> {
    try {
      await this.#write({ rota, chain: '' }, 0, event, options, [this.#claim(rota)]);
    } catch (error) {
      if (error instanceof AlsoRefused)
        throw new AlreadyExists(`The team ${rota.teamId} has an on-call rota already; change that one.`);
      throw error;
    }
  }

  async change({ rota: before, chain }: ReadRota, rota: Rota, event: RotaEvent, options: ChangeOptions): Promise<void> {
    const also = rota.archivedAt === null ? [] : [this.#release(rota)];
    await this.#write({ rota, chain }, before.version, event, options, also);
  }

  async #write(
    { rota, chain }: ReadRota,
    readVersion: number,
    event: RotaEvent,
    { actor, once }: ChangeOptions,
    also: readonly TransactItem[],
  ): Promise<void> {
    const { version: _version, ...fields } = rota;
    const listed = rota.archivedAt === null ? { queue: rotaList, queueSort: `${rota.name}#${rota.id}` } : {};
    await this.#committer.commit({
      entity: { kind: 'onCallRota', id: rota.id, key: rotaKey(rota.id).PK, headKey: rotaKey(rota.id).SK },
      head: { ...fields, ...listed, ...rotaKind.stamp },
      readVersion,
      readChain: chain,
      event: { ...event, actor },
      also,
      once,
    });
  }

  #claim({ id, teamId }: Rota): TransactItem {
    return {
      Put: {
        TableName: this.#table,
        Item: { ...teamKey(teamId), rotaId: id, live: true, ...teamRotaKind.stamp },
        ConditionExpression: 'attribute_not_exists(PK) OR live = :gone',
        ExpressionAttributeValues: { ':gone': false },
      },
    };
  }

  #release({ id, teamId }: Rota): TransactItem {
    return {
      Put: {
        TableName: this.#table,
        Item: { ...teamKey(teamId), rotaId: id, live: false, ...teamRotaKind.stamp },
        ConditionExpression: 'rotaId = :id',
        ExpressionAttributeValues: { ':id': id },
      },
    };
  }
}
