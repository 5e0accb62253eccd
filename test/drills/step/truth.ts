import { type Drill, type LegName, legNames } from '../../../functions/drills/domain/drill.ts';
import type { Engine } from './engine.ts';
import { type World } from './world.ts';

/** What the model knows, held against what a drill says; it shares no code with the drill. */
export interface Case {
  readonly drill: Drill;
  readonly world: World;
  readonly engine: Engine;
  readonly longestWaitMs: number;
  readonly longestTurnMs: number;
}

const at = (instant: string): number => Date.parse(instant);

const endOf = ({ legs }: Drill, name: LegName): number | null => {
  const endedAt = legs.find((leg) => leg.name === name)?.endedAt ?? null;
  return endedAt === null ? null : at(endedAt);
};

const endFaults = ({ drill, world, longestWaitMs, longestTurnMs }: Case): string[] => [
  ...(drill.state === 'done' || drill.state === 'cancelled' ? [] : [`never ended: ${drill.state}, ${drill.wants}`]),
  ...(drill.state === 'done' && drill.verdict === null ? ['done without a verdict'] : []),
  ...(drill.state === 'done' && drill.reasons.length === 0 ? ['a verdict without a reason'] : []),
  ...(drill.state === 'cancelled' && drill.verdict !== null ? ['cancelled with a verdict'] : []),
  ...((drill.state === 'cancelled') === (drill.cancelRequested !== null)
    ? []
    : ['cancelled, or not, against what was asked']),
  ...(world.restores.length > 1 ? [`${world.restores.length} restores`] : []),
  ...(world.backups > 1 ? [`${world.backups} backups`] : []),
  ...(world.tableLeft ? ['a scratch table is left'] : []),
  ...(drill.scratchMayExist ? ['a scratch table may be left'] : []),
  ...(drill.endedAt !== null && world.isThere(at(drill.endedAt)) ? ['over, and the scratch table is still there'] : []),
  ...(longestTurnMs > 24.5 * 3600_000 ? [`wanted the same for ${longestTurnMs / 3600_000} h`] : []),
  ...(world.foreignRemoved ? ['somebody else’s table was removed'] : []),
  ...(longestWaitMs > 120_000 ? [`looked away for ${longestWaitMs / 1000} s`] : []),
];

/** The time of nobody looking, by what the model knows of when things were so. */
const wastedMs = ({ drill, world }: Case): number => {
  const activeAt = world.used?.activeAt ?? 0;
  const seenActive = endOf(drill, 'table-active') ?? activeAt;
  const rearmMs = (endOf(drill, 'rearmed') ?? 0) - seenActive;
  const rearmWasted = Math.max(0, rearmMs - world.rearmIdealMs - world.rearmCallMs);
  return Math.max(0, seenActive - activeAt) + rearmWasted;
};

/** An instant earlier than what is said by at most the bound. */
const outside = (truth: number, seconds: number, bound: number): boolean =>
  truth > seconds + 0.001 || truth < seconds - bound - 0.001;

const figureFaults = (one: Case): string[] => {
  const { drill, world, engine } = one;
  const { rpo, rto } = engine.drillAnswerSchema.parse(engine.answerOf(drill));
  const declaredAt = drill.declaredAt === null ? null : at(drill.declaredAt);
  const faults: string[] = [];
  if (world.used !== null && declaredAt !== null && rpo.seconds !== null && rpo.errorBoundSeconds !== null) {
    const truth = Math.max(0, declaredAt - world.used.point.copyAt) / 1000;
    if (outside(truth, rpo.seconds, rpo.errorBoundSeconds))
      faults.push(`RPO ${rpo.seconds} s, bound ${rpo.errorBoundSeconds} s, but it was ${truth} s`);
  }
  if (declaredAt !== null && rto.seconds !== null && rto.errorBoundSeconds !== null) {
    const truth = rto.seconds - wastedMs(one) / 1000;
    if (outside(truth, rto.seconds, rto.errorBoundSeconds))
      faults.push(`RTO ${rto.seconds} s, bound ${rto.errorBoundSeconds} s, but it was ${truth} s`);
  }
  if (world.own && drill.integrity !== null && declaredAt !== null) {
    const lost = world.lostBefore(declaredAt).length;
    if (drill.integrity.lostRecords !== lost)
      faults.push(`${drill.integrity.lostRecords} records lost, but ${lost} were`);
  }
  const exact = world.backup !== null && world.exact && !world.backup.fails && declaredAt !== null;
  if (exact && declaredAt !== world.backup?.endsAt) faults.push('not declared when the backup was complete');
  return faults;
};

