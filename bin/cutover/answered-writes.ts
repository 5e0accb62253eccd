import * as z from 'zod';
import type { RecordedAnswer } from '../../functions/platform/store/once.ts';

/** What an answer that an Idempotency-Key replays says to be there. */
export type AnsweredWrite =
  /** An event of this version, which was recorded when the answer was. */
  | { readonly of: 'event'; readonly partition: string; readonly version: number }
  /** Anything in this partition: what has no versions is known by its id, which is never given twice. */
  | { readonly of: 'partition'; readonly partition: string }
  | { readonly of: 'acknowledgement'; readonly alertId: string; readonly acknowledgement: unknown };

/** The partition of an entity, by what its id begins with; as the key tables of the contexts have it. */
const partitions: Readonly<Record<string, string>> = {
  tkt: 'TKT#',
  cus: 'CUS#',
  ctc: 'CTC#',
  tem: 'TEM#',
  agt: 'AGT#',
  sub: 'SUB#',
  rot: 'ROT#',
  cal: 'CAL#',
  slp: 'SLP#',
  sla: 'SLA#',
  cac: 'CAC#',
  drl: 'DRL#',
  dpl: 'DPL#',
  svc: 'SVC#',
};
/** Kept in the kpis table, which the disaster did not touch. */
const elsewhere = new Set(['rcm']);

const idSchema = z.string().regex(/^[a-z]{3}_[0-9A-Z]{26}$/);
const bodySchema = z.object({
  id: idSchema,
  version: z.int().positive().optional(),
  acknowledgement: z.unknown().optional(),
});
const importSchema = z.object({ results: z.array(z.object({ ticketId: z.string().nullable() })) });

const kindOf = (id: string): string => id.slice(0, 3);
const partitionOf = (id: string): string | null => {
  const prefix = partitions[kindOf(id)];
  return prefix === undefined ? null : `${prefix}${id}`;
};

const versionOf = ({ headers }: RecordedAnswer): number | null => {
  const found = /^"(\d+)"$/.exec(headers['etag'] ?? '')?.[1];
  return found === undefined ? null : Number(found);
};

/** The ids in the address of what was made: of a rota and its override, the rota's first. */
const idsInLocation = ({ headers }: RecordedAnswer): readonly string[] =>
  (headers['location'] ?? '').split('/').filter((part) => idSchema.safeParse(part).success);

const writeOf = (partition: string, version: number | null): AnsweredWrite =>
  version === null ? { of: 'partition', partition } : { of: 'event', partition, version };

/**
 * The writes that an answer stands for; none when they are not of the operations table. Null when it is not understood: it may
 * be an answer of a later version of this product.
 */
export const answeredWrites = (answer: RecordedAnswer): readonly AnsweredWrite[] | null => {
  const imported = importSchema.safeParse(answer.body);
  if (imported.success)
    return imported.data.results.flatMap(({ ticketId }) => {
      const partition = ticketId === null ? null : partitionOf(ticketId);
      return partition === null ? [] : [writeOf(partition, null)];
    });
  const body = bodySchema.safeParse(answer.body);
  if (!body.success) return null;
  const { id, version, acknowledgement } = body.data;
  if (elsewhere.has(kindOf(id))) return [];
  if (kindOf(id) === 'alt') return [{ of: 'acknowledgement', alertId: id, acknowledgement }];
  const own = partitionOf(id);
  if (own !== null) return [writeOf(own, versionOf(answer) ?? version ?? null)];
  // What is part of another entity (an override of a rota) is an event of that one.
  const whole = idsInLocation(answer).flatMap((other) => partitionOf(other) ?? [])[0];
  return whole === undefined ? null : [writeOf(whole, versionOf(answer))];
};

/** The ticket number that an answer gave out, or 0. */
export const numberIn = ({ body }: RecordedAnswer): number => {
  const number = z.object({ number: z.string() }).safeParse(body).data?.number;
  return Number(/^T-(\d+)$/.exec(number ?? '')?.[1] ?? 0);
};
