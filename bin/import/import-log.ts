import { inBatches } from './batches.ts';
import { type DeskClient, deskClient } from './desk-client.ts';
import { CommandFailure } from '../command/failure.ts';
import { type Done, openJournal } from './journal.ts';
import type { ImportOptions } from './options.ts';
import { type Output, type Progress, showProgress } from './progress.ts';
import { describe, gatherRejects, writeRejects } from './rejects.ts';
import { sendAll, sendBatch } from './send.ts';
import { type BadRow, readLog } from './servicenow-log/read-log.ts';
import { toTickets } from './servicenow-log/to-ticket.ts';
import { summarise } from './summary.ts';
import { contentHash, type TicketPayload } from './ticket-payload.ts';
import { tokenSource } from './token.ts';

const FAULTS_SHOWN = 20;

const reportBadRows = (badRows: readonly BadRow[], stderr: Output): void => {
  for (const row of badRows.slice(0, FAULTS_SHOWN)) {
    const incident = row.number === null ? 'no incident can be told' : `${row.number} is left out`;
    for (const text of describe(row)) stderr.write(`${text} (${incident})\n`);
  }
  if (badRows.length > FAULTS_SHOWN)
    stderr.write(`... and ${badRows.length - FAULTS_SHOWN} more bad rows, all in the rejects file\n`);
};

/** A desk that was reset since the interruption does not know the last ticket of the journal any more: then everything is sent again. */
const stillThere =
  (client: DeskClient) =>
  async (done: readonly Done[]): Promise<boolean> => {
    const last = done.findLast(({ ticketId }) => ticketId !== null);
    if (last === undefined) return false;
    return (await client({ method: 'GET', path: `/v1/tickets/${last.ticketId}` })).status === 200;
  };

const sendRemaining = async (
  remaining: readonly TicketPayload[],
  options: ImportOptions,
  client: DeskClient,
  run: string,
  progress: Progress,
  record: (done: readonly Done[]) => void,
): Promise<void> =>
  sendAll(inBatches(remaining, options.batch), options.concurrency, async (batch) => {
    const results = await sendBatch(client, run, batch);
    record(
      batch.flatMap((ticket, index) => (results[index] ? [{ ...results[index], hash: contentHash(ticket) }] : [])),
    );
    progress.advance(batch.length);
  });

/**
 * Imports the log and prints the summary; answers the number of rejected rows.
 * May be stopped and run again at any moment: the journal knows what is done, and the desk knows what it has.
 * @throws CommandFailure when the file, the desk or the token does not allow it
 */
export const importLog = async (options: ImportOptions, stdout: Output, stderr: Output): Promise<number> => {
  const began = Date.now();
  const log = await readLog(options.file);
  reportBadRows(log.badRows, stderr);
  const tickets = toTickets(log.incidents);

  let note = (text: string): void => void stderr.write(`${text}\n`);
  const client = deskClient({
    url: options.url,
    token: await tokenSource(options.url, options.token),
    onRetry: (why, wait) => note(`${why}: trying again in ${(wait / 1000).toFixed(1)} s`),
  });
  const journal = await openJournal(options.journal, options.url, stillThere(client));
  const answers = new Map<string, Done>();
  for (const ticket of tickets) {
    const done = journal.done.get(ticket.externalId);
    if (done !== undefined && done.hash === contentHash(ticket)) answers.set(ticket.externalId, done);
  }
  const already = answers.size;
  if (already > 0) note(`continuing: ${already} of ${tickets.length} incidents are done`);

  const progress = showProgress(stdout, tickets.length, already, options.quiet);
  note = progress.note;
  const remaining = tickets.filter(({ externalId }) => !answers.has(externalId));
  try {
    await sendRemaining(remaining, options, client, journal.run, progress, (done) => {
      journal.append(done);
      for (const one of done) answers.set(one.externalId, one);
    });
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    throw new CommandFailure(
      `${error.message}\n${answers.size} of ${tickets.length} incidents are done; run the same command again to continue`,
    );
  } finally {
    progress.end();
  }

  const all = [...answers.values()];
  const rejects = gatherRejects(
    log,
    all.filter(({ outcome }) => outcome === 'rejected'),
  );
  const rejectedRows = await writeRejects(options.file, options.rejects, rejects);
  journal.finish();
  const [oldest, newest] = [tickets.at(0), tickets.at(-1)];
  stdout.write(
    summarise({
      rows: log.rows,
      incidents: tickets.length + new Set(log.badRows.flatMap(({ number }) => number ?? [])).size,
      answers: all,
      already,
      rejectedRows,
      rejectedIncidents: rejects.incidents.size,
      seconds: (Date.now() - began) / 1000,
      rejectsFile: options.rejects,
      url: options.url,
      created: oldest && newest ? { from: oldest.createdAt, to: newest.createdAt } : null,
    }),
  );
  return rejectedRows;
};
