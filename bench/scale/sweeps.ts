import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DueHints, hintHorizonSeconds } from '../../functions/platform/due/hints.ts';
import { sweep } from '../../functions/platform/due/sweep.ts';
import { startDatabase } from '../../local/services/dynamodb/start-database.ts';
import { CapacityMeter } from '../capacity/meter.ts';
import { countingQueue } from '../capacity/queue.ts';
import { readPrices } from '../cost/prices.ts';
import { atMost, type Bench, type Row, rounded, told } from '../row.ts';

/** So many are due at once in the sweep that is not idle: one a second, for a minute. */
const due = 60;

/**
 * What a sweep reads in the kept database of a desk that does not run, when nothing is due and when 60 tickets are; `dueAt` is
 * when the first of the seeded tickets is due, of which there is one each second.
 */
export const sweepRows = async (
  bench: Pick<Bench, 'model' | 'projectDir'>,
  folder: string,
  { open, dueAt }: { readonly open: number; readonly dueAt: number },
): Promise<readonly Row[]> => {
  const database = await startDatabase({ dataDir: folder });
  const raw = new DynamoDBClient({
    endpoint: database.endpoint,
    region: bench.model.region,
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const client = DynamoDBDocumentClient.from(raw);
  const meter = new CapacityMeter(client);
  const queue = countingQueue();
  const table = bench.model.tables.find(({ id }) => id.toLowerCase().includes('operations'))?.name ?? '';
  const sweepAt = async (now: number) => {
    const clock = { now: () => now };
    const urls = { critical: 'https://queue/critical', rest: 'https://queue/rest' };
    const hints = new DueHints({ sqs: queue.sqs, urls, clock });
    const before = queue.calls();
    const began = performance.now();
    const { hinted } = await sweep({ client, table, clock, hints });
    const ms = performance.now() - began;
    return { hinted, ms, rru: meter.take().all.rru, calls: queue.calls() - before };
  };
  try {
    const long = hintHorizonSeconds * 1000;
    // The desk's time is ahead of this one, and whatever is due there has been attended to.
    await sweepAt(Date.now() - long);
    const idle = await sweepAt(Date.now() - long);
    const busy = await sweepAt(dueAt + (due - 1) * 1000 - long);
    const { dynamodbReadPerMillion, sqsPerMillion } = readPrices().prices;
    const dollars = (idle.rru * dynamodbReadPerMillion.usd * 43_200) / 1_000_000;
    return [
      atMost(`idle sweep, ${open} open tickets`, idle.rru, 4, 'RRU', `${rounded(idle.ms)} ms, ${idle.hinted} hints`),
      told(
        `sweep with ${busy.hinted} due, ${open} open tickets`,
        `${rounded(busy.rru, 2)} RRU, ${busy.calls} SQS calls, $${rounded(
          (busy.rru * dynamodbReadPerMillion.usd + busy.calls * sqsPerMillion.usd) / 1_000_000,
          7,
        )} a sweep, ${rounded(busy.ms)} ms`,
      ),
      told(`a month of idle sweeps, ${open} open tickets`, `$${rounded(dollars, 4)} of reads`),
    ];
  } finally {
    raw.destroy();
    queue.sqs.destroy();
    await database.stop();
  }
};
