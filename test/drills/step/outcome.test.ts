import { answerOf, drillAnswerSchema } from '../../../functions/drills/domain/answer.ts';
import { estimateOf } from '../../../functions/drills/domain/cost.ts';
import type { Drill } from '../../../functions/drills/domain/drill.ts';
import { checkNames, type Integrity } from '../../../functions/drills/domain/integrity.ts';
import { knownFailures, outcomeOf, rpoOf, rtoOf } from '../../../functions/drills/domain/outcome.ts';
import { at, begun, clean, iso, ofOther, source, walk } from './way.ts';

const passed = walk(begun()).drill;
const withIntegrity = (changes: Partial<Integrity>): Drill => ({ ...passed, integrity: { ...clean, ...changes } });
const verdictOf = (drill: Drill) => outcomeOf(drill).verdict;

it('passes when all was checked and right, and says by how much', () => {
  const { verdict, reasons } = outcomeOf(passed);
  expect(verdict).toBe('passed');
  expect(reasons).toEqual([
    'The RPO is met: 1 h, at most 1 min less; the objective is 2 h.',
    expect.stringMatching(/^The RTO is met: \d+ s, at most \d+ s less; the objective is 1 h\.$/),
  ]);
});

it.each([...checkNames])('%s: failed is failed; unknown, left out or not applicable is unknown', (name) => {
  const changed = (result: 'failed' | 'unknown' | 'not_applicable') =>
    withIntegrity({ checks: clean.checks.map((check) => (check.name === name ? { ...check, result } : check)) });
  expect(verdictOf(changed('failed'))).toBe('failed');
  expect(verdictOf(changed('unknown'))).toBe('unknown');
  expect(verdictOf(changed('not_applicable'))).toBe('unknown');
  expect(verdictOf(withIntegrity({ checks: clean.checks.filter((check) => check.name !== name) }))).toBe('unknown');
});

it.each([
  ['nothing in the copy', withIntegrity({ items: 0 }), 'unknown'],
  ['nothing compared', withIntegrity({ compared: 0 }), 'unknown'],
  ['no canary', withIntegrity({ newestCanaryAt: null }), 'unknown'],
  ['lost records not counted', withIntegrity({ lostRecords: null }), 'unknown'],
  ['missing items', withIntegrity({ missing: 1 }), 'failed'],
  ['altered items', withIntegrity({ altered: 1 }), 'failed'],
  ['torn items', withIntegrity({ torn: 1 }), 'failed'],
  ['no manifest', { ...passed, manifest: null }, 'unknown'],
  ['a scan that was not ended', { ...passed, sourceScan: { ...passed.sourceScan!, done: false } }, 'unknown'],
  ['not compared at all', { ...passed, integrity: null }, 'unknown'],
  ['no read', { ...passed, served: { ...passed.served, readAt: null } }, 'failed'],
  ['missed RPO', { ...passed, objectives: { rpoSeconds: 3599, rtoSeconds: 3600 } }, 'failed'],
  ['missed RTO', { ...passed, objectives: { rpoSeconds: 3600, rtoSeconds: 1 } }, 'failed'],
] as const)('%s', (_, drill, verdict) => {
  expect(verdictOf(drill)).toBe(verdict);
});

it('a miss within the error bound is a miss, and says that it may be none', () => {
  const { reasons } = outcomeOf({ ...passed, objectives: { rpoSeconds: 3599, rtoSeconds: 3600 } });
  expect(reasons[0]).toMatch(/^The RPO is missed by 1 s: .* may have been met within the error bound/);
});

it('the RPO reaches to the next tick of the source, or to the declaration when there was none', () => {
  expect(rpoOf(withIntegrity({ nextCanaryAt: iso(at('09:03:00')) }))).toMatchObject({
    seconds: 3600,
    errorBoundSeconds: 180,
  });
  expect(rpoOf(withIntegrity({ nextCanaryAt: null }))).toMatchObject({ seconds: 3600, errorBoundSeconds: 3600 });
});

