import { Chance } from './chance.ts';
import { agrees, type Engine, inOrder, readings } from './engine.ts';
import { reference, type WatchReading } from './reference.ts';
import { type World, world } from './world.ts';

/** How often something was met. */
export type Tally = Readonly<Record<string, number>>;

export interface Difference {
  readonly seed: number;
  readonly world: World;
  readonly engine: readonly WatchReading[];
  readonly model: readonly WatchReading[];
}

/** Seeds of worlds lie far apart, so that no two runs share some. */
const worldSeed = (seed: number, index: number): number => (Math.imul(seed, 0x9e3779b1) + index) >>> 0;

/** Compares engine and model on worlds of one seed until they differ. What the engine throws is a difference too. */
export const compare = (
  engine: Engine,
  { seed, worlds, first = 0, step = 1 }: { seed: number; worlds: number; first?: number; step?: number },
): { readonly tally: Tally; readonly difference: Difference | null } => {
  const tally: Record<string, number> = {};
  for (let index = first; index < worlds; index += step) {
    const made = world(new Chance(worldSeed(seed, index)));
    const theirs = reference(made);
    const mine = saidBy(engine, made);
    if (!agrees(mine, theirs)) {
      const difference = { seed: worldSeed(seed, index), world: made, engine: inOrder(mine), model: inOrder(theirs) };
      return { tally, difference };
    }
    for (const { metric, state, told } of theirs) {
      const kinds = told.map((name) => name.split(' ')[0] ?? name);
      for (const what of [metric, state, ...kinds]) tally[what] = (tally[what] ?? 0) + 1;
    }
  }
  return { tally, difference: null };
};

const saidBy = (engine: Engine, made: World): readonly WatchReading[] => {
  try {
    return readings(engine, made);
  } catch {
    return [];
  }
};
