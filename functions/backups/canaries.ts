import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { setTimeout as pause } from 'node:timers/promises';
import { isoInstant } from '../platform/clock.ts';
import { canaryKind } from './item-kinds.ts';

/** One a partition, so that a copy which lacks a part of the table shows it. */
const count = 16;
const tickMs = 60_000;
/** What one batch leaves out is sent once more; then the next minute writes it anyway. */
const retryAfterMs = 200;

/** A part of the canaries could not be written. */
export class CanariesRefused extends Error {
  override readonly name = 'CanariesRefused';
  constructor(left: number) {
    super(`${left} of ${count} canaries were not written.`);
  }
}

/**
 * Writes the minute's canaries over those of the minute before: by them a restored copy says itself of which minute it is, whatever
 * its recovery point is called. May run late or twice: then the same minute is written again. 16 WRU.
 */
export const writeCanaries = async (client: DynamoDBDocumentClient, table: string, now: number): Promise<void> => {
  const tick = Math.floor(now / tickMs);
  const at = isoInstant(tick * tickMs);
  let left = Array.from({ length: count }, (_unused, index) => ({
    PutRequest: {
      Item: { PK: `CAN#${String(index).padStart(2, '0')}`, SK: 'C', at, table, tick, ...canaryKind.stamp },
    },
  }));
  for (const again of [true, false]) {
    const answer = await client.send(new BatchWriteCommand({ RequestItems: { [table]: left } }));
    const names = new Set(
      (answer.UnprocessedItems?.[table] ?? []).map(({ PutRequest }) => String(PutRequest?.Item?.['PK'])),
    );
    left = left.filter(({ PutRequest }) => names.has(PutRequest.Item.PK));
    if (left.length === 0) return;
    if (again) await pause(retryAfterMs);
  }
  throw new CanariesRefused(left.length);
};
