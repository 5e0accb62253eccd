import type { Actor } from '../../platform/actor.ts';
import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { IllegalTransition, NotFound, StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import { kept } from '../domain/change.ts';
import { after, type RotaEvent } from '../domain/history.ts';
import { shiftAt } from '../domain/on-call.ts';
import type { Rota } from '../domain/rota.ts';
import type { OnCallPorts } from './ports.ts';

const attempts = 8;

export interface RotaChange {
  readonly rotaId: string;
  /** Null: whatever is there is changed, as long as the change is allowed. */
  readonly ifMatch: number | null;
  readonly actor: Actor;
  readonly remember?: (rota: Rota) => TransactItem | undefined;
}

/**
 * The way of every change of a rota: read, check what the caller read, decide, commit on the version just read; a lost race
 * decides again on what is there now. It happens now or when the rota was changed last, whichever is later: clocks of two
 * machines differ, and what was said of the past must stay. @throws NotFound, StaleVersion, IllegalTransition, and what
 * `decide` throws
 */
export const changeExisting = async (
  ports: OnCallPorts,
  { rotaId, ifMatch, actor, remember }: RotaChange,
  decide: (rota: Rota, now: string) => RotaEvent,
): Promise<Rota> => {
  for (let attempt = 1; ; attempt += 1) {
    const read = await ports.rotas.find(rotaId);
    if (read === null) throw new NotFound('on-call rota', rotaId);
    const { rota } = read;
    if (ifMatch !== null && ifMatch !== rota.version) throw new StaleVersion(rota.version);
    if (rota.archivedAt !== null) throw new IllegalTransition(`${rotaId} was archived and cannot be changed any more.`);
    const now = isoInstant(Math.max(ports.clock.now(), milliseconds(rota.updatedAt)));
    const event = decide(rota, now);
    const changed = after(rota, event);
    const next = kept(changed, shiftAt(changed, milliseconds(now))?.from ?? now);
    try {
      await ports.rotas.change(read, next, event, { actor, once: remember?.(next) });
      return next;
    } catch (error) {
      if (!(error instanceof LostRace) || attempt === attempts) throw error;
    }
  }
};
