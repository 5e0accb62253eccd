import { bold, humanSeconds, say } from '../demo/print.ts';
import { kpi } from '../demo/shapes.ts';
import type { Game } from './game.ts';
import { openTicket } from './people.ts';

const before = 3;
const during = 5;
const dayMs = 86_400_000;

/** The function that projects KPIs dies on every batch of the stream. */
export const kpisBehind = async (game: Game): Promise<void> => {
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  const today = await game.now();
  const path = `/v1/kpis/ticket-volume?from=${day(today)}&to=${day(today + 2 * dayMs)}`;
  const counted = async (): Promise<number | null> => (await game.desk.get('manager', path, kpi)).total.value;
  for (let index = 0; index < before; index += 1) await openTicket(game, `Before, ${index + 1}`);
  await game.pass('PT3M');
  game.count('tickets in the KPI', await counted(), before);
  say(bold('   Break: stream-kpis dies on every batch'));
  await game.command('POST', '/_local/faults', { target: 'stream:kpi', fault: 'crash-before', count: 100_000 });
  const broken = await game.now();
  for (let index = 0; index < during; index += 1) await openTicket(game, `During, ${index + 1}`);
  await game.rings('stream-kpis-errors', broken, 5);
  await game.rings('stream-kpis-behind', broken, 30);
  const age = humanSeconds(((await game.now()) - broken) / 1000);
  say(
    `   People: tickets are served as ever; the KPI says ${await counted()} of ${before + during}, and is ${age} old.`,
  );
  game.consult('stream-kpis-behind');
  await game.command('DELETE', '/_local/faults');
  const mended = await game.now();
  await game.until(10, async () => ((await counted()) === before + during ? true : null));
  say(`   The KPI is right within ${humanSeconds(((await game.now()) - mended) / 1000)} of the remedy.`);
  await game.quiet(['stream-kpis-behind', 'stream-kpis-errors'], mended, 40);
  game.count('tickets in the KPI, each once', await counted(), before + during);
};
