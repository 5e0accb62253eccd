import { bold, humanSeconds, say } from '../demo/print.ts';
import type { Game } from './game.ts';
import { openTicket, subscribe } from './people.ts';

/** SNS answers every publication with an error, while a promise is broken. */
export const alertsRefused = async (game: Game): Promise<void> => {
  await subscribe(game);
  const ticket = await openTicket(game, 'Checkout answers 502');
  await game.pass('PT55M');
  say(`   ${ticket.number}, critical, has waited 55 min for an answer; at an hour its promise is broken.`);
  say(bold('   Break: SNS refuses every alert'));
  await game.command('POST', '/_local/faults', { target: 'sns', fault: 'drop', count: 100_000 });
  await game.rings('delivery-failures', await game.now(), 30);
  const [promise = NaN] = await game.breaches(ticket.id);
  const waited = humanSeconds(((await game.now()) - promise) / 1000);
  const attempts = await game.attempts(ticket.id);
  const before = (await game.sent(ticket.id)).length;
  say(`   People: ${before} alerts have come ${waited} after the breach, after ${attempts} attempts.`);
  game.consult('delivery-failures');
  await game.command('DELETE', '/_local/faults');
  const mended = await game.now();
  await game.until(30, async () => ((await game.sent(ticket.id)).length > 0 ? true : null));
  const sent = await game.sent(ticket.id);
  const [first] = sent;
  if (first !== undefined) {
    const after = humanSeconds((first - mended) / 1000);
    say(`   The alert comes ${after} after the remedy, ${humanSeconds((first - promise) / 1000)} after the breach.`);
  }
  await game.quiet(['delivery-failures'], mended, 40);
  game.count('alerts that came, each once', (await game.sent(ticket.id)).length, 1);
  game.count('breaches in the history', (await game.breaches(ticket.id)).length, 1);
};
