import { projectAssembly } from './assembly-copy.ts';
import { AnswerCheck, type OpenApiDocument, operationsOf } from './openapi/document.ts';
import { pathOfNothing, validRequests } from './openapi/requests.ts';
import { type Answer, RunningDesk, stopDesks } from './running-desk.ts';

/** Every operation of /openapi.json asked of a running desk, rightly and wrongly: each answer is one that the document describes. */
let desk: RunningDesk;
let document: OpenApiDocument;
let check: AnswerCheck;

beforeAll(async () => {
  desk = await RunningDesk.start(await projectAssembly());
  document = (await desk.as('admin', '/openapi.json')).body;
  check = new AnswerCheck(document);
}, 480_000);
afterAll(stopDesks);

const seen = new Set<string>();
const faultsOf = (operation: string, answer: Answer): readonly string[] => {
  seen.add(`${operation} ${answer.status}`);
  return check.faults(operation, answer.status, answer.headers.get('content-type'), answer.body);
};

const sendAs = (token: string | null, operation: string, path: string, init: RequestInit = {}): Promise<Answer> =>
  fetch(`${desk.desk.url}${path}`, {
    method: operation.split(' ')[0] ?? 'GET',
    ...init,
    headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...init.headers },
    signal: AbortSignal.timeout(30_000),
  }).then(async (response) => {
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? null : JSON.parse(text) };
  });

it('describes what each operation answers when all is well', async () => {
  const faults: string[] = [];
  const good = new Set<string>();
  for (const { operation, path, person, body, headers } of await validRequests(desk)) {
    const [method = ''] = operation.split(' ');
    const answer = await desk.as(person ?? 'admin', path, {
      method,
      body,
      ...(headers === undefined ? {} : { headers }),
    });
    faults.push(...faultsOf(operation, answer));
    if (answer.status < 300) good.add(operation);
    else faults.push(`${operation} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
  expect(faults).toEqual([]);
  expect(operationsOf(document).filter((operation) => !good.has(operation))).toEqual([]);
}, 360_000);

it('would notice a field that is missing, wrong or unknown', async () => {
  const ticket = await desk.ticket();
  const faults = (change: object): readonly string[] =>
    check.faults('POST /v1/tickets', 201, 'application/json', { ...ticket, ...change });
  expect(faults({})).toEqual([]);
  for (const change of [
    { status: undefined },
    { status: 'nonsense' },
    { version: 1.5 },
    { tags: 'vip' },
    { unknown: 1 },
  ])
    expect([change, faults(change)]).not.toEqual([change, []]);
  expect(check.faults('POST /v1/tickets', 200, 'application/json', ticket)).not.toEqual([]);
  expect(check.faults('POST /v1/tickets', 201, 'text/plain', ticket)).not.toEqual([]);
});

it('describes what each operation answers when it is asked wrongly', async () => {
  const faults: string[] = [];
  const admin = desk.tokens['admin'] ?? '';
  const json = { 'content-type': 'application/json' };
  const ask = async (operation: string, expected: readonly number[], answer: Promise<Answer>): Promise<void> => {
    const given = await answer;
    faults.push(...faultsOf(operation, given));
    if (!expected.includes(given.status))
      faults.push(`${operation} answered ${given.status}, not ${expected}: ${JSON.stringify(given.body)}`);
  };
  for (const operation of operationsOf(document)) {
    const [method = '', template = ''] = operation.split(' ');
    const path = pathOfNothing(template);
    await ask(operation, [401], sendAs(null, operation, path));
    await ask(operation, [401], sendAs('nonsense', operation, path));
    await ask(
      operation,
      [400],
      sendAs(
        admin,
        operation,
        `${path}?nonsense=1`,
        method === 'GET' || method === 'DELETE' ? {} : { body: '{}', headers: json },
      ),
    );
    if (method === 'POST' || method === 'PATCH') {
      await ask(operation, [400], sendAs(admin, operation, path, { body: 'no json', headers: json }));
      await ask(operation, [400], sendAs(admin, operation, path, { body: '{"nonsense":1}', headers: json }));
      await ask(
        operation,
        [415],
        sendAs(admin, operation, path, { body: '{}', headers: { 'content-type': 'text/plain' } }),
      );
      await ask(
        operation,
        [413],
        sendAs(admin, operation, path, { body: JSON.stringify({ subject: 'x'.repeat(300 * 1024) }), headers: json }),
      );
      if (operation !== 'POST /v1/calendars/preview')
        await ask(
          operation,
          [403],
          sendAs(desk.tokens['auditor'] ?? '', operation, path, { body: '{}', headers: json }),
        );
    } else if (template.includes('{'))
      await ask(operation, method === 'DELETE' ? [404, 428] : [404], sendAs(admin, operation, path));
  }
  expect(faults).toEqual([]);
}, 360_000);

it('describes conflicts, stale versions, reused keys, and failures of the desk itself', async () => {
  const { id } = await desk.ticket();
  const body = { status: 'closed' };
  const close = 'POST /v1/tickets/{ticketId}/status';
  const patch = 'PATCH /v1/tickets/{ticketId}';
  const headers = { 'idempotency-key': 'walk' };
  const answers: [string, number, Promise<Answer> | Answer][] = [
    [patch, 428, await desk.as('agent', `/v1/tickets/${id}`, { method: 'PATCH', body: { subject: 'New' } })],
    [
      patch,
      412,
      await desk.as('agent', `/v1/tickets/${id}`, {
        method: 'PATCH',
        body: { subject: 'New' },
        headers: { 'if-match': '"77"' },
      }),
    ],
    [close, 200, await desk.as('agent', `/v1/tickets/${id}/status`, { body, headers })],
    [close, 200, await desk.as('agent', `/v1/tickets/${id}/status`, { body, headers })],
    [close, 422, await desk.as('agent', `/v1/tickets/${id}/status`, { body: { status: 'open' }, headers })],
    [close, 409, await desk.as('agent', `/v1/tickets/${id}/status`, { body: { status: 'open' } })],
  ];
  for (const [fault, status] of [
    ['throttle', 503],
    ['crash-before', 500],
  ] as const) {
    await desk.fault('worker', fault, 1);
    answers.push(['GET /v1/me', status, await desk.as('agent', '/v1/me')]);
  }
  for (const [operation, status, answer] of answers)
    expect([operation, (await answer).status, faultsOf(operation, await answer)]).toEqual([operation, status, []]);
  const statuses = Map.groupBy(seen, (one) => one.split(' ').at(-1) ?? '');
  process.stdout.write(
    `answers checked, by status: ${[...statuses]
      .map(([status, of]) => `${status} of ${of.length} operations`)
      .sort()
      .join(', ')}\n`,
  );
}, 240_000);
