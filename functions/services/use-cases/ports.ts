import type { Actor } from '../../platform/actor.ts';
import type { Clock } from '../../platform/clock.ts';
import { AlreadyExists, ValidationFailed } from '../../platform/errors.ts';
import type { TransactItem } from '../../platform/store/transact.ts';
import type { Freshness, LastDrill, NewService, Service } from '../domain/service.ts';
import { type ReadService, type ServiceStore, TableTaken } from '../store.ts';

/** What the use cases of services work with. */
export interface ServicePorts {
  readonly services: Pick<ServiceStore, 'find' | 'list' | 'commit'>;
  readonly people: { teamExists(id: string): Promise<boolean> };
  /** Tables whose restore can be drilled. */
  readonly tables: readonly string[];
  readonly clock: Clock;
}

/** What the health of a service is made of. */
export interface HealthPorts extends Pick<ServicePorts, 'services'> {
  /** The last drill of a table that was concluded, or null. */
  readonly lastDrillOf: (table: string) => Promise<LastDrill | null>;
  readonly freshnessOf: (table: string) => Promise<Freshness | null>;
}

export type Remember = (service: Service) => TransactItem | undefined;

/** What is undefined stays as it is. @throws ValidationFailed */
export const checkFields = async (
  { people, tables }: Pick<ServicePorts, 'people' | 'tables'>,
  { ownerTeamId, table }: { readonly [Field in 'ownerTeamId' | 'table']?: NewService[Field] | undefined },
): Promise<void> => {
  if (ownerTeamId != null && !(await people.teamExists(ownerTeamId)))
    throw new ValidationFailed([{ path: 'ownerTeamId', message: 'is not a team here' }]);
  if (table != null && !tables.includes(table))
    throw new ValidationFailed([
      { path: 'table', message: `is no table that can be drilled; there are: ${tables.join(', ')}` },
    ]);
};

/** Commits, and says in a caller's words that a table has its service already. */
export const committed = async (
  { services }: Pick<ServicePorts, 'services'>,
  before: ReadService | null,
  service: Service,
  event: {
    readonly type: `service.${string}`;
    readonly actor: Actor;
    readonly data: Readonly<Record<string, unknown>>;
  },
  once: TransactItem | undefined,
): Promise<void> => {
  try {
    await services.commit(before, service, event, once);
  } catch (error) {
    if (error instanceof TableTaken) throw new AlreadyExists(`Another service has the table ${service.table} already.`);
    throw error;
  }
};
