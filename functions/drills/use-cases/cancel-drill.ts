import type { Principal } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { IllegalTransition, NotFound } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import { type Drill, isOver } from '../domain/drill.ts';
import { eventOf } from '../domain/drill-event.ts';
import { requestCancel } from '../domain/step.ts';
import type { DrillPorts, Remember } from './ports.ts';

const attempts = 8;

/**
 * Ends a drill early: what was begun is cleaned up, and then it is cancelled. Asked again it answers the same; one that is over,
 * or has its verdict and only cleans up, is not cancelled any more. @throws NotFound, IllegalTransition
 */
export const cancelDrill = async (
  ports: Pick<DrillPorts, 'drills' | 'clock'>,
  id: string,
  principal: Principal,
  remember: Remember,
): Promise<Drill> => {
  for (let attempt = 1; ; attempt += 1) {
    const read = await ports.drills.find(id);
    if (read === null) throw new NotFound('drill', id);
    const { drill } = read;
    if (isOver(drill) || drill.verdict !== null)
      throw new IllegalTransition(
        isOver(drill) ? `It is over: ${drill.state}.` : `It has its verdict, ${drill.verdict}, and only cleans up.`,
      );
    if (drill.cancelRequested !== null) return drill;
    const now = ports.clock.now();
    const next = requestCancel(drill, now, principal.id);
    const at = isoInstant(now);
    const actor = { id: principal.id, role: principal.role };
    try {
      const committed = await ports.drills.commit(read, next, {
        event: { ...eventOf(drill, next), at, actor },
        dueAt: isOver(next) ? null : at,
        once: remember({ ...next, version: drill.version + 1 }),
      });
      return committed.drill;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};
