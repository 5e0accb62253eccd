import { type Drill, isOwn, type LegName, type Verdict } from './drill.ts';
import { inWords, ms, plusSeconds, secondsBetween } from './instants.ts';
import { checkNames, type CheckName, type CheckResult, type Integrity, type IntegrityCheck } from './integrity.ts';

/** How much would have been lost, in time and in records. */
export interface Rpo {
  /** The most that it can be; null when it was not measured. */
  readonly seconds: number | null;
  /** It may be so much less. */
  readonly errorBoundSeconds: number | null;
  readonly lostRecords: number | null;
  readonly oldestLostAt: string | null;
  readonly newestCanaryAt: string | null;
  /** Null when it could not be measured. */
  readonly met: boolean | null;
}

/** How long it took until the copy served. */
export interface Rto {
  readonly seconds: number | null;
  readonly errorBoundSeconds: number | null;
  readonly met: boolean | null;
}

/** A backup says when it was begun; the copy is of an instant soon after. Point-in-time recovery is exact to the second. */
const copyBoundSeconds = { backup: 60, pitr: 1 } as const;

const measured = (seconds: number, errorBoundSeconds: number, objective: number) => ({
  seconds,
  errorBoundSeconds: Math.min(errorBoundSeconds, seconds),
  met: seconds <= objective,
});

const unmeasured = { seconds: null, errorBoundSeconds: null, met: null } as const;

/** Of tables that have no canaries: by when the recovery point was made. */
const rpoOfOther = ({ declaredAt, recoveryPointUsed, method, objectives, integrity }: Drill): Rpo => {
  const lost = { lostRecords: integrity?.lostRecords ?? null, oldestLostAt: integrity?.oldestLostAt ?? null };
  if (declaredAt === null || recoveryPointUsed === null) return { ...unmeasured, ...lost, newestCanaryAt: null };
  const seconds = secondsBetween(ms(recoveryPointUsed.createdAt), ms(declaredAt));
  return { ...measured(seconds, copyBoundSeconds[method], objectives.rpoSeconds), ...lost, newestCanaryAt: null };
};

/** From the declaration back to the newest canary that the copy has; what was lost began before the next one. */
export const rpoOf = (drill: Drill): Rpo => {
  if (!isOwn(drill)) return rpoOfOther(drill);
  const { declaredAt, integrity, objectives } = drill;
  const { lostRecords = null, oldestLostAt = null, newestCanaryAt = null } = integrity ?? {};
  const lost = { lostRecords, oldestLostAt, newestCanaryAt };
  if (declaredAt === null || newestCanaryAt === null) return { ...unmeasured, ...lost };
  const newest = ms(newestCanaryAt);
  const seconds = secondsBetween(newest, ms(declaredAt));
  const bound = secondsBetween(newest, ms(integrity?.nextCanaryAt ?? declaredAt));
  return { ...measured(seconds, bound, objectives.rpoSeconds), ...lost };
};

const afterDeclaration: ReadonlySet<LegName> = new Set<LegName>([
  'recovery-point-chosen',
  'restore-accepted',
  'restore-completed',
  'table-active',
  'rearmed',
  'integrity',
  'first-read',
  'first-write',
]);

/** When the copy was of use: it served both, or, of a table that the product cannot serve, it had been checked. */
const usableAt = (drill: Drill): number | null => {
  const { readAt, writeAt } = drill.served;
  if (isOwn(drill)) return readAt === null || writeAt === null ? null : Math.max(ms(readAt), ms(writeAt));
  const checkedAt = drill.legs.find(({ name }) => name === 'integrity')?.endedAt ?? null;
  return checkedAt === null ? null : ms(checkedAt);
};

