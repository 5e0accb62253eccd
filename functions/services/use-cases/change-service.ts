import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { NotFound, StaleVersion } from '../../platform/errors.ts';
import { LostRace } from '../../platform/store/commit.ts';
import type { NewService, Service } from '../domain/service.ts';
import { checkFields, committed, type ServicePorts } from './ports.ts';

/** Fields to change; what is undefined stays. */
export type ServiceChanges = { readonly [Field in keyof NewService]?: NewService[Field] | undefined };

/**
 * Changes fields of a service, under If-Match; what is the same already is no change and leaves no event.
 * @throws NotFound, StaleVersion, ValidationFailed, AlreadyExists
 */
export const changeService = async (
  ports: ServicePorts,
  command: { readonly id: string; readonly ifMatch: number | null; readonly changes: ServiceChanges },
  actor: Actor,
): Promise<Service> => {
  const { id, ifMatch, changes } = command;
  const read = await ports.services.find(id);
  if (read === null) throw new NotFound('service', id);
  const { service } = read;
  if (ifMatch !== null && ifMatch !== service.version) throw new StaleVersion(service.version);
  await checkFields(ports, changes);
  const before: Readonly<Record<string, unknown>> = { ...service };
  const changed = Object.fromEntries(
    Object.entries(changes).filter(
      ([field, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(before[field]),
    ),
  );
  if (Object.keys(changed).length === 0) return service;
  const updatedAt = isoInstant(ports.clock.now());
  const next: Service = { ...service, ...changed, version: service.version + 1, updatedAt };
  try {
    await committed(ports, read, next, { type: 'service.changed', actor, data: { changed } }, undefined);
  } catch (error) {
    if (error instanceof LostRace) throw new StaleVersion(service.version + 1);
    throw error;
  }
  return next;
};
