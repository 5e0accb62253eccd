import { replay, type RotaEvent } from '../../functions/on-call/domain/history.ts';
import type { Rota } from '../../functions/on-call/domain/rota.ts';
import type { OnCallPorts, Rotas } from '../../functions/on-call/use-cases/ports.ts';

/** One rota: its head as the use cases leave it, and its events. */
export class RotasInMemory implements Rotas {
  head: Rota | null = null;
  readonly events: RotaEvent[] = [];

  get whole(): Rota {
    const rota = replay(this.events);
    if (rota === null) throw new Error('nothing has happened');
    return rota;
  }
  async find() {
    return this.head === null ? null : { rota: this.head, chain: '' };
  }
  async history() {
    return replay(this.events);
  }
  async create(rota: Rota, event: RotaEvent) {
    this.head = rota;
    this.events.push(event);
  }
  async change(_read: unknown, rota: Rota, event: RotaEvent) {
    // What the store gives back is what went through JSON.
    this.head = JSON.parse(JSON.stringify(rota));
    this.events.push(event);
  }
}

export const everybody: OnCallPorts['people'] = {
  hasTeam: async () => true,
  hasAgent: async () => true,
  namesOf: async () => new Map(),
};
