import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { currentCorrelation } from '../../platform/correlation.ts';
import { dueAttributes } from '../../platform/due/due-index.ts';
import { derivedId } from '../../platform/ids.ts';
import type { TransactItem } from '../../platform/store/commit.ts';
import { type Alert, type Severity, streamHeadStartMs } from '../domain/alert.ts';
import { alertKind } from '../item-kinds.ts';
import { alertKey, alertList, alertListSort } from '../keys.ts';

export interface BreachInput {
  readonly table: string;
  readonly ticket: {
    readonly id: string;
    readonly number: string;
    readonly subject: string;
    readonly teamId: string | null;
    readonly customerId: string | null;
    readonly priority: Severity;
  };
  readonly metric: string;
  readonly cycle: number;
  /** The due instant that was missed. */
  readonly at: string;
  readonly claimedAt: string;
}

/**
 * The alert of a missed SLA target, for the transaction that records the breach. Its id follows from ticket, metric and
 * cycle, so a breach is alerted once for ever: the put fails when the alert exists. It is due a minute after it was claimed;
 * until then the stream has delivered it, as a rule.
 */
export const raiseBreachAlert = (input: BreachInput): { readonly alertId: string; readonly item: TransactItem } => {
  const { ticket, metric, cycle, at, claimedAt } = input;
  const alertId = derivedId('alt', ticket.id, metric, String(cycle), '0');
  const key = alertKey(alertId);
  const correlationId = currentCorrelation();
  const { customerId, ...rest } = {
    id: alertId,
    kind: 'sla.breach',
    severity: ticket.priority,
    ticketId: ticket.id,
    ticketNumber: ticket.number,
    subject: ticket.subject,
    teamId: ticket.teamId,
    customerId: ticket.customerId,
    metric,
    cycle,
    level: 0,
    at,
    claimedAt,
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
