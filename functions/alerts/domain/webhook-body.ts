import type { Letter, TicketLink } from './letter.ts';
import { wordsOf } from './words.ts';

/**
 * What a webhook gets: the fields of GET /v1/alerts/{alertId}, or those of a summary. `id` is the same at every attempt, and so
 * is every byte, so that whoever gets it twice sees it.
 */
export const webhookBody = (letter: Letter, linkOf: TicketLink) => {
  const { headline, next, link } = wordsOf(letter, linkOf);
  if (letter.kind === 'summary') {
    const { id, total, counts, first, since, until } = letter.summary;
    return {
      type: 'summary',
      id,
      summaryId: id,
      text: headline,
      total,
      counts: Object.fromEntries(counts.map(({ severity, count }) => [severity, count])),
      since,
      until,
      alerts: first.map(
        ({ alertId, kind, severity, ticketId, ticketNumber, metric, level, repetition, at, claimedAt }) => ({
          alertId,
          kind,
          severity,
          ticketId,
          ticketNumber,
          metric,
          level,
          ...(repetition === undefined ? {} : { repetition }),
          at,
          claimedAt,
        }),
      ),
    };
  }
  const { alert } = letter;
  return {
    type: 'alert',
    id: alert.id,
    alertId: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    ticketId: alert.ticketId,
    ticketNumber: alert.ticketNumber,
    subject: alert.subject,
    teamId: alert.teamId,
    teamName: alert.teamName ?? null,
    customerId: alert.customerId,
    customerName: alert.customerName ?? null,
    assignee: alert.assignee ?? null,
    metric: alert.metric,
    cycle: alert.cycle,
    level: alert.level,
    ...(alert.repetition === undefined ? {} : { repetition: alert.repetition }),
    at: alert.at,
    dueAt: alert.deadline ?? alert.at,
    claimedAt: alert.claimedAt,
    text: headline,
    nextStep: next,
    link,
  };
};
