import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { currentCorrelation } from '../../platform/correlation.ts';
import { dueAttributes } from '../../platform/due/due-index.ts';
import { derivedId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { type Alert, type AlertKind, type Severity, streamHeadStartMs } from '../domain/alert.ts';
import { alertKind } from '../item-kinds.ts';
import { alertKey, alertList, alertListSort } from '../keys.ts';

export interface AlertInput {
  readonly table: string;
  readonly kind: AlertKind;
  /** Of an escalation; 0 for everything else. */
  readonly level: number;
  /** Of a level that was told before: the how manieth time again; 0 or left out: the first time. */
  readonly repetition?: number | undefined;
  readonly ticket: {
    readonly id: string;
    readonly number: string;
    readonly subject: string;
    readonly teamId: string | null;
    readonly customerId: string | null;
    readonly priority: Severity;
    /** Names, for those who read the alert. */
    readonly teamName?: string | undefined;
    readonly customerName?: string | undefined;
    readonly assignee?: string | undefined;
  };
  readonly metric: string;
  readonly cycle: number;
  /** The instant that it is about: the deadline that was missed, or that of the warning or level. */
  readonly at: string;
  /** The deadline that a warning or an escalation is about. */
  readonly dueAt?: string | undefined;
  readonly claimedAt: string;
  /** What happened and how bad it is; of what is no promise to a customer. */
  readonly happened?: string | undefined;
  /** Whose it is first; left out or null: everybody's whose subscription lets it through. */
  readonly audience?: { readonly agentIds: readonly string[] } | null | undefined;
  /** Tells alerts of one ticket, metric, cycle and kind apart: the same mark is the same alert. A breach has none. */
  readonly mark?: string | undefined;
}

export interface RaisedAlert {
  readonly alertId: string;
  readonly item: TransactItem;
}

const alertIdOf = ({ kind, ticket, metric, cycle, mark = '' }: AlertInput): string =>
  kind === 'sla.breach'
    ? derivedId('alt', ticket.id, metric, String(cycle), '0')
    : derivedId('alt', ticket.id, metric, String(cycle), kind, mark);

/**
 * An alert, for the transaction that records the event it tells. Its id follows from what it is about, so a thing is alerted
 * once for ever: the put fails when the alert exists. It is due a minute after it was claimed; until then the stream has
 * delivered it, as a rule.
 */
export const raiseAlert = (input: AlertInput): RaisedAlert => {
  const { ticket, kind, level, repetition = 0, metric, cycle, at, dueAt, claimedAt, happened, audience } = input;
  const alertId = alertIdOf(input);
  const key = alertKey(alertId);
  const correlationId = currentCorrelation();
  const {
    customerId,
    audience: whose,
    ...rest
  } = {
    id: alertId,
    kind,
    severity: ticket.priority,
    ticketId: ticket.id,
    ticketNumber: ticket.number,
    subject: ticket.subject,
    teamId: ticket.teamId,
    customerId: ticket.customerId,
    ...(ticket.teamName === undefined ? {} : { teamName: ticket.teamName }),
    ...(ticket.customerName === undefined ? {} : { customerName: ticket.customerName }),
    ...(ticket.assignee === undefined ? {} : { assignee: ticket.assignee }),
    metric,
    cycle,
    level,
    ...(repetition === 0 ? {} : { repetition }),
    at,
    ...(dueAt === undefined ? {} : { deadline: dueAt }),
    ...(happened === undefined ? {} : { happened }),
    claimedAt,
    audience: audience == null ? null : { agentIds: [...audience.agentIds] },
    state: 'raised',
    version: 1,
    dueAttempts: 0,
    ...(correlationId === null ? {} : { correlationId }),
  } satisfies Alert;
  return {
    alertId,
    item: {
      Put: {
        TableName: input.table,
        Item: {
          ...key,
          ...rest,
          ...(customerId === null ? {} : { customerId }),
          ...(whose === null ? {} : { audience: whose }),
          ...alertKind.stamp,
          queue: alertList,
          queueSort: alertListSort(claimedAt, alertId),
          ...dueAttributes(
            key.PK,
            isoInstant(milliseconds(claimedAt) + streamHeadStartMs),
            ticket.priority === 'critical' ? 'critical' : 'rest',
          ),
        },
        ConditionExpression: 'attribute_not_exists(PK)',
      },
    },
  };
};
