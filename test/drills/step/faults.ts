/** Mistakes that a drill could make. Each must be noticed by the simulation, or that would prove nothing. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export const plantedFaults: readonly Fault[] = [
  {
    name: 'each attempt to start has a token of its own',
    file: 'step.ts',
    from: 'return { do: wants, source, recoveryPoint, scratchTable, token, drillId: id };',
    to: 'return { do: wants, source, recoveryPoint, scratchTable, token: `${token}-${drill.version}`, drillId: id };',
  },
  {
    name: 'that a table may exist is written only once the restore was accepted',
    file: 'phases/choosing.ts',
    from: '      scratchMayExist: true,',
    to: '      scratchMayExist: false,',
  },
  {
    name: 'a drill that failed does not clean',
    file: 'phases/cleaning.ts',
    from: 'if (!known.scratchMayExist) return over(known, now);',
    to: "if (!known.scratchMayExist || verdict === 'failed') return over({ ...known, scratchMayExist: false }, now);",
  },
  {
    name: 'a cancelled restore leaves its table',
    file: 'phases/cleaning.ts',
    from: 'if (!known.scratchMayExist) return over(known, now);',
    to: 'if (!known.scratchMayExist || known.cancelRequested !== null) return over({ ...known, scratchMayExist: false }, now);',
  },
  {
    name: 'a check that was not made passes',
    file: 'outcome.ts',
    from: 'unknown: [unknown(`The check of ${name} could not be made: ${detail}.`)],',
    to: 'unknown: [],',
  },
  {
    name: 'a missed objective passes',
    file: 'outcome.ts',
    from: 'if (met) return [remark(',
    to: 'if (met || bound > 0) return [remark(',
  },
  {
    name: 'an empty copy passes',
    file: 'outcome.ts',
    from: '...(items > 0 && compared > 0 ?',
    to: '...(items >= 0 && compared >= 0 ?',
  },
  {
    name: 'damage that was counted is not looked at',
    file: 'outcome.ts',
    from: 'const wrong = missing + altered + torn;',
    to: 'const wrong = 0;',
  },
  {
    name: 'another table that was changed since accuses its copy',
    file: 'outcome.ts',
    from: 'if (!isOwn(drill) && !isProven(checks)) return [unknown(differenceOfOther(',
    to: 'if (drill.id === "") return [unknown(differenceOfOther(',
  },
  {
    name: 'a check that failed only makes it unknown',
    file: 'outcome.ts',
    from: 'failed: [failed(`The check of ${name} failed: ${detail}.`)],',
    to: 'failed: [unknown(`The check of ${name} failed: ${detail}.`)],',
  },
  {
    name: 'without a manifest it passes',
    file: 'outcome.ts',
    from: '...(own && drill.manifest === null',
    to: '...(own && drill.manifest === undefined',
  },
  {
    name: 'looks come ever later',
    file: 'limits.ts',
    from: 'paces.find(({ within }) => waitedMs < within)?.every ?? 120 * second;',
    to: 'Math.max(15 * second, waitedMs);',
  },
  {
    name: 'a restore that hangs is waited for without an end',
    file: 'limits.ts',
    from: "'look-at-restore': 24 * hour,",
    to: "'look-at-restore': Number.POSITIVE_INFINITY,",
  },
  {
    name: 'a second recovery point is not tried',
    file: 'phases/choosing.ts',
    from: 'arn !== null && !drill.unusable.includes(arn) &&',
    to: 'arn !== null && drill.unusable.length === 0 &&',
  },
  {
    name: 'a recovery point of after the declaration is taken',
    file: 'phases/choosing.ts',
    from: ' && ms(createdAt) <= ms(declaredAt))',
    to: ')',
  },
  {
    name: 'the error bound is dropped',
    file: 'phases/turn.ts',
    from: 'closeLeg(drill, name, now, secondsBetween(unseenSince(drill, name, now), now))',
    to: 'closeLeg(drill, name, now)',
  },
  {
    name: 'a fresh backup’s end is noticed late without a bound',
    file: 'phases/choosing.ts',
    from: "if (job.state === 'completed') return backedUp(drill, instants, job.completedAt, recoveryPoint);",
    to: "if (job.state === 'completed') return backedUp(drill, instants, null, recoveryPoint);",
  },
  {
    name: 'the bound of the newest canary is a minute, although ticks may be missing',
    file: 'outcome.ts',
    from: 'const bound = secondsBetween(newest, ms(integrity?.nextCanaryAt ?? declaredAt));',
    to: 'const bound = 60;',
  },
  {
    name: 'the source is scanned before everything was committed',
    file: 'phases/restoring.ts',
    from: 'Math.max(now, ms(drill.declaredAt ?? drill.requestedAt) + commitMs)',
    to: 'now',
  },
  {
    name: 'that a table is gone is believed before a restore must have shown',
    file: 'phases/cleaning.ts',
    from: 'if (drill.settlesAt === null || instants.from >= ms(drill.settlesAt)) return removed(drill, instants);',
    to: 'return removed(drill, instants);',
  },
  {
    name: 'a table of somebody else is removed',
    file: 'phases/cleaning.ts',
    from: '{ ...drill, scratchMayExist: false },\n    now,',
    to: '{ ...drill, scratchMayExist: true },\n    now,',
  },
  {
    name: 'an observation of an earlier turn is looked at',
    file: 'step.ts',
    from: 'observation.of === drill.wants && made.turn === drill.turn;',
    to: "(observation.of === drill.wants || observation.of === 'start-restore');",
  },
  {
    name: 'a fresh disaster is declared when the backup begins',
    file: 'phases/choosing.ts',
    from: 'const at = Math.min(completedAt === null ? instants.now : ms(completedAt), instants.now);',
    to: "const at = ms(drill.legs.find(({ name }) => name === 'backup')?.startedAt ?? '');",
  },
  {
    name: 'a removal that was refused counts as done',
    file: 'phases/cleaning.ts',
    from: 'return observation.removed ? gone(drill, instants) : lookAgain(drill, instants);',
    to: 'return gone(drill, instants);',
  },
];
