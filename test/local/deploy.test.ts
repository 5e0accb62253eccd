import { type Desk, startDesk } from '../../local/desk.ts';
import { projectAssembly, projectDir } from './e2e/assembly-copy.ts';
import { send } from './e2e/running-desk.ts';

/** `POST /_local/deploy` on a desk that keeps everything in memory: what it has and knows outlives a deployment. */
let desk: Desk;
let tokens: Readonly<Record<string, string>>;

beforeAll(async () => {
  const assemblyDir = await projectAssembly();
  const startAt = Date.UTC(2026, 0, 6, 9);
  desk = await startDesk({ port: 0, dataDir: null, startAt, assemblyDir, projectDir, strict: null, verbose: false });
  tokens = await desk.tokens();
}, 480_000);
afterAll(() => desk.stop());

const ask = async (path: string, body?: unknown, person = 'admin') => {
  const answer = await send(desk.url, tokens[person] ?? null, path, { body });
  expect(answer.status).toBeLessThan(300);
  return answer.body;
};

it('keeps data, time, tokens and outbox, and goes on working', async () => {
  await ask('/v1/alert-subscriptions', { channel: 'email', target: 'oncall@desk.example' });
  const customerId = (await ask('/v1/customers?limit=100')).items[0].id;
  const requester = { name: 'Ada', email: 'ada@acme.example' };
  const fields = { customerId, requester, subject: 'before', priority: 'critical', channel: 'email' };
  const ticket = await ask('/v1/tickets', fields, 'agent');
  await ask('/_local/clock', { advance: 'PT2H' });
  const sent = (await ask('/_local/outbox')).items;
  expect(sent).not.toEqual([]);
  const { now: before } = await ask('/_local/clock');
  const address = (await ask('/_local/aws')).AWS_ENDPOINT_URL;

  const { now } = await ask('/_local/deploy', {});
  expect(Date.parse(now)).toBeGreaterThanOrEqual(Date.parse(before));
  expect((await ask('/_local/aws')).AWS_ENDPOINT_URL).not.toBe(address);
  expect((await ask('/_local/outbox')).items.slice(0, sent.length)).toEqual(sent);
  expect((await ask(`/v1/tickets/${ticket.id}`, undefined, 'agent')).subject).toBe('before');
  const next = await ask('/v1/tickets', { ...fields, subject: 'after' }, 'agent');
  await ask('/_local/clock', { advance: 'PT2H' });
  const { items } = await ask('/_local/outbox');
  expect(items.filter(({ ticketId }: { ticketId: string }) => ticketId === next.id)).not.toEqual([]);
}, 480_000);

it('takes POST only, and a reset begins anew behind it', async () => {
  expect((await send(desk.url, null, '/_local/deploy')).status).toBe(405);
  await ask('/_local/reset', {});
  expect((await ask('/v1/tickets?limit=100', undefined, 'manager')).items).toEqual([]);
  await ask('/_local/deploy', {});
  expect((await ask('/_local/outbox')).items).toEqual([]);
}, 480_000);
