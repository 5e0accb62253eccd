import * as z from 'zod';
import type { GatewayAnswer, GatewayRequest } from '../gateway/exchange.ts';
import { customers, people } from './people.ts';

/** Seeding got an answer that it cannot go on with. */
export class SeedError extends Error {
  override readonly name = 'SeedError';
}

const createdSchema = z.object({ id: z.string() });
const team = 'Support';

/**
 * Makes the customers, the team and the people that the local tokens stand for, by the public API with the admin's token.
 * May run twice: every POST carries a fixed Idempotency-Key, so that a start after a crash in the middle repeats harmlessly.
 * @throws SeedError when the API refuses one.
 */
export const seed = async (options: {
  readonly token: string;
  readonly answer: (request: GatewayRequest) => Promise<GatewayAnswer>;
}): Promise<void> => {
  const create = async (path: string, key: string, body: object): Promise<string> => {
    const answer = await options.answer({
      method: 'POST',
      path,
      query: '',
      headers: {
        authorization: `Bearer ${options.token}`,
        'content-type': 'application/json',
        'idempotency-key': `local-seed-${key}`,
        host: 'localhost',
      },
      body: Buffer.from(JSON.stringify(body)),
      sourceIp: '127.0.0.1',
    });
    const text = answer.body.toString('utf8');
    if (answer.status !== 200 && answer.status !== 201)
      throw new SeedError(`POST ${path} for ${key} answered ${answer.status}: ${text}`);
    return createdSchema.parse(JSON.parse(text)).id;
  };

  const teamId = await create('/v1/teams', 'team', { name: team });
  const staff = people.filter(({ role }) => role !== 'first-admin' && role !== 'requester');
  const agents = staff.map(({ name, role, subject }) =>
    create('/v1/agents', name, { name: `Local ${name}`, email: `${name}@example.com`, teamId, role, subject }),
  );
  const contacts = customers.map(async (customer) => {
    const customerId = await create('/v1/customers', customer, { name: customer, tier: 'standard' });
    const requester = people.find((person) => person.customer === customer);
    if (requester === undefined) return;
    await create('/v1/contacts', requester.name.replace(':', '-'), {
      customerId,
      name: `Requester at ${customer}`,
      email: `requester@${customer}.example.com`,
      phone: null,
      subject: requester.subject,
    });
  });
  await Promise.all([...agents, ...contacts]);
};
