import { systemActor } from '../../platform/actor.ts';
import type { DueHandler } from '../../platform/due/attend.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { moveTicket } from '../domain/move.ts';
import { closesAfterMs } from '../domain/status.ts';
import type { SettlePorts } from './ports.ts';
import { settle } from './settle.ts';

const attempts = 8;

/**
 * The due handler of tickets: records warnings, breaches and levels that are due, and closes what has been resolved for seven days. Reads the ticket
 * again and decides by timestamps alone, so a late, repeated or early hint is harmless; claims on the version just read.
 */
export const ticketDueHandler =
  (ports: SettlePorts): DueHandler =>
  async (hint) => {
    const ticketId = hint.pk.slice('TKT#'.length);
    for (let attempt = 1; ; attempt += 1) {
      try {
        const read = await ports.tickets.find(ticketId);
        if (read === null) return;
        const settled = await settle(ports, read);
        const { status, resolvedAt } = settled.ticket;
        if (status !== 'resolved' || resolvedAt === null) return;
        const now = ports.clock.now();
        if (now < Date.parse(resolvedAt) + closesAfterMs) return;
        const why = { reason: 'resolved for 7 days', note: null, byMachine: true };
        await ports.tickets.commit(settled, moveTicket(settled, 'closed', why, systemActor, now));
        return;
      } catch (error) {
        if (!(error instanceof LostRace) || attempt === attempts) throw error;
      }
    }
  };
