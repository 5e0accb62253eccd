import './loud.ts';
import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { startTimeoutMs } from '../../api.ts';
import { type Line, linesOf, messages, newTicket, startWholeDesk, type WholeDesk } from './whole-desk.ts';

let desk: WholeDesk;
let customerId: string;
beforeAll(async () => {
  desk = await startWholeDesk();
  customerId = (await desk.call({ method: 'POST', path: '/v1/customers', body: { name: 'Acme', tier: 'standard' } }))
    .body.id;
}, startTimeoutMs);
afterAll(() => desk.stop());

/** A critical ticket that nobody has answered for two hours; what happened so far is delivered and forgotten. */
const overdueTicket = async (): Promise<string> => {
  const { body } = await desk.call({ method: 'POST', path: '/v1/tickets', body: newTicket(customerId) });
  desk.advance(2 * 3600);
  await desk.changes();
  desk.hints();
  desk.output();
  return body.id;
};

const events = async (ticketId: string): Promise<readonly Line[]> =>
  (
    await desk.api.engine.client.send(
      new QueryCommand({
        TableName: desk.api.engine.tables.operations,
        KeyConditionExpression: 'PK = :pk AND begins_with(SK, :events)',
        ExpressionAttributeValues: { ':pk': `TKT#${ticketId}`, ':events': 'EV#' },
        ConsistentRead: true,
      }),
    )
  ).Items ?? [];

/** The functions that printed a line with this id, in the order of their first lines. */
const printedBy = (lines: readonly Line[], id: string): readonly string[] => [
  ...new Set(
    lines
      .filter((line) => line['correlationId'] === id || line['correlationIds']?.includes(id))
      .map((line) => line['function_name']),
  ),
];

it('one id leads from the HTTP request that reveals a breach to the alert that is published', async () => {
  const ticketId = await overdueTicket();
  // WHEN somebody answers, two hours late
  const reply = await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/replies`,
    body: { body: 'We are on it.', visibility: 'public', channel: 'email' },
  });
  expect(reply.status).toBe(201);
  const { requestId } = reply;
  // THEN breach and reply carry the request's id, as do the hints of the alert
  expect((await events(ticketId)).slice(1).map(({ type, correlationId }) => [type, correlationId])).toEqual([
    ['sla.breached', requestId],
    ['ticket.replied', requestId],
  ]);
  const alertHint = desk.hints().find(({ pk }) => pk.startsWith('ALT#'));
  expect(alertHint?.correlationId).toBe(requestId);
  // AND the streams go on with it
  const changes = await desk.changes();
  await desk.run('stream-kpis', changes, 'invocation-of-kpis');
  await desk.run('stream-alerts', changes, 'invocation-of-alerts');
  await desk.run('queue-due', messages(JSON.stringify(alertHint)), 'invocation-of-due');
  expect(desk.published().at(-1)?.['correlationId']?.StringValue).toBe(requestId);
  const lines = linesOf(desk.output());
  expect(printedBy(lines, requestId)).toEqual(['http-desk', 'stream-kpis', 'stream-alerts', 'queue-due']);
  const ofKpis = lines.filter(({ function_name }) => function_name === 'stream-kpis');
  expect(ofKpis.filter(({ message }) => message === 'stream record').map(({ correlationId }) => correlationId)).toEqual(
    expect.arrayContaining([requestId, requestId]),
  );
  expect(ofKpis.find(({ message }) => message === 'batch')).toMatchObject({
    correlationId: 'invocation-of-kpis',
    correlationIds: [requestId],
    records: changes.Records.length,
    failures: 0,
  });
  expect(lines.find(({ message }) => message === 'alert published')).toMatchObject({
    function_name: 'stream-alerts',
    correlationId: requestId,
    ticketId,
    alertId: expect.stringMatching(/^alt_/),
  });
  expect(
    lines.find(({ function_name, message }) => function_name === 'queue-due' && message === 'message'),
  ).toMatchObject({
    correlationId: requestId,
    messageId: 'message-0',
  });
});

it('one id leads from the sweep to the alert of a breach that a timer records', async () => {
  const ticketId = await overdueTicket();
  await desk.run('job-sweep', { trigger: 'schedule' }, 'this-sweep');
  const hint = desk.hints().find(({ pk }) => pk === `TKT#${ticketId}`);
  await desk.run('queue-due', messages(JSON.stringify(hint)), 'invocation-of-due');
  expect((await events(ticketId)).at(-1)).toMatchObject({ type: 'sla.breached', correlationId: 'this-sweep' });
  const changes = await desk.changes();
  await desk.run('stream-kpis', changes, 'invocation-of-kpis');
  await desk.run('stream-alerts', changes, 'invocation-of-alerts');
  expect(desk.published().at(-1)?.['correlationId']?.StringValue).toBe('this-sweep');
  expect(printedBy(linesOf(desk.output()), 'this-sweep')).toEqual([
    'job-sweep',
    'queue-due',
    'stream-kpis',
    'stream-alerts',
  ]);
});

it('an alert that another invocation delivers keeps the id of the one that raised it', async () => {
  const ticketId = await overdueTicket();
  const { requestId } = await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/status`,
    body: { status: 'waiting_customer', reason: 'asked', note: '' },
  });
  const alertHint = desk.hints().find(({ pk }) => pk.startsWith('ALT#'));
  // The stream has failed it; more than a minute later a sweep finds it.
  desk.advance(61);
  desk.output();
  await desk.run(
    'queue-due',
    messages(JSON.stringify({ ...alertHint, correlationId: 'a-sweep' })),
    'invocation-of-due',
  );
  const lines = linesOf(desk.output());
  expect(lines.find(({ message }) => message === 'alert published')?.['correlationId']).toBe(requestId);
  expect(lines.find(({ message }) => message === 'message')?.['correlationId']).toBe('a-sweep');
});

it('requests that are served at the same time do not mix', async () => {
  desk.output();
  const replies = await Promise.all(
    Array.from({ length: 5 }, () => desk.call({ method: 'POST', path: '/v1/tickets', body: newTicket(customerId) })),
  );
  const written = await Promise.all(replies.map(async ({ body }) => (await events(body.id))[0]?.['correlationId']));
  expect(written).toEqual(replies.map(({ requestId }) => requestId));
});

it('says who asked for what, and how it ended', async () => {
  desk.output();
  const reply = await desk.call({ method: 'POST', path: '/v1/tickets', body: newTicket(customerId) });
  await desk.call({ method: 'GET', path: '/v1/tickets/tkt_01M80N59JZZ3F4G3MNMR1JACM3' });
  const [created, missing] = linesOf(desk.output());
  expect(created).toMatchObject({
    level: 'INFO',
    message: 'request',
    function_name: 'http-desk',
    correlationId: reply.requestId,
    route: 'POST /v1/tickets',
    status: 201,
    version: 1,
    principalId: 'usr_sub-first-admin',
    role: 'admin',
    outcome: 'done',
    ms: expect.any(Number),
  });
  expect(missing).toMatchObject({
    route: 'GET /v1/tickets/{ticketId}',
    entityId: 'tkt_01M80N59JZZ3F4G3MNMR1JACM3',
    status: 404,
    problem: 'NotFound',
    outcome: 'refused',
  });
});