/** Somebody who looked all the time would have been faster by what nobody looked: the sum of the legs' bounds. */
export const rtoOf = (drill: Drill): Rto => {
  const at = usableAt(drill);
  if (at === null || drill.declaredAt === null) return unmeasured;
  const bound = drill.legs
    .filter(({ name }) => afterDeclaration.has(name))
    .reduce((sum, { errorBoundSeconds }) => plusSeconds(sum, errorBoundSeconds), 0);
  return measured(secondsBetween(ms(drill.declaredAt), at), bound, drill.objectives.rtoSeconds);
};

const ofOwnTable: ReadonlySet<string> = new Set<CheckName>(['canaries', 'chains', 'snapshot', 'manifest']);

/** Whether a check means nothing for this table: only there may it be left out without a word. */
const isApplicable = (drill: Drill, name: string): boolean =>
  isOwn(drill) || !(ofOwnTable.has(name) || (name === 'indexes' && drill.source?.indexes.length === 0));

const unchecked = (drill: Drill, name: CheckName): IntegrityCheck =>
  isApplicable(drill, name)
    ? { name, result: 'unknown', detail: 'not checked' }
    : { name, result: 'not_applicable', detail: `${drill.table} is not a table of the desk, or has no index` };

/** All checks, also those of which the comparison says nothing. */
export const checksOf = (drill: Drill): readonly IntegrityCheck[] => {
  const done = drill.integrity?.checks ?? [];
  const left = checkNames.filter((name) => done.every((check) => check.name !== name));
  return [...done, ...left.map((name) => unchecked(drill, name))];
};

interface Finding {
  readonly verdict: Verdict;
  readonly text: string;
}

const failed = (text: string): Finding => ({ verdict: 'failed', text });
const unknown = (text: string): Finding => ({ verdict: 'unknown', text });
/** Said, and no reason against passing. */
const remark = (text: string): Finding => ({ verdict: 'passed', text });

const checkFinding = (drill: Drill, check: IntegrityCheck): Finding[] => {
  const { name, result } = check;
  // Details are sentences themselves.
  const detail = check.detail.replace(/\.$/, '');
  const findings: Readonly<Record<CheckResult, Finding[]>> = {
    passed: [],
    failed: [failed(`The check of ${name} failed: ${detail}.`)],
    unknown: [unknown(`The check of ${name} could not be made: ${detail}.`)],
    not_applicable: isApplicable(drill, name) ? [unknown(`The check of ${name} was left out: ${detail}.`)] : [],
  };
  return findings[result];
};

/**
 * Items that differ. Only of the desk's own table it is known what must be in the copy; another one may have been written to since,
 * and then the comparison calls it unknown.
 */
const differenceFindings = (drill: Drill, { items, missing, altered, torn, checks }: Integrity): Finding[] => {
  const wrong = missing + altered + torn;
  if (wrong === 0) return [];
  if (!isOwn(drill) && !isProven(checks)) return [unknown(differenceOfOther(drill, { items, missing, altered }))];
  return [
    failed(
      `The copy is not what was backed up: ${missing} missing, ${altered} altered, ${torn} torn of ${items} items. Do not restore from this recovery point; look at the report for the keys.`,
    ),
  ];
};

const isProven = (checks: Integrity['checks']): boolean =>
  checks.some(({ name, result }) => (name === 'items' || name === 'contents') && result === 'failed');

const differenceOfOther = (
  { table, recoveryPointUsed }: Drill,
  { items, missing, altered }: Pick<Integrity, 'items' | 'missing' | 'altered'>,
): string =>
  `Of ${items} items of the copy ${altered} differ from those of ${table} as it is now, and ${missing} of its items are not in the copy. If nobody has written to ${table} since ${recoveryPointUsed?.createdAt ?? 'the copy was made'}, the copy is wrong: do not restore from this recovery point. Else drill it again when it is at rest.`;

const countFindings = (drill: Drill, integrity: Integrity): Finding[] => {
  const { items, compared, lostRecords } = integrity;
  return [
    ...differenceFindings(drill, integrity),
    ...(items > 0 && compared > 0 ? [] : [unknown(`Of ${items} items ${compared} were compared: that shows nothing.`)]),
    ...(isOwn(drill) && lostRecords === null
      ? [unknown('How many records would have been lost was not counted.')]
      : []),
  ];
};

