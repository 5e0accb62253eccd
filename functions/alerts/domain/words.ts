import { type Alert, type AlertKind, isRecoveryKind, type RecoveryKind } from './alert.ts';
import type { Letter, TicketLink } from './letter.ts';
import type { ParcelEntry, Summary } from './parcel.ts';
import { oneLine } from './plain-text.ts';
import { recoveryWords } from './recovery-words.ts';

/** What a letter says, in plain words, before a channel puts it into its own form. */
export interface Words {
  /** In a few words, without anything that a customer wrote. */
  readonly title: string;
  readonly headline: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** One line an alert; of summaries only. */
  readonly lines: readonly string[];
  readonly next: string;
  readonly link: string | null;
  readonly footer: string;
}

/** `firstResponse` -> `first response`. */
export const metricWords = (metric: string): string => metric.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();

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
export const minute = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')} UTC`;

/** The deadline that an alert is about, and how far behind it (or before, below zero) the desk noticed, in seconds. */
export const deadlineOf = ({ deadline, at, claimedAt }: Alert): { readonly due: string; readonly late: number } => {
  const due = deadline ?? at;
  return { due, late: (Date.parse(claimedAt) - Date.parse(due)) / 1000 };
};

const endings: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd' };
const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const ordinal = (count: number): string => `${count}${endings[ordinals.select(count)] ?? 'th'}`;

/** `2`, or `2, 3rd time` of a level that is told again. */
export const levelWords = ({ level, repetition = 0 }: Pick<Alert, 'level' | 'repetition'>): string =>
  repetition === 0 ? `${level}` : `${level}, ${ordinal(repetition + 1)} time`;

/** `overdue`, `due in 25 min`, `escalation level 2: overdue`, `escalation level 2, 3rd time: overdue` */
export const standing = (alert: Alert): string => {
  const { late } = deadlineOf(alert);
  const state = late < 0 && alert.kind !== 'sla.breach' ? `due in ${lateness(-late)}` : 'overdue';
  return alert.kind === 'sla.escalation' ? `escalation level ${levelWords(alert)}: ${state}` : state;
};

const nextStep = ({ kind, metric }: Pick<Alert, 'kind' | 'metric'>): string => {
  const hurry = kind === 'sla.warning' ? 'in time' : 'now';
  switch (metric) {
    case 'firstResponse':
    case 'nextResponse':
      return `send the customer a public reply ${hurry}, or hand the ticket to somebody who can.`;
    case 'resolution':
      return `restore service or hand the ticket over ${hurry}, and tell the customer when it will be solved.`;
    default:
      return `open the ticket and decide who acts ${hurry}.`;
  }
};

const headline = (alert: Alert): string => {
  const what = `${metricWords(alert.metric)} on ticket ${alert.ticketNumber}`;
  const { late } = deadlineOf(alert);
  const isDue = late < 0 && alert.kind !== 'sla.breach' ? `is due in ${lateness(-late)}` : 'is overdue';
  return alert.kind === 'sla.escalation'
    ? `Escalation level ${levelWords(alert)}: the ${what} ${isDue}.`
    : `The ${what} ${isDue}.`;
};

const nameAndId = (name: string | undefined, id: string | null): string | null =>
  name === undefined ? id : oneLine(name, 80);

/** Of a drill or a backup: there is no promise to one customer behind it, but something that happened. */
const troubleWords = (alert: Alert, kind: RecoveryKind, linkOf: TicketLink): Words => {
  const { short, headline: what, next } = recoveryWords[kind];
  const { due, late } = deadlineOf(alert);
  const noticed = minute(alert.claimedAt);
  return {
    title: `[${alert.severity}] ${alert.ticketNumber}: ${short}`,
    headline: what,
    facts: [
      ['What', `${alert.ticketNumber} "${oneLine(alert.subject, 150)}"`],
      ['Severity', alert.severity],
      ...(alert.happened === undefined ? [] : [['Details', oneLine(alert.happened, 600)] as const]),
      ['Since', minute(alert.at)],
      ...(alert.deadline === undefined ? [] : [['Due', minute(due)] as const]),
      ['Late', `${lateness(late)} when this was noticed (${noticed})`],
      ['Team', nameAndId(alert.teamName, alert.teamId) ?? 'none yet: nobody owns it'],
      ['Customer', nameAndId(alert.customerName, alert.customerId) ?? 'unknown'],
    ],
    lines: [],
    next,
    link: linkOf(alert.ticketId),
    footer: `Ticket ${alert.ticketId}, alert ${alert.id}. The same alert id twice is the same alert.`,
  };
};

