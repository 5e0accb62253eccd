import * as z from 'zod';
import { type Attributes, attributes } from '../attribute-value.ts';

const value = z.union([
  z.object({ S: z.string() }),
  z.object({ N: z.string() }),
  z.object({ B: z.string() }),
  z.object({ SS: z.array(z.string()) }),
  z.object({ NS: z.array(z.string()) }),
  z.object({ BS: z.array(z.string()) }),
  z.object({ M: attributes }),
  z.object({ L: z.array(z.unknown()) }),
]);

const numberBytes = (text: string): number => Math.ceil(text.replace(/^[-0.]+|\./g, '').length / 2) + 1;
const binaryBytes = (base64: string): number => Buffer.byteLength(base64, 'base64');
const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const valueBytes = (given: unknown): number => {
  const parsed = value.safeParse(given);
  if (!parsed.success) return 1; // NULL and BOOL
  const { data } = parsed;
  if ('S' in data) return Buffer.byteLength(data.S);
  if ('N' in data) return numberBytes(data.N);
  if ('B' in data) return binaryBytes(data.B);
  if ('SS' in data) return sum(data.SS.map((one) => Buffer.byteLength(one)));
  if ('NS' in data) return sum(data.NS.map(numberBytes));
  if ('BS' in data) return sum(data.BS.map(binaryBytes));
  if ('L' in data) return 3 + sum(data.L.map((one) => 1 + valueBytes(one)));
  return 3 + itemSize(data.M) + Object.keys(data.M).length;
};

/**
 * Bytes of an item, names included, as DynamoDB counts them.
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html)
 */
export const itemSize = (item: Attributes): number =>
  sum(Object.entries(item).map(([name, one]) => Buffer.byteLength(name) + valueBytes(one)));
