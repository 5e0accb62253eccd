import type { Actor } from '../../platform/actor.ts';
import { importedAgent, importedContact, importedCustomer, importedTeam } from '../../people/index.ts';
import type { HistoryEntry } from '../domain/imported-history.ts';
import type { ImportTicket } from '../import-schema.ts';
import { ticketKey } from '../store.ts';
import type { DeskPorts } from './ports.ts';

/** The records that the names of a source stand for: found, or registered on their first appearance. */
export class ImportNames {
  readonly #ports: DeskPorts;
  readonly #source: string;
  readonly #actor: Actor;

  constructor(ports: DeskPorts, source: string, actor: Actor) {
    this.#ports = ports;
    this.#source = source;
    this.#actor = actor;
  }

  customer(name: string | null): Promise<string | null> {
    return this.#found(name, (known) => importedCustomer(this.#ports.people, this.#source, known, this.#actor));
  }

  contact(customerId: string | null, name: string | null): Promise<string | null> {
    return this.#found(name, (known) =>
      importedContact(this.#ports.people, this.#source, customerId, known, this.#actor),
    );
  }

  team(name: string | null): Promise<string | null> {
    return this.#found(name, (known) => importedTeam(this.#ports.people, this.#source, known, this.#actor));
  }

  agent(name: string | null): Promise<string | null> {
    return this.#found(name, (known) => importedAgent(this.#ports.people, this.#source, known, this.#actor));
  }

  /** A history with ids for names, its texts kept beside the ticket. */
  async history(ticketId: string, entries: ImportTicket['history']): Promise<readonly HistoryEntry[]> {
    const history: HistoryEntry[] = [];
    for (const entry of entries) {
      const at = Date.parse(entry.at);
      switch (entry.type) {
        case 'status':
          history.push({ at, type: 'status', status: entry.status });
          break;
        case 'assigned': {
          const teamId = await this.team(entry.team);
          history.push({ at, type: 'assigned', teamId, assigneeId: await this.agent(entry.assignee) });
          break;
        }
        case 'reply': {
          const body = await this.#ports.tickets.bodies.keep(ticketKey(ticketId), entry.body);
          history.push({ at, type: 'reply', visibility: entry.visibility, author: entry.author, body });
          break;
        }
      }
    }
    return history;
  }

  async #found(name: string | null, find: (name: string) => Promise<string>): Promise<string | null> {
    return name === null ? null : find(name);
  }
}
