import type * as z from 'zod';
import { periodAt } from './domain/change.ts';
import type { Period, Rota } from './domain/rota.ts';
import type { rotaAnswer } from './routes.ts';

export type RotaBody = z.input<typeof rotaAnswer>;

const patternBody = ({ effectiveFrom, timezone, agentIds, startsOn, handover }: Period) => ({
  effectiveFrom,
  timezone,
  agentIds: [...agentIds],
  startsOn,
  handover,
});

/** A rota as it is at an instant, with what is planned for later. */
export const rotaBody = (rota: Rota, at: string): RotaBody => {
  const { id, teamId, name, archivedAt, version, createdAt, updatedAt } = rota;
  const present = periodAt(rota, at);
  if (present === undefined) throw new RangeError(`${id} has no period`);
  const planned = rota.periods.filter(({ effectiveFrom }) => effectiveFrom > present.effectiveFrom);
  return {
    id,
    teamId,
    name,
    ...patternBody(present),
    planned: planned.map(patternBody),
    archivedAt,
    version,
    createdAt,
    updatedAt,
  };
};
