import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { alertDueHandler, alertProjection, parcelDueHandler } from '../../functions/alerts/index.ts';
import { priorities } from '../../functions/sla/index.ts';
import { startMeteredDesk } from '../capacity/desk.ts';
import { readPrices } from '../cost/prices.ts';
import { seedHeads } from '../capacity/seed-tickets.ts';
import { atMost, type Measurement, type Row, rounded, told } from '../row.ts';

/** What Lambda gives a function of 512 MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const shareOfProcessor = 512 / 1_769;
const everything = { severity: [], kind: [], teamId: [], customerId: [] };

/** An SNS that takes everything, and says of what. */
const countingTopic = () => {
  const sns = new SNSClient({
    region: 'eu-central-1',
    credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' },
  });
  const summaries: string[] = [];
  let alone = 0;
  sns.middlewareStack.add(
    () => async (args) => {
      const { MessageAttributes, Message = '' } = new PublishCommand(Object(args.input)).input;
      if (MessageAttributes?.['summaryId'] === undefined) alone += 1;
      else summaries.push(Message);
      return { output: { $metadata: {}, MessageId: 'm' }, response: {} };
    },
    { step: 'initialize', name: 'countingTopic' },
  );
  return { sns, summaries, alone: () => alone };
};

/**
 * Deadlines of many tickets in the same minute, by the functions themselves: each claimed, its alert delivered as the stream
 * brings it, then the summary sent. Says what one costs in calls, units and processor time; how long Lambda takes for 10,000
 * follows from that and from the concurrency of the sources.
 */
export const burstOfDeadlines: Measurement = async (bench) => {
  const count = bench.quick ? 1_000 : 10_000;
  bench.progress(`a burst of ${count} deadlines`);
  const desk = await startMeteredDesk(bench);
  const topic = countingTopic();
  try {
    const opened = desk.time.now;
    const each = count / priorities.length;
    for (const [index, priority] of priorities.entries()) {
      const id = await desk.create('/v1/tickets', { ...desk.newTicket, priority }, 'agent');
      const { head } = await desk.images(id);
      const lane = priority === 'critical' ? 'critical' : 'rest';
      const dueAt = opened + 3_600_000;
      const seed = { count: each - 1, createdAt: opened + index * 3_600_000, dueAt, stepMs: 1, lane } as const;
      await seedHeads(desk.raw, desk.names.operations, head, seed);
    }
    desk.time.now = opened + 3_600_000 + 5_000;
    const due = await dueItems(desk);
    const delivery = {
      ...desk.base,
      metrics: { add: () => undefined },
      sns: topic.sns,
      topicArn: 'topic',
      stage: [{ id: 'sub_stage', channel: 'email' as const, target: 'a@desk.example', filter: everything }],
      sms: { budgetUsd: 1, priceUsd: 0.1 },
      ticketLink: '',
    };
    const project = alertProjection(delivery);
    const attendParcel = parcelDueHandler(delivery);
    const attendAlert = alertDueHandler(delivery);

    const tickets = due.filter(({ pk }) => pk.startsWith('TKT#'));
    const claims = await measured(desk, tickets, 10, ({ pk }) => desk.attend(pk.slice('TKT#'.length)));
    const alerts = (await dueItems(desk)).filter(({ pk }) => pk.startsWith('ALT#'));
    const told1 = await measured(desk, alerts, 1, ({ pk }) =>
      project({ sequenceNumber: '1', newImage: { SK: 'EV#00000002', alertId: pk.slice('ALT#'.length) } }),
    );
    desk.time.now += 60_000;
    const parcels = (await dueItems(desk)).filter(({ pk }) => pk.startsWith('PCL#'));
    const sent = await measured(desk, parcels, 1, ({ pk, sk }) => attendParcel({ pk, sk, dueAt: '' }));
    desk.time.now += 300_000;
    for (let looks = 0; looks < 10; looks += 1) {
      for (const { pk, sk } of await dueItems(desk)) {
        if (pk.startsWith('PCL#')) await attendParcel({ pk, sk, dueAt: '' });
        if (pk.startsWith('ALT#')) await attendAlert({ pk, sk, dueAt: '' });
      }
      desk.time.now += 900_000;
    }
    const open = (await dueItems(desk)).filter(({ pk }) => !pk.startsWith('TKT#')).length;
    const inSummaries = topic.summaries.reduce(
      (sum, message) => sum + Number(/^(\d+) alerts/.exec(message)?.[1] ?? 0),
      0,
    );
    return rows({ count, claims, told: told1, sent, alone: topic.alone(), inSummaries, open, raised: alerts.length });
  } finally {
    topic.sns.destroy();
    await desk.stop();
  }
};

