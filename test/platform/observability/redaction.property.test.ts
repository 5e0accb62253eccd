import './loud.ts';
import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { jest } from '@jest/globals';
import fc from 'fast-check';
import { type Call, startTimeoutMs } from '../../api.ts';
import { linesOf, messages, newTicket, startWholeDesk, type WholeDesk } from './whole-desk.ts';

let desk: WholeDesk;
let customerId: string;
beforeAll(async () => {
  desk = await startWholeDesk();
  customerId = (await desk.call({ method: 'POST', path: '/v1/customers', body: { name: 'Acme', tier: 'standard' } }))
    .body.id;
}, startTimeoutMs);
afterAll(() => desk.stop());

const letters = (least: number) =>
  fc.string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: least, maxLength: least + 4 });

/** Something that is nobody's but this person's: found anywhere in a log, it has leaked. */
const marker = fc.tuple(letters(8), fc.integer({ min: 1000, max: 9999 })).map(([word, number]) => `zq${word}${number}`);

/** The marker among what breaks line formats: newlines, control characters, quotes, forged stacks and JSON, great length. */
const hostile = (secret: string) =>
  fc
    .tuple(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('\n', '"', '\\', '\u2028', '{"level":"INFO"}', '\u0000', ' '),
    )
    .chain(([noise, breaker]) =>
      fc.constantFrom(
        `${noise}${breaker}${secret}`,
        `${secret}\n    at ${secret} (${secret}.js:1:1)\n    at x (index.js:2:3)`,
        `${breaker} ${secret} ${'x'.repeat(9_000)}`,
        `${secret}@${secret}.example Bearer ${secret} eyJ${secret}.${secret}.${secret}`,
      ),
    );

interface Person {
  /** What must not be found. */
  readonly secrets: readonly string[];
  readonly subject: string;
  readonly description: string;
  readonly name: string;
  readonly email: string;
  readonly phone: string;
  readonly note: string;
  readonly token: string;
}

const person: fc.Arbitrary<Person> = fc
  .tuple(fc.uniqueArray(marker, { minLength: 6, maxLength: 6 }), fc.integer({ min: 1_500_000_000, max: 1_999_999_999 }))
  .chain(([[subject = '', description = '', name = '', email = '', note = '', token = ''], digits]) =>
    fc.record({
      secrets: fc.constant([subject, description, name, email, note, token, String(digits)]),
      subject: fc.constant(`${subject} <script>`),
      description: hostile(description),
      name: fc.constant(`Dr ${name} O'Neill`),
      email: fc.constant(`${email}@acme.example`),
      phone: fc.constant(`+49${digits}`),
      note: hostile(note),
      token: fc.constant(`eyJ${token}.${token}.${token}`),
    }),
  );

/** What DynamoDB and a programming mistake throw; each quotes what it failed on. */
const failures = (who: Person): readonly Error[] => {
  const Item = { subject: { S: who.subject }, email: { S: who.email }, text: { S: who.note } };
  const about = { $metadata: { requestId: 'REQUEST1', httpStatusCode: 400 } };
  const message = `The item ${JSON.stringify(Item)} of ${who.name} is too large`;
  return [
    new ConditionalCheckFailedException({ ...about, message, Item }),
    new TransactionCanceledException({
      ...about,
      message,
      CancellationReasons: [{ Code: 'ValidationError', Message: message, Item }, { Code: who.note }],
    }),
    new DynamoDBServiceException({ ...about, name: 'ValidationException', $fault: 'client', message }),
    Object.assign(new TypeError(who.note), { item: who, customer: who.name }),
    new Error('outer', { cause: new RangeError(who.description, { cause: who }) }),
    Object.assign(new Error(who.subject), {
      name: who.note,
      stack: `${who.note}\n    at ${who.subject} (index.js:1:1)`,
    }),
    who.description as unknown as Error,
  ];
};

/** Runs `work` with a database whose every call fails with `error`. */
const failingWith = async <Result>(error: Error, work: () => Promise<Result>): Promise<Result> => {
  const send = jest.spyOn(DynamoDBDocumentClient.prototype, 'send').mockImplementation(() => {
    throw error;
  });
  try {
    return await work();
  } finally {
    send.mockRestore();
  }
};

