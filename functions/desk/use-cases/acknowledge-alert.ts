import { type AlertStore, isRecoveryKind } from '../../alerts/index.ts';
import type { Principal } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { NotFound } from '../../platform/errors.ts';
import { AlsoRefused, LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { metricSchema } from '../../sla/index.ts';
import { acknowledge, acknowledgeTrouble } from '../domain/telling.ts';
import type { SettlePorts } from './ports.ts';
import { settle } from './settle.ts';

type FoundAlert = NonNullable<Awaited<ReturnType<AlertStore['find']>>>;

export interface AcknowledgePorts extends SettlePorts {
  readonly alerts: Pick<AlertStore, 'find' | 'acknowledgement'>;
}

const attempts = 8;

/**
 * Somebody takes care of an alert (S-46): one transaction marks the alert and tells its ticket, whose clock escalates no
 * further in this cycle. What was owed until then is recorded first. Whoever comes second, or again, changes nothing.
 * @throws NotFound
 */
export const acknowledgeAlert = async (
  ports: AcknowledgePorts,
  principal: Principal,
  { alertId, note }: { readonly alertId: string; readonly note: string | null },
  remember: (acknowledged: FoundAlert) => TransactItem | undefined,
): Promise<FoundAlert> => {
  for (let attempt = 1; ; attempt += 1) {
    const found = await ports.alerts.find(alertId);
    if (found === null) throw new NotFound('alert', alertId);
    if (found.alert.acknowledgement !== undefined) return found;
    const read = await ports.tickets.find(found.alert.ticketId);
    if (read === null) throw new NotFound('ticket', found.alert.ticketId);
    try {
      const settled = await settle(ports, read);
      const at = ports.clock.now();
      const acknowledgement = { at: isoInstant(at), by: principal.id, note };
      const acknowledged = { ...found, alert: { ...found.alert, acknowledgement } };
      const by = { alertId, note, actor: { id: principal.id, role: principal.role }, at };
      const { kind, metric, cycle } = found.alert;
      const decision = isRecoveryKind(kind)
        ? acknowledgeTrouble(settled, { ...by, kind })
        : acknowledge(settled, { metric: metricSchema.parse(metric), cycle }, by);
      await ports.tickets.commit(settled, decision, {
        also: [ports.alerts.acknowledgement(alertId, acknowledgement)],
        once: remember(acknowledged),
      });
      return acknowledged;
    } catch (error) {
      if (!(error instanceof LostRace || error instanceof AlsoRefused) || attempt === attempts) throw error;
    }
  }
};
