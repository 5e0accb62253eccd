import { type Clock, isoInstant, milliseconds } from '../../platform/clock.ts';
import type { DueHandler } from '../../platform/due/attend.ts';
import { logger } from '../../platform/logger.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Applications } from '../applications.ts';
import { type Application, isOver, ticketsAtOnce, walksAgain } from '../domain/application.ts';

/** From this failed attempt at the same tickets on an application is given up. */
const attemptsAtMost = 8;

export interface RunApplicationPorts {
  readonly applications: Pick<Applications, 'find' | 'advance' | 'end' | 'counted'>;
  /** The running tickets, from a position on; text that only it reads. */
  readonly running: {
    page(
      position: string,
      limit: number,
    ): Promise<{ readonly ticketIds: readonly string[]; readonly next: string | null }>;
  };
  /** Applies the policy to a ticket: `since` when it was set after the application began. */
  readonly applyTo: (
    ticketId: string,
    how: {
      readonly policyId: string;
      readonly applicationId: string;
      readonly by: Application['by'];
      readonly begunAt: number;
      readonly counted: TransactItem;
    },
  ) => Promise<'moved' | 'unchanged' | 'since'>;
  readonly clock: Clock;
}

const applied = async (ports: RunApplicationPorts, application: Application, ticketIds: readonly string[]) => {
  const { id, policyId, by, startedAt, pass } = application;
  const how = {
    policyId,
    applicationId: id,
    by,
    begunAt: milliseconds(startedAt),
    counted: ports.applications.counted(id),
  };
  let { unchanged, failed } = application;
  // One after the other: each that moves writes the same counter.
  for (const ticketId of ticketIds) {
    try {
      // Later walks only look for what the first one missed.
      if ((await ports.applyTo(ticketId, how)) === 'unchanged' && pass === 1) unchanged += 1;
    } catch (error) {
      if (pass === 1) failed += 1;
      logger.error('policy not applied to a ticket', { error });
    }
  }
  return { unchanged, failed };
};

/**
 * The due handler of applications: looks at some tickets, keeps how far it is, and is due again at once until there are no more.
 * Killed anywhere it goes on from the last position kept; tickets that were moved already are left alone and counted once, by
 * their own transactions. A ticket that fails is counted and does not stop the others.
 */
export const applicationDueHandler =
  (ports: RunApplicationPorts): DueHandler =>
  async (hint) => {
    const id = hint.pk.slice('SLA#'.length);
    const application = await ports.applications.find(id);
    if (application === null || isOver(application)) return;
    const now = (): string => isoInstant(ports.clock.now());
    try {
      if ((application.dueAttempts ?? 0) >= attemptsAtMost) {
        await ports.applications.end(application, { ...application, state: 'failed', endedAt: now() });
        return;
      }
      const { ticketIds, next } = await ports.running.page(application.position, ticketsAtOnce);
      const counts = await applied(ports, application, ticketIds);
      if (next !== null) {
        await ports.applications.advance(application, { ...application, ...counts, position: next }, now());
        return;
      }
      const after = (await ports.applications.find(id)) ?? application;
      if (walksAgain(after)) {
        const again = { position: '', pass: application.pass + 1, movedBefore: after.moved };
        await ports.applications.advance(application, { ...counts, ...again }, now());
        return;
      }
      await ports.applications.end(application, { ...counts, state: 'done', endedAt: now() });
    } catch (error) {
      // Another invocation went on meanwhile.
      if (!(error instanceof LostRace)) throw error;
    }
  };
