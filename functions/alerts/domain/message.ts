import type { Alert } from './alert.ts';
import type { Channel } from './subscription.ts';
import { gsmText, oneLine } from './plain-text.ts';

/** What is sent: to e-mail with a subject, to a phone without. */
export interface Message {
  readonly subject: string | null;
  readonly text: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, no line breaks, less than 100 characters. */
const subjectLength = 99;

/** One text message; more would be several, in any order (https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). */
const smsLength = 160;

/** `firstResponse` -> `first response`. */
const metricWords = (metric: string): string => metric.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** The two largest units: `2 min`, `1 h 5 min`, `3 d 4 h`. A timer that fires within its minute is not worth a number. */
export const lateness = (seconds: number): string => {
  const parts: string[] = [];
  let rest = Math.max(0, Math.floor(seconds));
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.length === 0 ? 'less than 1 min' : parts.slice(0, 2).join(' ');
};

/** `2026-03-01 09:30 UTC` */
const minute = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

const nextStep = (metric: string): string => {
  switch (metric) {
    case 'firstResponse':
    case 'nextResponse':
      return 'send the customer a public reply now, or hand the ticket to somebody who can.';
    case 'resolution':
      return 'restore service or hand the ticket over now, and tell the customer when it will be solved.';
    default:
      return 'open the ticket and decide who acts now.';
  }
};

const emailMessage = (alert: Alert): Message => {
  const metric = metricWords(alert.metric);
  const lines = [
    `The ${metric} on ticket ${alert.ticketNumber} is overdue.`,
    '',
    `What:     ${alert.ticketNumber} "${oneLine(alert.subject, 150)}"`,
    `Severity: ${alert.severity}`,
    `Due:      ${minute(alert.at)}`,
    `Late:     ${late(alert)} when this was noticed (${minute(alert.claimedAt)})`,
    `Team:     ${alert.teamId ?? 'none yet: nobody owns it'}`,
    `Customer: ${alert.customerId ?? 'unknown'}`,
    '',
    `Next step: ${nextStep(alert.metric)}`,
    '',
    `Ticket ${alert.ticketId}, alert ${alert.id}. The same alert id twice is the same alert.`,
  ];
  const subject = gsmText(`[${alert.severity}] ${alert.ticketNumber}: ${metric} overdue`, subjectLength);
  return { subject, text: lines.join('\n') };
};

/** Number, metric and how late: nothing that a locked screen may not show. */
const smsMessage = (alert: Alert): Message => {
  const what = `${alert.severity.toUpperCase()} ${alert.ticketNumber}: ${metricWords(alert.metric)} overdue`;
  const since = `${late(alert)} late, due ${minute(alert.at)}.`;
  return { subject: null, text: gsmText(`${what}, ${since} Reply or hand over now.`, smsLength) };
};

const late = (alert: Alert): string => lateness((Date.parse(alert.claimedAt) - Date.parse(alert.at)) / 1000);

/** The words of an alert, to be read on a phone at night: what, whose, since when, how late, what next. The same at every attempt. */
export const messageFor = (channel: Channel, alert: Alert): Message => {
  switch (channel) {
    case 'email':
      return emailMessage(alert);
    case 'sms':
      return smsMessage(alert);
  }
};
