import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { PeopleStore } from '../people/index.ts';
import * as z from 'zod';
import { positionSchema, queryPage } from '../platform/store/heads.ts';
import { queueOf } from './store.ts';

/** Where a walk over the running tickets stands: in a team's queue (`none`: of tickets without one), behind a ticket. */
export const walkPositionSchema = z.object({ team: z.string(), after: positionSchema.nullable() });
export type WalkPosition = z.infer<typeof walkPositionSchema>;

/**
 * The tickets that are not solved, a queue after the other. A ticket that moves while they are walked over may be met twice or
 * missed, as in any live list: who must have them all walks again until nothing is found.
 */
export class RunningTickets {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #people: Pick<PeopleStore, 'teamIds'>;

  constructor(options: {
    client: DynamoDBDocumentClient;
    table: string;
    people: Pick<PeopleStore, 'teamIds'>;
  }) {
    this.#client = options.client;
    this.#table = options.table;
    this.#people = options.people;
  }

  /** Up to so many tickets behind a position; `next` null: there are no more. */
  async page(
    position: WalkPosition | null,
    limit: number,
  ): Promise<{ readonly ticketIds: readonly string[]; readonly next: WalkPosition | null }> {
    const teams = ['none', ...(await this.#people.teamIds()).toSorted()];
    const ticketIds: string[] = [];
    let at: WalkPosition | null = position ?? { team: 'none', after: null };
    while (at !== null && ticketIds.length < limit) {
      const { team, after }: WalkPosition = at;
      const page = await queryPage(this.#client, {
        table: this.#table,
        index: 'queue',
        partition: { name: 'queue', value: queueOf(team === 'none' ? null : team) },
        sort: { name: 'queueSort', from: '0#', to: '1#~' },
        limit: limit - ticketIds.length,
        after,
      });
      ticketIds.push(...page.items.map((item) => String(item['PK']).slice('TKT#'.length)));
      const next = teams.find((one) => one !== 'none' && (team === 'none' || one > team));
      if (page.next !== null) at = { team, after: page.next };
      else at = next === undefined ? null : { team: next, after: null };
    }
    return { ticketIds, next: at };
  }
}