const lifeOf = async (who: Person): Promise<readonly number[]> => {
  const headers = { authorization: `Bearer ${who.token}`, cookie: who.token };
  const send = async (call: Call) => desk.call({ ...call, headers: { ...headers, ...call.headers } });
  const body = newTicket(customerId, {
    requester: { name: who.name, email: who.email, phone: who.phone },
    subject: who.subject,
    description: who.description,
  });
  const created = await send({ method: 'POST', path: '/v1/tickets', body });
  const ticket = `/v1/tickets/${created.body.id}`;
  const reply = { body: who.note, visibility: 'public', channel: 'email' };
  const replies = [
    created,
    await send({ method: 'POST', path: `${ticket}/replies`, body: reply, headers: { 'idempotency-key': who.token } }),
    await send({
      method: 'POST',
      path: `${ticket}/replies`,
      body: { ...reply, body: who.subject },
      headers: { 'idempotency-key': who.token },
    }),
    await send({ method: 'POST', path: '/v1/tickets', body: { ...body, [who.subject]: who.note, priority: who.name } }),
    await send({ method: 'POST', path: '/v1/tickets', raw: `{"subject": ${who.subject}` }),
    await send({ method: 'PATCH', path: ticket, body: { subject: who.subject }, headers: { 'if-match': '"77"' } }),
    await send({ method: 'PATCH', path: ticket, body: { subject: who.subject }, headers: { 'if-match': who.name } }),
    await send({ method: 'PATCH', path: ticket, raw: who.note, headers: { 'content-type': who.name } }),
    await send({ method: 'GET', path: `/v1/tickets/${encodeURIComponent(who.email)}` }),
    await send({ method: 'GET', path: '/v1/tickets', query: { cursor: who.note, customerId: who.name } }),
    await send({ method: 'GET', path: `/v1/${who.subject}` }),
  ];
  const statuses = replies.map(({ status }) => status);
  const changes = await desk.changes();
  for (const error of failures(who)) {
    const failed = await failingWith(error, () => send({ method: 'POST', path: '/v1/tickets', body }));
    statuses.push(failed.status);
    const escaped = await failingWith(error, async () => [
      await desk.run('stream-kpis', changes, 'a'),
      await desk.run('job-sweep', {}, 'b'),
      await desk.run('job-rollup', {}, 'c'),
      await desk.run('queue-due', messages(JSON.stringify({ pk: 'TKT#x', sk: 'T', dueAt: '' }), who.note), 'd'),
    ]);
    // What escapes a function is printed by the runtime, as it is.
    for (const one of escaped)
      if (one instanceof Error)
        console.error(JSON.stringify(`${one.name} ${one.message} ${one.stack} ${String(one.cause)}`));
  }
  await desk.run('stream-kpis', changes, 'e');
  return statuses;
};

it('no log line says anything that a person wrote or is called by, and each is one valid JSON line', async () => {
  // console is the runtime's: the tests' own goes elsewhere
  jest.spyOn(console, 'error').mockImplementation((text: unknown) => void process.stderr.write(`${String(text)}\n`));
  const statuses = new Set<number>();
  const said = new Set<string>();
  await fc.assert(
    fc.asyncProperty(person, async (who) => {
      desk.output();
      for (const status of await lifeOf(who)) statuses.add(status);
      const output = desk.output();
      // A person whom the desk refuses has no ticket, and little is said of them: all of them together have seen everything.
      for (const { function_name: name, level } of linesOf(output))
        if (level !== undefined) said.add(`${name} ${level}`);
      const heard = who.secrets.filter((secret) => output.toLowerCase().includes(secret.toLowerCase()));
      expect(heard).toEqual([]);
    }),
    { numRuns: 12 },
  );
  // The test has seen what it speaks of: answers of all kinds, and lines of every function at every level.
  expect([...statuses].sort()).toEqual([201, 400, 404, 412, 415, 422, 500]);
  expect([...said].sort()).toEqual([
    'http-desk ERROR',
    'http-desk INFO',
    'job-rollup ERROR',
    'job-rollup INFO',
    'job-sweep ERROR',
    'job-sweep INFO',
    'job-sweep WARN',
    'queue-due ERROR',
    'queue-due INFO',
    'stream-kpis DEBUG',
    'stream-kpis ERROR',
    'stream-kpis INFO',
  ]);
});
