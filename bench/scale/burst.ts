import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { floodWindowMs } from '../../functions/alerts/domain/timing.ts';
import { alertDueHandler, alertProjection, parcelDueHandler } from '../../functions/alerts/index.ts';
import { priorities } from '../../functions/sla/index.ts';
import { startMeteredDesk } from '../capacity/desk.ts';
import { readPrices } from '../cost/prices.ts';
import { seedHeads } from '../capacity/seed-tickets.ts';
import { atMost, type Bench, type Measurement, type Row, rounded, told } from '../row.ts';

/** What Lambda gives a function of 512 MB: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
const shareOfProcessor = 512 / 1_769;
const everything = { severity: [], kind: [], teamId: [], customerId: [] };

/**
 * With so many batches at once Lambda begins to read a queue, and adds more each minute; nothing else bounds the readers of the
 * critical one: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
const firstReaders = 5;

/** An SNS that takes everything, and says of what; `onSummary` is called as one goes out. */
const countingTopic = (onSummary: () => void) => {
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
      else {
        summaries.push(Message);
        onSummary();
      }
      return { output: { $metadata: {}, MessageId: 'm' }, response: {} };
    },
    { step: 'initialize', name: 'countingTopic' },
  );
  return { sns, summaries, alone: () => alone };
};

/**
 * Deadlines of many tickets in the same minute, by the functions themselves: each claimed, its alert delivered as the stream
 * brings it, then the summary sent and its deliveries marked. Says what one costs in calls, units and processor time; how long
 * Lambda takes for 10,000 follows from that and from the concurrency of the sources.
 */
