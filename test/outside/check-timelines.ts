import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { compareTimeline } from './compare-timeline.ts';
import { type Desk, findToken, mapSome, readNames, readTickets, readTimeline } from './desk-reader.ts';
import { readTruth } from './log-truth.ts';

export interface TimelineCheck {
  /** What is counted, as the log and as the desk say it. */
  table: { figure: string; log: number; desk: number }[];
  differences: string[];
}

/** The counts that test/data/incident_event_log.csv is known to have: they hold the reading of the log here to account. */
export const KNOWN = { incidents: 890, february: 207, march: 683, reopens: 12 };

/**
 * Reads every imported ticket of a desk over HTTP and compares it with the log: set of incidents, creation, status changes, assignments.
 * Tickets without an external id are live ones and not looked at.
 */
export const checkTimelines = async (
  desk: Desk,
  file: string,
  known: typeof KNOWN | null = KNOWN,
): Promise<TimelineCheck> => {
  const truths = readTruth(file);
  const [teams, agents, customers] = await Promise.all([
    readNames(desk, 'teams'),
    readNames(desk, 'agents'),
    readNames(desk, 'customers'),
  ]);
  const tickets = (await readTickets(desk)).filter(({ externalId }) => externalId !== null);
  const differences: string[] = [];
  const byNumber = new Map<string, (typeof tickets)[number]>();
  for (const ticket of tickets) {
    const number = ticket.externalId ?? '';
    if (!truths.has(number)) differences.push(`${number} (${ticket.id}) is not in the log`);
    if (byNumber.has(number)) differences.push(`${number} is there twice: ${byNumber.get(number)?.id}, ${ticket.id}`);
    byNumber.set(number, ticket);
  }
  for (const number of truths.keys()) if (!byNumber.has(number)) differences.push(`${number} is missing from the desk`);

  const seen = await mapSome(tickets, 8, async (ticket) => {
    const truth = truths.get(ticket.externalId ?? '');
    return truth
      ? [compareTimeline(truth, ticket, await readTimeline(desk, ticket.id), { teams, agents, customers })]
      : [];
  });
  const all = seen.flat();
  differences.push(...all.flatMap((one) => one.differences));

  const log = [...truths.values()];
  const inMonth = (of: { createdAt: string }[], month: string) =>
    of.filter(({ createdAt }) => createdAt.startsWith(month)).length;
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const table = [
    { figure: 'incidents', log: log.length, desk: tickets.length, known: known?.incidents },
    {
      figure: 'created in February 2016',
      log: inMonth(log, '2016-02'),
      desk: inMonth(tickets, '2016-02'),
      known: known?.february,
    },
    {
      figure: 'created in March 2016',
      log: inMonth(log, '2016-03'),
      desk: inMonth(tickets, '2016-03'),
      known: known?.march,
    },
    {
      figure: 'status changes',
      log: sum(log.map(({ statuses }) => statuses.length)),
      desk: sum(all.map(({ statuses }) => statuses.length)),
    },
    {
      figure: 'reopens',
      log: sum(log.map(({ reopens }) => reopens)),
      desk: sum(all.map(({ reopens }) => reopens)),
      known: known?.reopens,
    },
  ];
  for (const { figure, log: inLog, desk: inDesk, known: right } of table) {
    if (inLog !== inDesk) differences.push(`${figure}: log ${inLog}, desk ${inDesk}`);
    if (right !== undefined && inLog !== right)
      differences.push(`${figure}: known ${right}, read from the log ${inLog}`);
  }
  return {
    table: table.map(({ figure, log: inLog, desk: inDesk }) => ({ figure, log: inLog, desk: inDesk })),
    differences,
  };
};

const DIFFERENCES_SHOWN = 40;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      token: { type: 'string' },
      file: { type: 'string', default: 'test/data/incident_event_log.csv' },
    },
  });
  const { file } = values;
  const desk = { url: values.url, token: await findToken(values.url, values.token) };
  const { table, differences } = await checkTimelines(
    desk,
    file,
    basename(file) === 'incident_event_log.csv' ? KNOWN : null,
  );
  console.table(table);
  for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) console.log(difference);
  console.log(differences.length === 0 ? 'no difference' : `${differences.length} differences`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}