type Desk = Awaited<ReturnType<typeof startMeteredDesk>>;
interface Due {
  readonly pk: string;
  readonly sk: string;
}

/** What is due at the desk's time, critical in front, as its queues have it. */
const dueItems = async (desk: Desk): Promise<readonly Due[]> => {
  const found: (Due & { readonly critical: boolean })[] = [];
  for (let shard = 0; shard < 8; shard += 1) {
    let from: Record<string, unknown> | undefined;
    do {
      const page = await desk.base.client.send(
        new QueryCommand({
          TableName: desk.names.operations,
          IndexName: 'due',
          KeyConditionExpression: 'dueShard = :shard AND dueAt <= :now',
          ExpressionAttributeValues: { ':shard': shard, ':now': new Date(desk.time.now + 60_000).toISOString() },
          ...(from === undefined ? {} : { ExclusiveStartKey: from }),
        }),
      );
      for (const item of page.Items ?? [])
        found.push({ pk: String(item['PK']), sk: String(item['SK']), critical: item['dueLane'] === 'critical' });
      from = page.LastEvaluatedKey;
    } while (from !== undefined);
  }
  desk.meter.take();
  return [...found.filter(({ critical }) => critical), ...found.filter(({ critical }) => !critical)];
};

interface Cost {
  readonly items: number;
  readonly calls: number;
  readonly wru: number;
  readonly cpuMs: number;
  readonly seconds: number;
}

/** Does something to all, `width` at once, and says what one of them took. */
const measured = async (
  desk: Desk,
  all: readonly Due[],
  width: number,
  act: (one: Due) => Promise<unknown>,
): Promise<Cost> => {
  desk.meter.take();
  const cpu = process.cpuUsage();
  const began = performance.now();
  for (let start = 0; start < all.length; start += width) await Promise.all(all.slice(start, start + width).map(act));
  const { user, system } = process.cpuUsage(cpu);
  const usage = desk.meter.take().all;
  const items = Math.max(1, all.length);
  return {
    items: all.length,
    calls: usage.calls / items,
    wru: usage.wru / items,
    cpuMs: (user + system) / 1000 / items,
    seconds: (performance.now() - began) / 1000,
  };
};

/** Seconds that Lambda takes for 10,000, so many invocations at once: processor time of a small function, calls waited for. */
const onLambda = ({ calls, cpuMs }: Cost, atOnce: number, inParallel: number): number =>
  (10_000 * (cpuMs / shareOfProcessor + (calls * readPrices().assumptions.dynamodbCallMs.value) / inParallel)) /
  1000 /
  atOnce;

const said = ({ items, calls, wru, cpuMs, seconds }: Cost): string =>
  `${items} in ${rounded(seconds)} s here; each ${rounded(calls)} calls, ${rounded(wru)} WRU, ${rounded(cpuMs, 2)} ms of processor time`;

const rows = (found: {
  count: number;
  claims: Cost;
  told: Cost;
  sent: Cost;
  alone: number;
  inSummaries: number;
  open: number;
  raised: number;
}): readonly Row[] => {
  const { count, claims, sent, alone, inSummaries, open, raised } = found;
  const reached = alone + inSummaries;
  return [
    told(`burst of ${count} deadlines, claims`, said(claims)),
    told(`burst of ${count} deadlines, alerts by the stream`, said(found.told)),
    told(`burst of ${count} deadlines, the first look at its parcel`, said(sent)),
    {
      what: `burst of ${count} deadlines, told`,
      measured: `${raised} alerts, ${alone} alone and ${inSummaries} in summaries, ${open} open`,
      target: `${count} once each`,
      ok: raised === count && reached === count && open === 0,
    },
    atMost('10,000 claims on Lambda, 5 at once of the rest', onLambda(claims, 5, 10), 60, 's', 'computed'),
    atMost('10,000 alerts by the stream, 4 shards with 4 readers', onLambda(found.told, 16, 1), 60, 's', 'computed'),
    told('the same with one reader a shard', `${rounded(onLambda(found.told, 4, 1))} s (computed)`),
  ];
};
