import { bold, humanSeconds, say } from '../demo/print.ts';
import type { Game } from './game.ts';
import { openTicket, subscribe } from './people.ts';

const sweep = 'schedule -> job-sweep';
const promisedMs = 3_600_000;

/** The schedule of the sweep is switched off, and with it every timer. */
export const sweepStopped = async (game: Game): Promise<void> => {
  await subscribe(game);
  const ticket = await openTicket(game, 'Nightly backup did not run');
  const opened = await game.now();
  await game.pass('PT50M');
  say(`   ${ticket.number}, critical, has waited 50 min for an answer; at an hour its promise is broken.`);
  say(bold('   Break: the schedule of the sweep is switched off'));
  await game.command('POST', '/_local/sources', { name: sweep, running: false });
  await game.rings('job-sweep-silent', await game.now(), 15);
  await game.until(30, async () => ((await game.now()) > opened + promisedMs + 10 * 60_000 ? true : null));
  const waited = humanSeconds(((await game.now()) - opened - promisedMs) / 1000);
  say(`   People: ${(await game.sent(ticket.id)).length} alerts have come ${waited} after the promise was broken.`);
  game.consult('job-sweep-silent');
  await game.command('POST', '/_local/sources', { name: sweep, running: true });
  const mended = await game.now();
  await game.until(10, async () => ((await game.sent(ticket.id)).length > 0 ? true : null));
  const [first] = await game.sent(ticket.id);
  const [breach = NaN] = await game.breaches(ticket.id);
  if (first !== undefined) {
    const after = humanSeconds((first - mended) / 1000);
    say(`   The alert comes ${after} after the remedy, ${humanSeconds((first - breach) / 1000)} after the breach.`);
  }
  // The first sweep finds what was left undone, and says so.
  await game.rings('oldest-due', mended, 5, 'the remedy');
  await game.quiet(['job-sweep-silent', 'oldest-due'], mended, 40);
  game.count('minutes from opening to the breach in the history', Math.round((breach - opened) / 60_000), 60);
  game.count('alerts that came, each once', (await game.sent(ticket.id)).length, 1);
};
