/** `npm run cost`: what a month of a stage costs, from the capacity that a ticket's life is measured to use. */
import '../quiet.ts';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { currentAssembly } from '../../local/assembly/current-assembly.ts';
import { readAssembly } from '../../local/assembly/read-assembly.ts';
import { startMeteredDesk } from '../capacity/desk.ts';
import { atScale, monthlyBill, resourceCounts } from './bill.ts';
import { measuredLife } from './life.ts';
import { readPrices } from './prices.ts';

const help = `The monthly bill of a stage, by service, in US dollars and without any free tier.

  npm run cost -- [options]

  --tickets N    tickets a month (default 100000); each lives 8 writes and 12 reads. 0 = at rest
  --stage NAME   whose resources: local, dev or prod (default prod)
  --users N      people who sign in (default 50)
  --emails N     alert e-mails (default: one for each twentieth ticket)
  --sms N        alert SMS (default 0); the price is that of the United States
  --json         the bill as JSON
  --help         this text

Capacity units are measured on the database engine while you wait; prices and what cannot be measured here stand in bench/cost/prices.json.
`;

const amount = (name: string, given: string | undefined, otherwise: number): number => {
  const value = Number(given ?? otherwise);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new Error(`--${name} takes a whole number from 0, got ${JSON.stringify(given)}`);
  return value;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      tickets: { type: 'string' },
      stage: { type: 'string', default: 'prod' },
      users: { type: 'string' },
      emails: { type: 'string' },
      sms: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(help);
  const tickets = amount('tickets', values.tickets, 100_000);
  const month = {
    tickets,
    users: amount('users', values.users, tickets === 0 ? 0 : 50),
    emails: amount('emails', values.emails, Math.round(tickets / 20)),
    sms: amount('sms', values.sms, 0),
  };
  const progress = (line: string): void => console.error(`... ${line}`);
  const projectDir = resolve(import.meta.dirname, '../..');
  progress('synthesizing the app');
  // The desk to measure is the local one; what stands in the stage is counted from its own templates.
  const model = readAssembly(await currentAssembly({ projectDir, stage: 'local' }));
  const stageDir = await currentAssembly({ projectDir, stage: values.stage });
  const prices = atScale(readPrices(), tickets);
  progress("measuring a ticket's life");
  const desk = await startMeteredDesk({ model });
  try {
    const life = await measuredLife({ projectDir, model, quick: false, scale: 0, progress }, desk, prices);
    const bill = monthlyBill(life, month, resourceCounts(stageDir), prices);
    const total = Object.values(bill).reduce((sum, dollars) => sum + dollars, 0);
    if (values.json)
      return console.log(JSON.stringify({ stage: values.stage, ...month, prices: prices.asOf, bill, total }, null, 2));
    console.log(
      `A month of the stage ${values.stage}: ${tickets} tickets, ${month.users} people, ${month.emails} e-mails, ${month.sms} SMS`,
    );
    console.log(`(${prices.region}, list prices of ${prices.asOf} without free tier; see bench/cost/prices.json)\n`);
    for (const [service, dollars] of Object.entries(bill)) {
      if (dollars >= 0.005) console.log(`${service.padEnd(28)}${dollars.toFixed(2).padStart(10)}`);
    }
    console.log(`${'total'.padEnd(28)}${total.toFixed(2).padStart(10)}`);
    if (tickets > 0)
      console.log(`${'a thousand tickets'.padEnd(28)}${((total / tickets) * 1000).toFixed(2).padStart(10)}`);
  } finally {
    await desk.stop();
  }
};

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
