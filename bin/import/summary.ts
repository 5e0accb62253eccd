import type { Done } from './journal.ts';
import { duration } from './progress.ts';

export interface Outcome {
  readonly rows: number;
  readonly incidents: number;
  readonly answers: readonly Done[];
  /** How many of the answers an interrupted run had already. */
  readonly already: number;
  readonly rejectedRows: number;
  readonly rejectedIncidents: number;
  readonly seconds: number;
  readonly rejectsFile: string;
  readonly url: string;
  /** First instants of the oldest and the newest ticket; null when there is none. */
  readonly created: { readonly from: string; readonly to: string } | null;
}

/** The months that hold both instants, as the half-open dates that the KPI routes take. */
const months = ({ from, to }: { from: string; to: string }): string => {
  const end = new Date(to);
  end.setUTCMonth(end.getUTCMonth() + 1, 1);
  return `from=${from.slice(0, 7)}-01&to=${end.toISOString().slice(0, 10)}`;
};

/** What happened and what to look at next, for the end of a run. */
export const summarise = (outcome: Outcome): string => {
  const count = (wanted: Done['outcome']): number =>
    outcome.answers.filter((answer) => answer.outcome === wanted).length;
  const sent = outcome.answers.length - outcome.already;
  const line = (name: string, text: string | number): string => `  ${name.padEnd(11)}${text}`;
  const first = outcome.answers.find(({ ticketId }) => ticketId !== null)?.ticketId;
  return [
    'Import finished',
    line('rows', outcome.rows),
    line('incidents', outcome.incidents),
    line('created', count('created')),
    line('unchanged', count('unchanged')),
    line('rejected', `${outcome.rejectedIncidents} incidents, ${outcome.rejectedRows} rows`),
    ...(outcome.already > 0
      ? [line('continued', `${outcome.already} incidents were done before the interruption`)]
      : []),
    line(
      'duration',
      `${duration(outcome.seconds)} (${(sent / Math.max(outcome.seconds, 0.001)).toFixed(0)} incidents/s)`,
    ),
    ...(outcome.rejectedRows > 0
      ? [line('rejects', `${outcome.rejectsFile}: correct the rows, then import that file`)]
      : []),
    'Look at next',
    ...(first ? [`  ${outcome.url}/v1/tickets/${first}/timeline`] : []),
    `  ${outcome.url}/v1/tickets?limit=100`,
    ...(outcome.created ? [`  ${outcome.url}/v1/kpis/ticket-volume?${months(outcome.created)}&granularity=month`] : []),
    '',
  ].join('\n');
};
