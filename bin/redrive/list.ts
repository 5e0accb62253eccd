import { humanSeconds } from '../demo/print.ts';
import { givenUpByFunction, type GivenUpOf, inOrder } from './given-up.ts';
import type { Cloud, DeadLetters } from './ports.ts';
import { shortName } from './source-names.ts';

/** So many objects of a function are read to say why. */
const shownObjects = 10;

const since = (at: number, now: number): string =>
  `${new Date(at).toISOString()}, ${humanSeconds(Math.max(0, (now - at) / 1000))} ago`;

const lettersLines = async (letters: DeadLetters, now: number): Promise<readonly string[]> => {
  const [count, shown] = [await letters.count(), await letters.peek()];
  // The count is approximate and may lag behind what can be seen.
  const at = Math.min(...shown.map(({ sentAt }) => sentAt));
  if (shown.length === 0 && count === 0) return [];
  return [
    `${letters.name}: ${Math.max(count, shown.length)} hints in its dead letters${shown.length === 0 ? ', in somebody’s hands just now' : `, sent from ${since(at, now)}`}`,
    '  why: each failed five times; the runbook says under the alarm of this name where to look',
    ...shown.slice(0, 3).map(({ body }) => `  ${body.slice(0, 160)}`),
    ...(count > 3 ? ['  ...'] : []),
  ];
};

const recordsLines = async (cloud: Cloud, stage: string, of: GivenUpOf): Promise<readonly string[]> => {
  const reasons = new Map<string, number>();
  let read = 0;
  let oldest: number | null = null;
  let first = '';
  for await (const { condition, attempts, at, key } of inOrder(cloud.failedRecords, of)) {
    const why = `${condition} after ${attempts} tries`;
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
    oldest ??= at;
    if (first === '') first = key;
    read += 1;
    if (read >= shownObjects) break;
  }
  const why = [...reasons].map(([reason, count]) => `${count} ${reason}`).join(', ');
  const of_ = of.keys.length > read ? ` (of the oldest ${read})` : '';
  return [
    `${shortName(stage, of.functionName)}: ${of.keys.length} objects of records given up, from ${since(oldest ?? cloud.now, cloud.now)}`,
    `  why${of_}: ${why}; the function's log says what failed`,
    `  first: s3://${cloud.failedRecords.bucket}/${first}`,
  ];
};

/** What lies where, how old it is and why. Looking hides nothing from anybody. */
export const list = async (cloud: Cloud, stage: string): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const letters of cloud.deadLetters) lines.push(...(await lettersLines(letters, cloud.now)));
  for (const of of await givenUpByFunction(cloud.failedRecords)) lines.push(...(await recordsLines(cloud, stage, of)));
  return lines;
};
