import { raiseAlert, recoveryWords, type RaisedAlert, type RecoveryKind } from '../../alerts/index.ts';
import { isoInstant } from '../../platform/clock.ts';
import type { Ticket } from '../domain/ticket.ts';
import { namesFor } from './alert-people.ts';
import { openOnce } from './open-once.ts';
import type { DeskPorts } from './ports.ts';

/** Something that stands between the desk and getting its data back: it becomes a ticket, and an alert about the ticket. */
export interface Trouble {
  readonly kind: RecoveryKind;
  /** What it is about: the same is the same ticket and the same alert for ever. */
  readonly about: string;
  readonly severity: 'critical' | 'high';
  readonly subject: string;
  /** What happened and how bad it is, in a sentence or two. */
  readonly happened: string;
  /** Since when. */
  readonly at: string;
  /** When it should have been; of what is overdue. */
  readonly dueAt?: string | undefined;
  /** More for whoever works on it: reasons, one a line. */
  readonly details?: readonly string[];
  readonly tag: 'restore-drill' | 'backup';
  readonly serviceId: string | null;
  readonly teamId: string | null;
}

const metricOf = { 'restore-drill': 'restoreDrill', backup: 'backup' } as const;

/** The names in the ticket: whose trouble this is when no customer asked. */
const customer = 'Cloud operations';
const requester = 'Backups and restore drills';

/** `drill.objective-missed` -> `drill-objective-missed`, the heading of docs/runbook.md. */
const runbookSection = (kind: RecoveryKind): string => kind.replaceAll('.', '-');

const description = ({ kind, happened, at, dueAt, details = [] }: Trouble): string =>
  [
    recoveryWords[kind].headline,
    '',
    happened,
    ...(details.length === 0 ? [] : ['', ...details.map((line) => `- ${line}`)]),
    '',
    `Since: ${at}`,
    ...(dueAt === undefined ? [] : [`Due: ${dueAt}`]),
    `Next step: ${recoveryWords[kind].next}`,
    `Runbook: docs/runbook.md#${runbookSection(kind)}`,
  ].join('\n');

/** What fits into a ticket's line and text, however long the message of a service was. */
const mostSubject = 200;
const mostDescription = 12_000;

/**
 * Opens the ticket, if nobody has yet, and answers it with the alert, for the transaction of the event that tells the trouble.
 * May be repeated: the ticket is found again, and the alert exists once.
 */
export const reportTrouble = async (
  ports: DeskPorts,
  trouble: Trouble,
): Promise<RaisedAlert & { readonly ticket: Ticket }> => {
  const { kind, about, severity, subject, happened, at, dueAt, tag, serviceId, teamId } = trouble;
  const ticket = await openOnce(ports, {
    externalId: about,
    customer,
    requester,
    subject: subject.slice(0, mostSubject),
    description: description(trouble).slice(0, mostDescription),
    priority: severity,
    serviceId,
    teamId,
    tags: [tag],
  });
  const alert = raiseAlert({
    table: ports.tickets.table,
    kind,
    level: 0,
    ticket: { ...ticket, priority: severity, ...(await namesFor(ports, ticket)) },
    metric: metricOf[tag],
    cycle: 1,
    at,
    dueAt,
    claimedAt: isoInstant(ports.clock.now()),
    happened: happened.slice(0, 1_000),
  });
  return { ...alert, ticket };
};