const alertWords = (alert: Alert, linkOf: TicketLink): Words => {
  if (isRecoveryKind(alert.kind)) return troubleWords(alert, alert.kind, linkOf);
  const { due, late } = deadlineOf(alert);
  const noticed = minute(alert.claimedAt);
  return {
    title: `[${alert.severity}] ${alert.ticketNumber}: ${metricWords(alert.metric)} ${standing(alert)}`,
    headline: headline(alert),
    facts: [
      ['What', `${alert.ticketNumber} "${oneLine(alert.subject, 150)}"`],
      ['Severity', alert.severity],
      ['Due', minute(due)],
      late < 0 && alert.kind !== 'sla.breach'
        ? ['Left', `${lateness(-late)} when this was noticed (${noticed})`]
        : ['Late', `${lateness(late)} when this was noticed (${noticed})`],
      ['Team', nameAndId(alert.teamName, alert.teamId) ?? 'none yet: nobody owns it'],
      ...(alert.assignee === undefined ? [] : [['Assignee', oneLine(alert.assignee, 80)] as const]),
      ['Customer', nameAndId(alert.customerName, alert.customerId) ?? 'unknown'],
    ],
    lines: [],
    next: nextStep(alert),
    link: linkOf(alert.ticketId),
    footer: `Ticket ${alert.ticketId}, alert ${alert.id}. The same alert id twice is the same alert.`,
  };
};

const kindWords = { 'sla.breach': 'overdue', 'sla.warning': 'due soon', 'sla.escalation': 'escalated' } as const;

const shortWords = (kind: AlertKind, metric: string): string =>
  isRecoveryKind(kind) ? recoveryWords[kind].short : `${metricWords(metric)} ${kindWords[kind]}`;

/** `CRITICAL T-12 first response overdue since 2026-03-01 09:30 UTC: "Database is down" (Acme)` */
const lineOf = ({ severity, ticketNumber, metric, kind, at, subject, customer }: ParcelEntry): string => {
  const when = kind === 'sla.breach' || isRecoveryKind(kind) ? ` since ${minute(at)}` : '';
  const whose = customer === null ? '' : ` (${oneLine(customer, 60)})`;
  return `${severity.toUpperCase()} ${ticketNumber} ${shortWords(kind, metric)}${when}: "${oneLine(subject, 80)}"${whose}`;
};

/** `3 critical, 17 normal` */
export const countWords = ({ counts }: Summary): string =>
  counts.map(({ severity, count }) => `${count} ${severity}`).join(', ');

const summaryWords = (summary: Summary, linkOf: TicketLink): Words => {
  const { total, first, id } = summary;
  const worst = first[0]?.severity ?? 'normal';
  const rest = total - first.length;
  return {
    title: `[${worst}] ${total} alerts: ${countWords(summary)}`,
    headline: `${total} alerts in one message: ${countWords(summary)}.`,
    facts: [
      ['First', minute(summary.since)],
      ['Last', minute(summary.until)],
    ],
    lines: [...first.map(lineOf), ...(rest > 0 ? [`... and ${rest} more: GET /v1/alerts lists all of them.`] : [])],
    next: 'begin with the first one; the most severe stand in front, of those the oldest.',
    link: first[0] === undefined ? null : linkOf(first[0].ticketId),
    footer: `Summary ${id}. The same summary id twice is the same summary.`,
  };
};

/** What is said: what, whose, since when, how late, what next. The same at every attempt. */
export const wordsOf = (letter: Letter, linkOf: TicketLink): Words =>
  letter.kind === 'alert' ? alertWords(letter.alert, linkOf) : summaryWords(letter.summary, linkOf);
