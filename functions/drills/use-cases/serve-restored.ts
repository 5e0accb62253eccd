import type { Principal } from '../../platform/actor.ts';
import { type Clock, isoInstant } from '../../platform/clock.ts';
import { type DeskPorts, open, readFor } from '../../desk/index.ts';
import { importedCustomer } from '../../people/index.ts';
import type { Observation } from '../domain/action.ts';

/** Who asks the restored desk. Nobody outside hears of it: its writers send no hints, and no stream of it is read. */
const drillPrincipal: Principal = { id: 'drill', role: 'integration', customerId: null, teamId: null };

export interface ServePorts {
  /** The desk's use cases on a table of that name, with nothing remembered of any other. */
  readonly deskOn: (table: string) => DeskPorts & {
    /** Ids of tickets that are not solved. */
    readonly runningTickets: (limit: number) => Promise<readonly string[]>;
  };
  readonly clock: Clock;
}

type Served = Extract<Observation, { of: 'serve'; readAt: unknown }>;
type RestoredDesk = ReturnType<ServePorts['deskOn']>;

/** A ticket that somebody works on, as an agent would open it; a desk without one is asked for what it promises. */
const firstRead = async (desk: RestoredDesk): Promise<void> => {
  const [ticketId] = await desk.runningTickets(1);
  if (ticketId === undefined) await desk.policies.current();
  else await readFor(desk, drillPrincipal, ticketId);
};

/** A new ticket, which is there when it is read again. */
const firstWrite = async (desk: RestoredDesk, drillId: string): Promise<string> => {
  const { id, role } = drillPrincipal;
  const customerId = await importedCustomer(desk.people, 'desk', 'Cloud operations', { id, role });
  const wanted = {
    customerId,
    requester: { name: 'Restore drill', email: 'drill@desk.invalid', phone: null },
    subject: `First write of the drill ${drillId}`,
    description: '',
    type: 'service_request',
    priority: 'low',
    channel: 'monitor',
    serviceId: null,
    teamId: null,
    tags: ['restore-drill'],
  } as const;
  const opened = await open(desk, drillPrincipal, { ...wanted, tags: [...wanted.tags] }, () => undefined);
  const { ticket } = await readFor(desk, drillPrincipal, opened.id);
  return ticket.number;
};

/**
 * Serves one read and one write from a restored table, by the use cases that serve customers. May be repeated: then there are two
 * such tickets in a table that is removed.
 */
export const serveRestored = async (
  { deskOn, clock }: ServePorts,
  { scratchTable, drillId }: { readonly scratchTable: string; readonly drillId: string },
): Promise<Served> => {
  const desk = deskOn(scratchTable);
  let readAt: string | null = null;
  try {
    await firstRead(desk);
    readAt = isoInstant(clock.now());
    const number = await firstWrite(desk, drillId);
    const message = `Read from the restored table, then opened ${number} in it.`;
    return { of: 'serve', readAt, writeAt: isoInstant(clock.now()), message };
  } catch (error) {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { of: 'serve', readAt, writeAt: null, message: message.slice(0, 500) };
  }
};
