import { DDSketch } from '@datadog/sketches-js';
import * as fc from 'fast-check';
import { distributionOf, exactUpTo, mergeDistributions, quantileOf } from '../../functions/kpis/domain/distribution.ts';
import { decodeDistribution, encodeDistribution } from '../../functions/kpis/store/distribution-bytes.ts';

const values = fc.array(fc.oneof(fc.nat(100), fc.nat(5_000), fc.nat(3_000_000)), { minLength: 1, maxLength: 300 });
const percents = [1, 50, 90, 95, 99, 100];
const exact = (of: readonly number[], percent: number) =>
  of.toSorted((a, b) => a - b)[Math.ceil((percent * of.length) / 100) - 1] ?? NaN;

it('percentiles are exact for few values and within 1 % for many', () => {
  fc.assert(
    fc.property(values, (all) => {
      for (const percent of percents) {
        const answer = quantileOf(distributionOf(all), percent / 100);
        const right = exact(all, percent);
        if (all.length <= exactUpTo) expect(answer).toBe(right);
        else expect(Math.abs((answer ?? NaN) - right)).toBeLessThanOrEqual(right * 0.01 + 1e-9);
      }
    }),
  );
});

it('depend on the values alone: not on how they were merged, nor on having been stored', () => {
  fc.assert(
    fc.property(fc.array(values, { maxLength: 5 }), fc.nat(4), (parts, cut) => {
      const stored = parts.map((part) => decodeDistribution(encodeDistribution(distributionOf(part))));
      const bytes = (distribution: ReturnType<typeof distributionOf>) =>
        Buffer.from(encodeDistribution(distribution)).toString('hex');
      const twoSteps = mergeDistributions([mergeDistributions(stored.slice(cut)), ...stored.slice(0, cut)]);
      expect(bytes(twoSteps)).toBe(bytes(distributionOf(parts.flat())));
    }),
  );
});

it('many values lie in the buckets of the published DDSketch', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3_000_000 }), { minLength: exactUpTo + 1, maxLength: 200 }),
      (all) => {
        const sketch = new DDSketch({ relativeAccuracy: 0.01 });
        for (const value of all) sketch.accept(value);
        const median = Math.ceil(all.length / 2) - 1;
        expect(quantileOf(distributionOf(all), 0.5)).toBeCloseTo(
          sketch.mapping.value(sketch.store.keyAtRank(median)),
          6,
        );
      },
    ),
  );
});

it('is small when stored: 200 tickets of a day in 600 bytes, any number in 2,000', () => {
  const spread = (count: number) =>
    Array.from({ length: count }, (_unused, index) => Math.round(60 * 5_000 ** (((index * 7_919) % count) / count)));
  expect(encodeDistribution(distributionOf(spread(200))).length).toBeLessThan(600);
  expect(encodeDistribution(distributionOf(spread(100_000))).length).toBeLessThan(2_000);
});

it('of nothing has no percentiles', () => {
  expect(quantileOf(distributionOf([]), 0.5)).toBeNull();
});
