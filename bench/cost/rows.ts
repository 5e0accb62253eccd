import { startMeteredDesk } from '../capacity/desk.ts';
import { type Measurement, rounded, told } from '../row.ts';
import { dollarsPerMillion, type Expense, noExpense, plus } from './expense.ts';
import { measuredLife } from './life.ts';
import { readPrices } from './prices.ts';

const limit = 95;

/** A million tickets' lives in dollars, from the capacity that one of them used: one model for capacity and cost. */
export const costOfALife: Measurement = async (bench) => {
  bench.progress("cost of a ticket's life");
  const prices = readPrices();
  const desk = await startMeteredDesk(bench);
  try {
    const parts = await measuredLife(bench, desk, prices);
    const life = Object.values(parts).reduce(plus, noExpense);
    const services = dollarsPerMillion(life, prices);
    const total = Object.values(services).reduce((sum, dollars) => sum + dollars, 0);
    const dollarsOf = (used: Expense) =>
      Object.values(dollarsPerMillion(used, prices)).reduce((sum, dollars) => sum + dollars, 0) -
      (services['KMS'] ?? 0);
    const seen = Object.values(prices.prices).filter(({ checked }) => checked !== 'page').length;
    return [
      {
        what: "a million tickets' lives (8 writes, 12 reads)",
        measured: `$${rounded(total, 2)} (${prices.region} ${prices.asOf}; ${seen} prices not read on AWS's page)`,
        target: `<= $${limit}`,
        ok: total <= limit,
      },
      ...Object.entries(services).map(([service, dollars]) => told(`  of it ${service}`, `$${rounded(dollars, 2)}`)),
      ...Object.entries(parts).map(([part, used]) =>
        told(
          `  used by ${part}`,
          `${rounded(used.wru)} WRU, ${rounded(used.rru)} RRU, ${rounded(used.gbSeconds, 3)} GB-s, ${rounded(used.invocations)} invocations, $${rounded(dollarsOf(used), 2)}`,
        ),
      ),
    ];
  } finally {
    await desk.stop();
  }
};
