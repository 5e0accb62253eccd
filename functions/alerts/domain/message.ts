import { type Alert, isRecoveryKind } from './alert.ts';
import type { Letter, TicketLink } from './letter.ts';
import type { Summary } from './parcel.ts';
import { gsmLength, gsmText } from './plain-text.ts';
import { recoveryWords } from './recovery-words.ts';
import type { TopicChannel } from './subscription.ts';
import { countWords, deadlineOf, lateness, levelWords, metricWords, minute, wordsOf } from './words.ts';

/** What is sent by SNS: to e-mail with a subject, to a phone without. */
export interface Message {
  readonly subject: string | null;
  readonly text: string;
}

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: ASCII, no line breaks, less than 100 characters. */
const subjectLength = 99;

/** One text message; more would be several, in any order (https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html). */
const smsLength = 160;

const labelWidth = 10;

const emailMessage = (letter: Letter, linkOf: TicketLink): Message => {
  const { title, headline, facts, lines, next, link, footer } = wordsOf(letter, linkOf);
  const text = [
    headline,
    '',
    ...facts.map(([label, value]) => `${`${label}:`.padEnd(labelWidth)}${value}`),
    '',
    ...(lines.length === 0 ? [] : [...lines, '']),
    `Next step: ${next}`,
    ...(link === null ? [] : [`Ticket:    ${link}`]),
    '',
    footer,
  ];
  return { subject: gsmText(title, subjectLength), text: text.join('\n') };
};

const smsStanding = (alert: Alert): string => {
  const { due, late } = deadlineOf(alert);
  const level = alert.kind === 'sla.escalation' ? ` (escalation ${levelWords(alert)})` : '';
  return late < 0 && alert.kind !== 'sla.breach'
    ? `due in ${lateness(-late)}${level}, at ${minute(due)}.`
    : `overdue${level}, ${lateness(late)} late, due ${minute(due)}.`;
};

/** Number, metric and how late: nothing that a locked screen may not show. */
const alertText = (alert: Alert): string => {
  const team = alert.teamName === undefined ? '' : ` (${gsmText(alert.teamName, 20)})`;
  if (isRecoveryKind(alert.kind)) {
    const { short, nextSms } = recoveryWords[alert.kind];
    const { late } = deadlineOf(alert);
    const since = `${lateness(late)} ago, since ${minute(alert.at)}`;
    return `${alert.severity.toUpperCase()} ${alert.ticketNumber}${team}: ${short}, ${since}. ${nextSms}`;
  }
  const what = `${alert.severity.toUpperCase()} ${alert.ticketNumber}${team}: ${metricWords(alert.metric)}`;
  return `${what} ${smsStanding(alert)} ${alert.kind === 'sla.warning' ? 'Reply or hand over in time.' : 'Reply or hand over now.'}`;
};

const summaryText = (summary: Summary): string => {
  const numbers = [...new Set(summary.first.map(({ ticketNumber }) => ticketNumber))];
  return `${summary.total} alerts: ${countWords(summary)}. First: ${numbers.slice(0, 3).join(', ')}. All: GET /v1/alerts`;
};

/** The address of the ticket follows where it fits into the one text, whole. */
const smsMessage = (letter: Letter, linkOf: TicketLink): Message => {
  const text = gsmText(letter.kind === 'alert' ? alertText(letter.alert) : summaryText(letter.summary), smsLength);
  const link = letter.kind === 'alert' ? linkOf(letter.alert.ticketId) : null;
  const whole = `${text} ${link ?? ''}`;
  const fits = link !== null && gsmText(whole, whole.length * 2) === whole && gsmLength(whole) <= smsLength;
  return { subject: null, text: fits ? whole : text };
};

/** The words of a letter, to be read on a phone at night. The same at every attempt. */
export const messageFor = (channel: TopicChannel, letter: Letter, linkOf: TicketLink): Message =>
  channel === 'email' ? emailMessage(letter, linkOf) : smsMessage(letter, linkOf);