const isClean = ({ drill, world }: Case): boolean => {
  const applies =
    world.unknownCheck === null ||
    world.own ||
    ['scan', 'schema', 'items', 'contents'].every((name) => name !== world.unknownCheck);
  return (
    world.used !== null &&
    world.used.point.damage === 'none' &&
    world.compared &&
    !world.emptyCopy &&
    (world.own ? world.unknownCheck === null && world.serves === 'both' && drill.manifest !== null : applies)
  );
};

const verdictFaults = (one: Case): string[] => {
  const { drill, world } = one;
  const faults: string[] = [];
  // Unless just the check that it shows in was not made.
  const hidden = world.shows === 'checks' && world.unknownCheck !== null;
  const damaged = drill.integrity !== null && world.used !== null && world.used.point.damage !== 'none' && !hidden;
  const noticed = drill.verdict === 'failed' || (!world.own && drill.verdict === 'unknown');
  if (damaged && drill.state === 'done' && !noticed) faults.push(`${drill.verdict}, but the copy was damaged`);
  if (!world.own && !world.atRest && drill.reasons.some((reason) => /not what was backed up/.test(reason)))
    faults.push('accused the copy of another table, which may have been changed since');
  const none = drill.verdict === 'failed' && drill.recoveryPointUsed === null && drill.unusable.length > 0;
  const left = world.points.filter(
    ({ createdAt, listedAt, usable }) =>
      usable && at(createdAt) <= at(drill.declaredAt ?? createdAt) && listedAt <= at(drill.requestedAt),
  );
  if (none && left.length > 0 && world.denied !== 'list-recovery-points')
    faults.push('gave up, but another recovery point could be restored');
  const createdAt = drill.recoveryPointUsed?.createdAt;
  if (createdAt !== undefined && drill.declaredAt !== null && at(createdAt) > at(drill.declaredAt))
    faults.push('the recovery point is of after the declaration');
  if (drill.verdict !== 'passed') return faults;
  if (!isClean(one)) faults.push('passed, but not everything was checked and right');
  const truth = (at(drill.declaredAt!) - (world.used?.point.copyAt ?? 0)) / 1000;
  if (truth > drill.objectives.rpoSeconds) faults.push(`passed with an RPO of ${truth} s`);
  const served = world.own ? drill.served.writeAt : drill.legs.find(({ name }) => name === 'integrity')!.endedAt;
  const rto = (at(served!) - at(drill.declaredAt!)) / 1000;
  if (rto > drill.objectives.rtoSeconds) faults.push(`passed with an RTO of ${rto} s`);
  return faults;
};

/** Legs in their order, each once, none ending before it began. */
const legFaults = ({ drill }: Case): string[] => {
  const order = drill.legs.map(({ name }) => legNames.indexOf(name));
  return [
    ...(order.every((place, index) => index === 0 || place > order[index - 1]!) ? [] : [`legs out of order: ${order}`]),
    ...drill.legs
      .filter(({ startedAt, endedAt }) => endedAt !== null && at(endedAt) < at(startedAt))
      .map(({ name }) => `${name} ended before it began`),
  ];
};

export const faultsOf = (one: Case): string[] => [
  ...endFaults(one),
  ...figureFaults(one),
  ...verdictFaults(one),
  ...legFaults(one),
];
