import * as z from 'zod';
import { me, type Ticket, ticket } from '../demo/shapes.ts';
import type { Game } from './game.ts';

/** Opens one critical ticket of the customer acme. */
export const openTicket = async ({ desk }: Game, subject: string): Promise<Ticket> => {
  const { customerId } = await desk.get('requester:acme', '/v1/me', me);
  const requester = { name: 'Ada', email: 'ada@acme.example', phone: null };
  const body = { customerId, requester, subject, priority: 'critical', channel: 'email' };
  return desk.post('agent', '/v1/tickets', body, ticket);
};

/** Somebody who wants to hear of every broken promise. */
export const subscribe = async ({ desk }: Game): Promise<void> => {
  const filter = { severity: [], kind: ['sla.breach'], teamId: [], customerId: [] };
  const subscription = { channel: 'email', target: 'oncall@desk.example', filter, quietHours: null, digest: 'none' };
  await desk.post('manager', '/v1/alert-subscriptions', subscription, z.unknown());
};
