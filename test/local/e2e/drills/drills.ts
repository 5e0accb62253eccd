import { AssemblyCopy, projectAssembly } from '../assembly-copy.ts';
import { eventually, type Json, RunningDesk, stopDesks } from '../running-desk.ts';

const minute = 60_000;

const copies = new Set<AssemblyCopy>();

/** A desk for drills: comfortable, so that it is quick, and with an administrator of its account. */
export const startDrillDesk = async (startAt: number | null = null): Promise<RunningDesk> => {
  const copy = new AssemblyCopy(await projectAssembly());
  copies.add(copy);
  copy.addAdministrator();
  return RunningDesk.start(copy.directory, startAt, 'comfortable');
};

/** Stops all desks; the bundles that they run lie in the copies. */
export const stopDrillDesks = async (): Promise<void> => {
  await stopDesks();
  for (const copy of copies) copy.remove();
  copies.clear();
};

export const objectives = { rpoSeconds: 3600, rtoSeconds: 14_400 };

export const startDrill = (desk: RunningDesk, order: object = {}): Promise<Json> =>
  desk.ask('/v1/drills', { table: 'operations', method: 'backup', objectives, ...order }, 'engineer');

export const drillOf = (desk: RunningDesk, id: string): Promise<Json> =>
  desk.ask(`/v1/drills/${id}`, undefined, 'auditor');

/** Waits in real time until something holds of a drill. */
export const waitedFor = (
  desk: RunningDesk,
  id: string,
  what: string,
  holds: (drill: Json) => boolean,
): Promise<Json> =>
  eventually(`drill ${id}: ${what}`, 120, async () => {
    const drill = await drillOf(desk, id);
    return holds(drill) ? drill : null;
  });

export const isOver = ({ state }: Json): boolean => state === 'done' || state === 'cancelled';

/** Lets virtual time pass until a drill is over. */
export const ended = async (desk: RunningDesk, id: string, stepMs = 2 * minute, steps = 60): Promise<Json> => {
  for (let turns = 0; turns < steps; turns += 1) {
    const drill = await drillOf(desk, id);
    if (isOver(drill)) return drill;
    await desk.timeTo((await desk.now()) + stepMs);
  }
  throw new Error(`drill ${id} is still ${(await drillOf(desk, id)).state}`);
};

export const backupSettings = (desk: RunningDesk, settings: object): Promise<unknown> =>
  desk.as('admin', '/_local/backup', { method: 'PATCH', body: settings });

export const checkOf = ({ integrity }: Json, name: string): Json =>
  integrity.checks.find((check: Json) => check.name === name);