const integrityFindings = (drill: Drill): Finding[] => {
  const { integrity, copyScan, sourceScan, comparison } = drill;
  if (integrity === null) return [unknown('The copy was not compared with its source.')];
  const whole = copyScan?.done === true && sourceScan?.done === true && comparison?.done === true;
  const own = isOwn(drill);
  return [
    ...checksOf(drill).flatMap((check) => checkFinding(drill, check)),
    ...countFindings(drill, integrity),
    ...(whole ? [] : [unknown('The tables were not read and compared to their end.')]),
    ...(own && drill.manifest === null
      ? [
          unknown(
            'There was no manifest of before the recovery point, so the copy was checked by its source alone. One is written each night, and by a drill that takes a fresh backup; drill again after that.',
          ),
        ]
      : []),
  ];
};

interface Measure {
  readonly seconds: number | null;
  readonly errorBoundSeconds: number | null;
  readonly met: boolean | null;
}

const objectiveFinding = (
  name: string,
  { seconds, errorBoundSeconds, met }: Measure,
  most: number,
  next: string,
): Finding[] => {
  if (seconds === null || met === null) return [unknown(`The ${name} could not be measured.`)];
  const bound = errorBoundSeconds ?? 0;
  const figures = `${inWords(seconds)}, at most ${inWords(bound)} less; the objective is ${inWords(most)}`;
  if (met) return [remark(`The ${name} is met: ${figures}.`)];
  const doubt = seconds - bound <= most ? ' It may have been met within the error bound, which is not proven.' : '';
  return [failed(`The ${name} is missed by ${inWords(seconds - most)}: ${figures}.${doubt} ${next}`)];
};

const servedFindings = (drill: Drill): Finding[] => {
  if (!isOwn(drill))
    return [
      remark(
        `${drill.table} is not a table of the desk: canaries, chains, snapshot, manifest and the first read and write do not apply. The RPO is by when the recovery point was made, the RTO until the copy was checked.`,
      ),
    ];
  const { readAt, writeAt } = drill.served;
  const missing = [readAt === null ? 'read' : null, writeAt === null ? 'write' : null].filter((what) => what !== null);
  return missing.map((what) => failed(`No ${what} was served from the copy.`));
};

const worst = (findings: readonly Finding[]): Verdict => {
  const met = new Set(findings.map(({ verdict }) => verdict));
  if (met.has('failed')) return 'failed';
  return met.has('unknown') ? 'unknown' : 'passed';
};

const rpoFindings = (drill: Drill): Finding[] =>
  objectiveFinding(
    'RPO',
    rpoOf(drill),
    drill.objectives.rpoSeconds,
    'Back up more often, or restore by point-in-time recovery, or promise less.',
  );

/** What is wrong for certain, of a drill that does not go the whole way. */
export const knownFailures = (drill: Drill): readonly string[] =>
  drill.integrity === null
    ? []
    : [...integrityFindings(drill), ...rpoFindings(drill)]
        .filter(({ verdict }) => verdict === 'failed')
        .map(({ text }) => text);

/**
 * What a drill that went the whole way came to. It passes only when everything that applies was checked and was right and both
 * objectives were met; what was not looked at is never taken for good.
 */
export const outcomeOf = (drill: Drill): { readonly verdict: Verdict; readonly reasons: readonly string[] } => {
  const findings = [
    ...integrityFindings(drill),
    ...servedFindings(drill),
    ...rpoFindings(drill),
    ...objectiveFinding('RTO', rtoOf(drill), drill.objectives.rtoSeconds, 'Look at the longest leg, or promise less.'),
  ];
  const order: readonly Verdict[] = ['failed', 'unknown', 'passed'];
  const reasons = order.flatMap((verdict) => findings.filter((one) => one.verdict === verdict).map(({ text }) => text));
  return { verdict: worst(findings), reasons };
};
