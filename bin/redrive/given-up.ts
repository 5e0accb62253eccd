import { CommandFailure } from '../command/failure.ts';
import { asGivenUp, type GivenUp, type GivenUpKey, readGivenUp, readKey } from './invocation-record.ts';
import type { FailedRecords } from './ports.ts';

/** The objects of one function, oldest first; only those of one second are read at a time. */
export interface GivenUpOf {
  readonly functionName: string;
  readonly keys: readonly GivenUpKey[];
}

/** What lies in the bucket, function by function. @throws CommandFailure for an object that is none of Lambda's. */
export const givenUpByFunction = async (bucket: FailedRecords): Promise<readonly GivenUpOf[]> => {
  const keys = (await bucket.keys()).map((key) => {
    const read = readKey(key);
    if (read !== null) return read;
    throw new CommandFailure(
      `s3://${bucket.bucket}/${key} is not named as Lambda names records given up.\nMove it out of the bucket if it is somebody else's; then run this again.`,
    );
  });
  const byFunction = new Map<string, GivenUpKey[]>();
  for (const [, ofMapping] of Map.groupBy(keys, ({ mapping }) => mapping)) {
    const [first] = ofMapping;
    if (first === undefined) continue;
    // A mapping that was made anew has another id and the same function.
    const { functionName } = readGivenUp(first.key, await bucket.read(first.key));
    byFunction.set(functionName, [...(byFunction.get(functionName) ?? []), ...ofMapping]);
  }
  return [...byFunction]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([functionName, of]) => ({
      functionName,
      keys: of.toSorted((one, other) => (one.second < other.second ? -1 : one.second > other.second ? 1 : 0)),
    }));
};

/** The objects one by one in the order in which they were given up. */
export async function* inOrder(bucket: FailedRecords, { keys }: GivenUpOf): AsyncGenerator<GivenUp> {
  const seconds = Map.groupBy(keys, ({ second }) => second);
  for (const [, within] of seconds) {
    const read = await Promise.all(within.map(async ({ key }) => readGivenUp(key, await bucket.read(key))));
    yield* read.toSorted(asGivenUp);
  }
}
