import type { Distribution } from '../domain/distribution.ts';

/**
 * Distributions as bytes: a tag, then LEB128 numbers, each ascending series as its differences. About 2 bytes a value or
 * 3 bytes a bucket: a day of 200 tickets takes less than 600 bytes, however many there are less than 2,000.
 */
const tags = { values: 0, buckets: 1 } as const;

/** Differences of buckets begin below zero when values lie under one second. */
const lowestBucket = -1_000;

const writeNumber = (out: number[], value: number): void => {
  let rest = Math.round(value);
  while (rest >= 128) {
    out.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  out.push(rest);
};

const numbersOf = (bytes: Uint8Array): number[] => {
  const numbers: number[] = [];
  let value = 0;
  let scale = 1;
  for (const byte of bytes) {
    value += (byte % 128) * scale;
    scale *= 128;
    if (byte < 128) {
      numbers.push(value);
      value = 0;
      scale = 1;
    }
  }
  return numbers;
};

export const encodeDistribution = (distribution: Distribution): Uint8Array => {
  const out: number[] = [];
  writeNumber(out, tags[distribution.kind]);
  if (distribution.kind === 'values') {
    let before = 0;
    for (const value of distribution.values) {
      writeNumber(out, value - before);
      before = value;
    }
    return Uint8Array.from(out);
  }
  writeNumber(out, distribution.zeros);
  let before = lowestBucket;
  for (const [bucket, count] of distribution.counts) {
    writeNumber(out, bucket - before);
    writeNumber(out, count);
    before = bucket;
  }
  return Uint8Array.from(out);
};

export const decodeDistribution = (bytes: Uint8Array): Distribution => {
  const [tag = tags.values, ...numbers] = numbersOf(bytes);
  if (tag === tags.values) {
    let value = 0;
    return {
      kind: 'values',
      values: numbers.map((difference) => {
        value += difference;
        return value;
      }),
    };
  }
  const counts = new Map<number, number>();
  let bucket = lowestBucket;
  for (let index = 1; index + 1 < numbers.length; index += 2) {
    bucket += numbers[index] ?? 0;
    counts.set(bucket, numbers[index + 1] ?? 0);
  }
  return { kind: 'buckets', zeros: numbers[0] ?? 0, counts };
};
