import type { Actor } from '../../platform/actor.ts';
import type { Clock } from '../../platform/clock.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { RotaEvent } from '../domain/history.ts';
import type { Rota } from '../domain/rota.ts';

/** A rota as its head has it, and the end of its event chain. */
export interface ReadRota {
  readonly rota: Rota;
  readonly chain: string;
}

/** What belongs to a change but is not of the rota itself. */
export interface ChangeOptions {
  readonly actor: Actor;
  readonly once: TransactItem | undefined;
}

/** Where rotas are kept. */
export interface Rotas {
  find(id: string): Promise<ReadRota | null>;
  /** The rota with all that it ever was, from its events. */
  history(id: string): Promise<Rota | null>;
  /** @throws AlreadyExists when the team has a rota. */
  create(rota: Rota, event: RotaEvent, options: ChangeOptions): Promise<void>;
  /** @throws LostRace */
  change(read: ReadRota, rota: Rota, event: RotaEvent, options: ChangeOptions): Promise<void>;
}

/** Who may be on call, and whose name is shown. */
export interface People {
  hasTeam(id: string): Promise<boolean>;
  hasAgent(id: string): Promise<boolean>;
  /** By id; who is not known is left out. */
  namesOf(agentIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface OnCallPorts {
  readonly rotas: Rotas;
  readonly people: People;
  readonly clock: Clock;
}
