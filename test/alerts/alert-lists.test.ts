import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { alertProjection } from '../../functions/alerts/index.ts';
import { plainDelivery, raise, startEngine, table, TestClock } from './alert-world.ts';
import { alertsApi } from './alerts-api.ts';
import { fakeTopic } from './fake-topic.ts';

let client: DynamoDBDocumentClient;
let stop: () => Promise<void>;
let api: ReturnType<typeof alertsApi>;
const topic = fakeTopic();
const clock = new TestClock();
const stage: readonly StageRecipient[] = [
  {
    id: 'sub_stage_email',
    channel: 'email',
    target: 'oncall@desk.example',
    filter: { severity: ['critical'], kind: [], teamId: [], customerId: [] },
  },
];
const raised: { alertId: string; ticketId: string }[] = [];

beforeAll(async () => {
  ({ client, stop } = await startEngine());
  api = alertsApi({ client, clock, sns: topic.sns, stage });
  topic.mock.on(PublishCommand).resolves({});
  const project = alertProjection({
    ...plainDelivery,
    client,
    table,
    clock,
    sns: topic.sns,
    topicArn: 'arn',
    stage,
    metrics: { add: () => undefined },
    hints: { afterCommit: async () => undefined },
  });
  for (let count = 0; count < 7; count += 1) {
    clock.advance(1);
    const priority = count % 2 === 0 ? 'critical' : 'low';
    raised.unshift(await raise(client, clock, { priority, customerId: count === 0 ? 'cus_1' : null }));
  }
  for (const { alertId } of raised.slice(0, 2)) await project({ sequenceNumber: '1', newImage: { alertId } });
});
afterAll(() => stop());

const ids = (items: { id: string }[]): string[] => items.map(({ id }) => id);

const walk = async (query: string, limit: number): Promise<string[]> => {
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let page = 0; cursor !== null && page < 50; page += 1) {
    const { status, body } = await api(
      `GET /v1/alerts?limit=${limit}&${query}${cursor === '' ? '' : `&cursor=${cursor}`}`,
    );
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    seen.push(...ids(body.items));
    cursor = body.nextCursor;
  }
  expect(cursor).toBeNull();
  return seen;
};

it('shows an alert with its deliveries and without addresses', async () => {
  const critical = raised[0];
  const { body } = await api(`GET /v1/alerts/${critical?.alertId}`, { role: 'agent' });
  expect(body).toEqual({
    id: critical?.alertId,
    kind: 'sla.breach',
    severity: 'critical',
    ticketId: critical?.ticketId,
    ticketNumber: 'T-12',
    subject: 'Database is down',
    teamId: null,
    customerId: null,
    metric: 'firstResponse',
    cycle: 1,
    level: 0,
    repetition: 0,
    at: expect.any(String),
    claimedAt: expect.any(String),
    state: 'delivered',
    acknowledgement: null,
    deliveries: [
      {
        subscriptionId: 'sub_stage_email',
        channel: 'email',
        state: 'published',
        attempts: 1,
        notBefore: null,
        summaryId: null,
        lastError: null,
      },
    ],
  });
  expect(await api('GET /v1/alerts/alt_00000000000000000000000000')).toMatchObject({ status: 404 });
});

it.each([1, 2, 3, 7, 100])('newest first, to the end, with pages of %d', async (limit) => {
  expect(await walk('', limit)).toEqual(raised.map(({ alertId }) => alertId));
});

it.each([1, 2, 100])('filtered, to the end, with pages of %d', async (limit) => {
  const every = (remainder: number) =>
    raised.filter((_one, index) => index % 2 === remainder).map(({ alertId }) => alertId);
  expect(await walk('severity=critical', limit)).toEqual(every(0));
  expect(await walk('severity=low&kind=sla.breach', limit)).toEqual(every(1));
  expect(await walk('kind=sla.warning', limit)).toEqual([]);
});

it.each([1, 2, 100])('of one ticket only, newest event first, with pages of %d', async (limit) => {
  const one = raised[3];
  expect(await walk(`ticketId=${one?.ticketId}`, limit)).toEqual([one?.alertId]);
  expect(await walk(`ticketId=${one?.ticketId}&severity=critical`, limit)).toEqual([]);
  expect(await walk('ticketId=tkt_00000000000000000000000000', limit)).toEqual([]);
});

it('a cursor belongs to its filters', async () => {
  const { body } = await api('GET /v1/alerts?limit=1');
  const moved = await api(`GET /v1/alerts?limit=1&severity=low&cursor=${body.nextCursor}`);
  expect(moved).toMatchObject({ status: 400, body: { errors: [{ path: 'cursor' }] } });
});
