import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { actorSchema } from '../platform/actor.ts';
import { queryPages } from '../platform/store/query-all.ts';
import { headMarkSchema } from './domain/digest-page.ts';
import { DigestProgressStore } from './progress-store.ts';
import type { VerifyPorts } from './use-cases/verify-history.ts';

/** Not the event's own schema, which brings old events into the shape of today: what was sealed is what is stored. */
const sealedSchema = z.object({
  version: z.number().int(),
  type: z.string(),
  at: z.string(),
  actor: actorSchema,
  data: z.record(z.string(), z.unknown()),
  salt: z.string(),
  digest: z.string(),
  hash: z.string(),
});

/** Everything that an entity's partition says of its history, consistently; half a read unit more than its items weigh. */
export const historyReader = (options: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): Pick<VerifyPorts, 'newest' | 'history'> => {
  const { client, table } = options;
  const progress = new DigestProgressStore(options);
  const itemsOf = async function* (key: string, from: string, to: string) {
    const query = { table, partition: key, range: { from, to }, consistent: true };
    for await (const page of queryPages(client, query)) yield* page;
  };
  return {
    newest: async () => (await progress.read())?.previous ?? null,
    history: {
      events: async function* (key) {
        for await (const item of itemsOf(key, 'EV#', 'EV#~')) yield sealedSchema.parse(item);
      },
      // The key of a head is one letter, or begins with one, behind those of bodies and events.
      head: async (key) => {
        for await (const item of itemsOf(key, 'F', 'Z')) {
          const head = headMarkSchema.safeParse({ ...item, key });
          if (head.success) return head.data;
        }
        return null;
      },
    },
  };
};
