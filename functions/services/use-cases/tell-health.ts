import { NotFound } from '../../platform/errors.ts';
import { type Freshness, type LastDrill, recoverability, type Service } from '../domain/service.ts';
import type { HealthPorts } from './ports.ts';

export interface Health {
  readonly service: Service;
  readonly recoverability: ReturnType<typeof recoverability>;
  readonly lastDrill: LastDrill | null;
  readonly recoveryPoint: (Freshness & { readonly withinObjective: boolean | null }) | null;
}

/** Whether what is promised of a service's data holds: the last drill, and the age of what could be restored now. @throws NotFound */
export const tellHealth = async (ports: HealthPorts, id: string): Promise<Health> => {
  const read = await ports.services.find(id);
  if (read === null) throw new NotFound('service', id);
  const { service } = read;
  const { table, objectives } = service;
  const [lastDrill, freshness] =
    table === null ? [null, null] : await Promise.all([ports.lastDrillOf(table), ports.freshnessOf(table)]);
  const age = freshness?.ageSeconds ?? null;
  return {
    service,
    recoverability: recoverability(service, lastDrill, freshness),
    lastDrill,
    recoveryPoint:
      freshness === null
        ? null
        : { ...freshness, withinObjective: age === null || objectives === null ? null : age <= objectives.rpoSeconds },
  };
};