it('the RTO is to the later of read and write', () => {
  const served = { readAt: iso(at('10:20:00')), writeAt: iso(at('10:10:00')) };
  expect(rtoOf({ ...passed, served }).seconds).toBe(1200);
  expect(rtoOf({ ...passed, served: { ...served, writeAt: null } })).toEqual({
    seconds: null,
    errorBoundSeconds: null,
    met: null,
  });
});

it('the bound of the RTO is a sum of milliseconds, with no more digits than those have', () => {
  const legs = passed.legs.map((leg) => ({ ...leg, errorBoundSeconds: 0.1 }));
  expect(String(rtoOf({ ...passed, legs }).errorBoundSeconds)).toMatch(/^\d\.\d$/);
});

it('of another table the indexes must be checked when it has some', () => {
  const other: Drill = { ...passed, table: 'orders', integrity: ofOther(clean) };
  expect(verdictOf(other)).toBe('passed');
  const left = {
    ...other,
    integrity: { ...ofOther(clean), checks: ofOther(clean).checks.filter(({ name }) => name !== 'indexes') },
  };
  expect(verdictOf(left)).toBe('unknown');
  expect(verdictOf({ ...left, source: { ...source, indexes: [] } })).toBe('passed');
});

it('of another table what differs proves nothing, neither way: nothing tells whether the source was changed since', () => {
  const other = (changes: Partial<Integrity>): Drill => ({
    ...passed,
    table: 'orders',
    integrity: { ...ofOther(clean), ...changes },
  });
  const withCheck = (name: string, result: 'failed' | 'unknown') =>
    ofOther(clean).checks.map((check) => (check.name === name ? { ...check, result, detail: 'ORD#7' } : check));
  for (const counts of [{ missing: 1 }, { altered: 2 }, { missing: 1, checks: withCheck('items', 'unknown') }]) {
    const { verdict, reasons } = outcomeOf(other(counts));
    expect(verdict).toBe('unknown');
    expect(reasons.join(' ')).toContain('If nobody has written to orders since');
    expect(reasons.join(' ')).not.toContain('The copy is not what was backed up');
    expect(knownFailures(other(counts))).toEqual([]);
  }
  // What has nothing to do with the source is wrong whatever became of that.
  for (const name of ['schema', 'indexes'])
    expect(verdictOf(other({ checks: withCheck(name, 'failed') }))).toBe('failed');
});

it('is answered before it knows anything: nulls and unknown checks, no zero that looks good', () => {
  const answer = drillAnswerSchema.parse(answerOf(begun({ recoveryPoint: 'fresh' })));
  expect(answer).toMatchObject({ state: 'preparing', verdict: null, declaredAt: iso(at('10:00:00')) });
  expect(answer.rpo).toMatchObject({ seconds: null, met: null, lostRecords: null });
  expect(answer.rto).toEqual({ seconds: null, errorBoundSeconds: null, met: null });
  expect(answer.integrity.checks.map(({ result }) => result)).toEqual(checkNames.map(() => 'unknown'));
});

it('costs more with size, indexes, a backup of its own, and outside the United States', () => {
  const plain = estimateOf(source, null, false);
  // A gigabyte: the restore, three scans of 262,144 pages at a tenth more, a day of two gigabytes, some writes.
  expect(plain).toBeCloseTo(0.15 + (262_144 * 1.1 * 3 * 0.125) / 1e6 + (2 * 0.25) / 30 + (500 * 0.625) / 1e6, 3);
  expect(estimateOf({ ...source, sizeBytes: 2 * source.sizeBytes }, null, false)).toBeGreaterThan(1.9 * plain);
  expect(estimateOf(source, { sizeBytes: 5 * source.sizeBytes }, false)).toBeGreaterThan(4 * plain);
  expect(estimateOf(source, null, true)).toBeGreaterThan(plain + 0.1);
  const europe = { ...source, tableArn: source.tableArn.replace('us-east-1', 'eu-central-1') };
  expect(estimateOf(europe, null, false)).toBeCloseTo(1.25 * plain, 3);
});