export const burstOfDeadlines: Measurement = async (bench) => {
  const count = bench.quick ? 1_000 : 10_000;
  bench.progress(`a burst of ${count} deadlines`);
  const desk = await startMeteredDesk(bench);
  let leaving: () => void = () => undefined;
  const topic = countingTopic(() => leaving());
  try {
    const opened = desk.time.now;
    const each = count / priorities.length;
    for (const [index, priority] of priorities.entries()) {
      const id = await desk.create('/v1/tickets', { ...desk.newTicket, priority }, 'agent');
      const { head, beside } = await desk.images(id);
      const lane = priority === 'critical' ? 'critical' : 'rest';
      const dueAt = opened + 3_600_000;
      // All at the instant that their timelines say: another one would be put right by the claim, at a unit more.
      const seed = { count: each - 1, createdAt: opened + index * 3_600_000, dueAt, stepMs: 0, lane, beside } as const;
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
    desk.time.now += floodWindowMs;
    const parcels = (await dueItems(desk)).filter(({ pk }) => pk.startsWith('PCL#'));
    const look = span(desk);
    const looks: Cost[] = [];
    leaving = () => looks.push(look.until());
    for (const { pk, sk } of parcels) await attendParcel({ pk, sk, dueAt: '' });
    const [leaves = look.until()] = looks;
    const marks = look.until();
    leaving = () => undefined;
    desk.time.now += 300_000;
    for (let rounds = 0; rounds < 10; rounds += 1) {
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
    const critical = tickets.filter(({ critical: first }) => first).length / tickets.length;
    const readers = { critical: firstReaders, rest: readersOfTheRest(bench) };
    const [alone, raised] = [topic.alone(), alerts.length];
    return [
      ...counted({ count, claims, told: told1, leaves, marks, alone, inSummaries, open, raised }),
      ...onLambda({ claims, told: told1, leaves, marks: perItem(marks, raised - alone), critical, readers }),
    ];
  } finally {
    topic.sns.destroy();
    await desk.stop();
  }
};

type Desk = Awaited<ReturnType<typeof startMeteredDesk>>;
interface Due {
  readonly pk: string;
  readonly sk: string;
  readonly critical: boolean;
}

/** How many readers the queue of what is not critical has at most. */
const readersOfTheRest = ({ model }: Bench): number => {
  const consumer = model.functions.find(({ name }) => name === 'queue-due');
  const bounds = model.eventSources.flatMap(({ functionId, maximumConcurrency }) =>
    functionId === consumer?.id && maximumConcurrency !== null ? [maximumConcurrency] : [],
  );
  return Math.min(...bounds);
};

/** What is due at the desk's time, critical in front, as its queues have it. */
const dueItems = async (desk: Desk): Promise<readonly Due[]> => {
  const found: Due[] = [];
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

/** Measures from now on, and from the last time that it was asked. */
const span = (desk: Desk) => {
  const begin = () => {
    desk.meter.take();
    return { cpu: process.cpuUsage(), at: performance.now() };
  };
  let began = begin();
  return {
    until: (): Cost => {
      const { user, system } = process.cpuUsage(began.cpu);
      const seconds = (performance.now() - began.at) / 1000;
      const { calls, wru } = desk.meter.take().all;
      began = begin();
      return { items: 1, calls, wru, cpuMs: (user + system) / 1000, seconds };
    },
  };
};

const perItem = ({ calls, wru, cpuMs, seconds }: Cost, count: number): Cost => {
  const items = Math.max(1, count);
  return { items, calls: calls / items, wru: wru / items, cpuMs: cpuMs / items, seconds };
};

/** Does something to all, `width` at once, and says what one of them took. */
const measured = async (
  desk: Desk,
  all: readonly Due[],
  width: number,
  act: (one: Due) => Promise<unknown>,
): Promise<Cost> => {
  const whole = span(desk);
  for (let start = 0; start < all.length; start += width) await Promise.all(all.slice(start, start + width).map(act));
  return perItem(whole.until(), all.length);
};

/** Seconds that one takes on Lambda: processor time of a small function, calls waited for, so many at once. */
const secondsOf = ({ calls, cpuMs }: Cost, inParallel: number): number =>
  (cpuMs / shareOfProcessor + (calls * readPrices().assumptions.dynamodbCallMs.value) / inParallel) / 1000;

const said = ({ items, calls, wru, cpuMs, seconds }: Cost): string =>
  `${items} in ${rounded(seconds)} s here; each ${rounded(calls)} calls, ${rounded(wru)} WRU, ${rounded(cpuMs, 2)} ms of processor time`;

const counted = (found: {
  count: number;
  claims: Cost;
  told: Cost;
  leaves: Cost;
  marks: Cost;
  alone: number;
  inSummaries: number;
  open: number;
  raised: number;
}): readonly Row[] => {
  const { count, claims, leaves, marks, alone, inSummaries, open, raised } = found;
  const reached = alone + inSummaries;
  return [
    told(`burst of ${count} deadlines, claims`, said(claims)),
    told(`burst of ${count} deadlines, alerts by the stream`, said(found.told)),
    told(`burst of ${count} deadlines, the summary of ${inSummaries} leaves`, said(leaves)),
    told(`burst of ${count} deadlines, its deliveries are marked`, said(perItem(marks, inSummaries))),
    {
      what: `burst of ${count} deadlines, told`,
      measured: `${raised} alerts, ${alone} alone and ${inSummaries} in summaries, ${open} open`,
      target: `${count} once each`,
      ok: raised === count && reached === count && open === 0,
    },
  ];
};

/** Claims of a batch wait for their calls together, as do deliveries that are marked; the stream and the rest one after the other. */
const onLambda = (found: {
  claims: Cost;
  told: Cost;
  leaves: Cost;
  /** Each. */
  marks: Cost;
  /** Which part of the tickets is. */
  critical: number;
  readers: { readonly critical: number; readonly rest: number };
}): readonly Row[] => {
  const { claims, leaves, marks, critical, readers } = found;
  const claimed = (share: number, atOnce: number): number => (share * 10_000 * secondsOf(claims, 10)) / atOnce;
  const byStream = (atOnce: number): number => (10_000 * secondsOf(found.told, 1)) / atOnce;
  const lastCritical = claimed(critical, readers.critical);
  const last = Math.max(lastCritical, claimed(1 - critical, readers.rest));
  const noneCritical = claimed(1, readers.rest);
  const after = floodWindowMs / 1000 + secondsOf(leaves, 1);
  const part = `${rounded(critical * 100)} % of them critical`;
  return [
    told(
      `10,000 claims on Lambda, ${part}`,
      `the last critical one after ${rounded(lastCritical)} s by ${readers.critical} readers, the last after ${rounded(last)} s by ${readers.rest} (computed)`,
    ),
    atMost(`10,000 claims on Lambda, none critical, ${readers.rest} at once`, noneCritical, 60, 's', 'computed'),
    atMost('10,000 alerts by the stream, 4 shards with 4 readers', byStream(16), 60, 's', 'computed'),
    told('the same with one reader a shard', `${rounded(byStream(4))} s (computed)`),
    told(
      'its summary on Lambda',
      `leaves ${rounded(secondsOf(leaves, 1))} s after its window, which is ${floodWindowMs / 1000} s long; marked ${rounded(10_000 * secondsOf(marks, 20))} s later, in looks of 15 s (computed)`,
    ),
    atMost(
      'burst of 10,000, the last critical one told',
      lastCritical + after,
      60,
      's',
      'computed: claims, window, summary',
    ),
    atMost('burst of 10,000, the last one told', last + after, 60, 's', 'computed: claims, window, summary'),
    atMost('the same with none critical', noneCritical + after, 60, 's', 'computed: claims, window, summary'),
  ];
};
