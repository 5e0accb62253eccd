import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { NotFound } from '../../platform/errors.ts';
import { firstShift, onCallAt, type Shift, shiftsBetween } from '../domain/on-call.ts';
import type { Rota } from '../domain/rota.ts';
import type { OnCallPorts } from './ports.ts';

/** A shift with its person's name; without a person before the rota begins and after its end. */
export interface ToldOnCall {
  readonly agentId: string | null;
  readonly name: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly source: Shift['source'] | null;
  readonly overrideId: string | null;
  readonly next: { readonly agentId: string; readonly name: string; readonly from: string } | null;
}

export interface ToldShift extends Shift {
  readonly name: string;
}

type Ports = Pick<OnCallPorts, 'rotas' | 'people'>;

/** The rota as it can tell of an instant: its head from the present shift on, and its events for what was before. */
const tellingOf = async ({ rotas }: Ports, rotaId: string, at: string): Promise<Rota> => {
  const read = await rotas.find(rotaId);
  if (read === null) throw new NotFound('on-call rota', rotaId);
  const { rota } = read;
  if (rota.keptFrom === null || rota.keptFrom <= at) return rota;
  const whole = await rotas.history(rotaId);
  if (whole === null) throw new Error(`the history of ${rotaId} is missing`);
  return whole;
};

const nameIn = (names: ReadonlyMap<string, string>, agentId: string): string => names.get(agentId) ?? agentId;

const nobody = { agentId: null, name: null, source: null, overrideId: null } as const;

/** Who is or was on call at an instant, and who takes over. @throws NotFound */
export const tellOnCall = async (ports: Ports, rotaId: string, at: number): Promise<ToldOnCall> => {
  const rota = await tellingOf(ports, rotaId, isoInstant(at));
  const now = onCallAt(rota, at);
  const ended = rota.archivedAt !== null && milliseconds(rota.archivedAt) <= at;
  const first = now === null && !ended ? firstShift(rota) : null;
  const next = now === null ? first : now.next;
  const names = await ports.people.namesOf([now?.agentId, next?.agentId].filter((id) => id !== undefined));
  const toldNext = next === null ? null : { agentId: next.agentId, name: nameIn(names, next.agentId), from: next.from };
  if (now === null)
    return { ...nobody, from: ended ? rota.archivedAt : null, to: toldNext?.from ?? null, next: toldNext };
  return { ...now, name: nameIn(names, now.agentId), next: toldNext };
};

/** All shifts that touch a time, in order; the first and the last may reach out of it. @throws NotFound */
export const tellSchedule = async (
  ports: Ports,
  rotaId: string,
  from: number,
  to: number,
): Promise<readonly ToldShift[]> => {
  const rota = await tellingOf(ports, rotaId, isoInstant(from));
  const shifts = shiftsBetween(rota, from, to);
  const names = await ports.people.namesOf(shifts.map(({ agentId }) => agentId));
  return shifts.map((one) => ({ ...one, name: nameIn(names, one.agentId) }));
};
