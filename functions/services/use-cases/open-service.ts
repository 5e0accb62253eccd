import type { Actor } from '../../platform/actor.ts';
import { isoInstant } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import type { NewService, Service } from '../domain/service.ts';
import { checkFields, committed, type Remember, type ServicePorts } from './ports.ts';

/** Puts a service into the catalogue (S-01). @throws ValidationFailed, AlreadyExists when its table is another's */
export const openService = async (
  ports: ServicePorts,
  fields: NewService,
  actor: Actor,
  remember: Remember,
): Promise<Service> => {
  await checkFields(ports, fields);
  const now = ports.clock.now();
  const at = isoInstant(now);
  const service: Service = { id: newId('svc', now), ...fields, version: 1, createdAt: at, updatedAt: at };
  await committed(ports, null, service, { type: 'service.created', actor, data: { ...fields } }, remember(service));
  return service;
};
