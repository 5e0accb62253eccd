import type { Desk } from './desk.ts';
import { dim, green, say } from './print.ts';
import { me, type Ticket, ticket } from './shapes.ts';

interface Opening {
  readonly channel: 'email' | 'chat' | 'phone';
  readonly priority: 'critical' | 'high' | 'normal';
  readonly subject: string;
  readonly requester: { readonly name: string; readonly email: string; readonly phone: null };
}

const ada = { name: 'Ada', email: 'ada@acme.example', phone: null };
const bob = { name: 'Bob', email: 'bob@globex.example', phone: null };

const openings = {
  mail: { channel: 'email', priority: 'critical', subject: 'Checkout answers 502 since 09:10', requester: ada },
  chat: { channel: 'chat', priority: 'normal', subject: 'How do I rotate the API key?', requester: bob },
  phone: { channel: 'phone', priority: 'high', subject: 'Nightly backup did not run', requester: ada },
} as const satisfies Readonly<Record<string, Opening>>;

/** Opens three tickets; two are answered, one of them is solved, and one is left alone. */
export const openLiveTickets = async (desk: Desk): Promise<{ readonly forgotten: Ticket }> => {
  const { customerId } = await desk.get('requester:acme', '/v1/me', me);
  const { customerId: other } = await desk.get('requester:globex', '/v1/me', me);
  const open = async (by: string, customer: string | null, opening: Opening): Promise<Ticket> => {
    const opened = await desk.post(by, '/v1/tickets', { customerId: customer, ...opening }, ticket);
    say(`   ${opened.number} by ${opening.channel}, ${opening.priority}: ${opened.subject}`);
    return opened;
  };
  const forgotten = await open('agent', customerId, openings.mail);
  const question = await open('requester:globex', other, openings.chat);
  const outage = await open('agent', customerId, openings.phone);

  const reply = (by: string, of: Ticket, body: string, visibility = 'public') =>
    desk.post(by, `/v1/tickets/${of.id}/replies`, { body, visibility, channel: 'chat', onBehalfOf: null }, ticket);
  await desk.advance('PT4M');
  await reply('agent', question, 'Settings, API keys, Rotate: the old key works for another hour.');
  say(`   ${green('✓')} ${question.number} answered after 4 minutes`);
  await desk.post(
    'agent',
    `/v1/tickets/${question.id}/status`,
    { status: 'waiting_customer', reason: null, note: null },
    ticket,
  );
  await desk.advance('PT9M');
  await reply('requester:globex', question, 'That worked, thank you.');
  await desk.post(
    'agent',
    `/v1/tickets/${question.id}/status`,
    { status: 'resolved', reason: 'answered', note: null },
    ticket,
  );
  say(`   ${green('✓')} ${question.number} waited 9 minutes for the customer, and is resolved`);
  await reply('lead', outage, 'Vault is full; asked the team to clear it.', 'internal');
  await reply('agent', outage, 'The backup is running again, we watch tonight’s run.');
  say(
    `   ${green('✓')} ${outage.number} answered after 13 minutes ${dim('(the internal note before it does not count)')}`,
  );
  say(`     ${forgotten.number} lies in the inbox`);
  return { forgotten };
};
