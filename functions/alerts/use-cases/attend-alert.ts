import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { lookAgainMs } from '../../platform/due/look-again.ts';
import type { Alert } from '../domain/alert.ts';
import { type AlertDeliveries, deliverFound, type DeliverPorts } from './deliver-alert.ts';

export interface AttendPorts extends DeliverPorts {
  readonly alerts: AlertDeliveries & {
    /** Moves the next look to `dueAt` (milliseconds), counting this one; false when somebody else is looking already. */
    postpone(alert: Alert, dueAt: number): Promise<boolean>;
  };
}

/**
 * What the due index does about an alert that the stream has not delivered: it takes the look, by moving the next one ahead,
 * and delivers. So a look that dies, for whatever reason, is followed by another one, ever more slowly. A hint that comes
 * early, twice or after the delivery does nothing.
 */
export const attendAlert = async (ports: AttendPorts, alertId: string): Promise<void> => {
  const found = await ports.alerts.find(alertId);
  if (found?.alert.state !== 'raised') return;
  const { alert } = found;
  const now = ports.clock.now();
  if (alert.dueAt === undefined || milliseconds(alert.dueAt) > now) return;
  const next = now + lookAgainMs(alert.dueAttempts + 1);
  if (!(await ports.alerts.postpone(alert, next))) return;
  await deliverFound(ports, { ...found, alert: { ...alert, dueAt: isoInstant(next) } }, 'due');
};
