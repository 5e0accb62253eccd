import { isoInstant, milliseconds } from '../../platform/clock.ts';
import { NotFound, ValidationFailed } from '../../platform/errors.ts';
import { firstShift, onCallAt, type Shift, shiftsBetween } from '../domain/on-call.ts';
import { type Rota, scheduleDays, scheduleDaysAtMost } from '../domain/rota.ts';
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

const dayMs = 86_400_000;

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

/** @throws ValidationFailed when it is no time, or too long a one. */
const windowOf = (
  wanted: { readonly from?: string | undefined; readonly to?: string | undefined },
  now: number,
): { readonly from: number; readonly to: number } => {
  const from = wanted.from === undefined ? now : milliseconds(wanted.from);
  const to = wanted.to === undefined ? from + scheduleDays * dayMs : milliseconds(wanted.to);
  if (from < to && to - from <= scheduleDaysAtMost * dayMs) return { from, to };
  throw new ValidationFailed([
    { path: 'to', message: `must be after \`from\`, and at most ${scheduleDaysAtMost} days` },
  ]);
};

/** All shifts that touch a time, in order; the first and the last may reach out of it. @throws NotFound, ValidationFailed */
export const tellSchedule = async (
  ports: OnCallPorts,
  rotaId: string,
  wanted: { readonly from?: string | undefined; readonly to?: string | undefined },
): Promise<readonly ToldShift[]> => {
  const { from, to } = windowOf(wanted, ports.clock.now());
  const rota = await tellingOf(ports, rotaId, isoInstant(from));
  const shifts = shiftsBetween(rota, from, to);
  const names = await ports.people.namesOf(shifts.map(({ agentId }) => agentId));
  return shifts.map((one) => ({ ...one, name: nameIn(names, one.agentId) }));
};
