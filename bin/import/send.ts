import { createHash } from 'node:crypto';
import { answerSchema, problemText, type Result } from './answers.ts';
import type { DeskClient } from './desk-client.ts';
import { CommandFailure } from '../command/failure.ts';
import type { TicketPayload } from './ticket-payload.ts';

/** Statuses by which the desk refuses the content of a batch, not the caller. Nothing of the batch is stored then. */
const REFUSED_CONTENT: ReadonlySet<number> = new Set([400, 413, 422]);

/** The run is part of the key: a later run asks anew (and hears `unchanged`) and is not told the old answer again. */
const keyOf = (run: string, body: string): string =>
  `import-${createHash('sha256').update(`${run}\n${body}`).digest('hex').slice(0, 40)}`;

const pairUp = (batch: readonly TicketPayload[], results: readonly Result[]): readonly Result[] => {
  const byId = new Map(results.map((result) => [result.externalId, result]));
  return batch.map(({ externalId }) => {
    const result = byId.get(externalId);
    if (result === undefined) throw new CommandFailure(`the desk's answer to a batch says nothing about ${externalId}`);
    return result;
  });
};

/**
 * Sends one batch and answers one result per ticket. A batch refused for its content is sent again ticket by ticket, so that one bad ticket
 * rejects itself alone. May be called again for the same batch: the desk knows the key, and the tickets.
 * @throws CommandFailure when the desk refuses the caller (401, 403, 404) or stays away
 */
export const sendBatch = async (
  client: DeskClient,
  run: string,
  batch: readonly TicketPayload[],
): Promise<readonly Result[]> => {
  const body = JSON.stringify({ tickets: batch });
  const answer = await client({ method: 'POST', path: '/v1/tickets/import', body, idempotencyKey: keyOf(run, body) });
  if (answer.status >= 200 && answer.status < 300) {
    const parsed = answerSchema.safeParse(answer.body);
    if (!parsed.success)
      throw new CommandFailure('the desk answered a batch in a shape that this command does not know');
    return pairUp(batch, parsed.data.results);
  }
  const problem = problemText(answer.status, answer.body);
  const [only, ...others] = batch;
  if (!REFUSED_CONTENT.has(answer.status) || only === undefined)
    throw new CommandFailure(`the desk refused the import: ${problem}`);
  if (others.length === 0)
    return [{ externalId: only.externalId, outcome: 'rejected', ticketId: null, errors: [problem] }];
  const results: Result[] = [];
  for (const ticket of batch) results.push(...(await sendBatch(client, run, [ticket])));
  return results;
};

/**
 * Sends all batches, `concurrency` at once, in order. After the first failure no batch is begun, those under way are waited for.
 * @throws what the first failing batch threw
 */
export const sendAll = async (
  batches: readonly (readonly TicketPayload[])[],
  concurrency: number,
  send: (batch: readonly TicketPayload[]) => Promise<void>,
): Promise<void> => {
  const waiting = batches.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const batch of waiting) {
      if (failed) return;
      try {
        await send(batch);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const outcomes = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
};
