import { definitions } from '../../functions/kpis/domain/definitions.ts';
import type { GroupName } from '../../functions/kpis/domain/group.ts';
import { answerKpi, mostRows, type RollupReader } from '../../functions/kpis/use-cases/answer-kpi.ts';

const rolledUp = { aggregate: { n: 1, sum: 1, min: 1, max: 1, excluded: {}, distribution: null }, computedAt: 0 };

/** Rollups of `customers` customers, with a ticket on each of `days` days of a month. */
const reader = (customers: number, days: number): RollupReader => ({
  days: async () =>
    Array.from({ length: days }, (_unused, day) => ({
      ...rolledUp,
      SK: `2016-01-${String(day + 1).padStart(2, '0')}`,
    })),
  months: async (_kpi, dimension) =>
    Array.from({ length: dimension === 'all' ? 1 : customers }, (_unused, customer) => {
      const group: GroupName = dimension === 'all' ? 'all' : `${dimension}:cus_${customer}`;
      return { ...rolledUp, month: '2016-01', group };
    }),
});

const ask = async (rollups: RollupReader, granularity: 'day' | 'month') => {
  const [definition] = definitions;
  if (definition === undefined) throw new Error('no definitions');
  const period = { from: '2016-01-01', to: '2016-02-01' };
  return answerKpi(rollups, { definition, period, granularity, groupBy: 'customer', percentiles: false }, 0);
};

// PITFALLS 19: nothing is cut silently.
it('answers up to 5,000 rows, and refuses rather than cut a longer answer', async () => {
  expect((await ask(reader(mostRows / 20, 20), 'day')).series).toHaveLength(mostRows);
  await expect(ask(reader(mostRows / 20 + 1, 20), 'day')).rejects.toMatchObject({ errors: [{ path: 'groupBy' }] });
  expect((await ask(reader(mostRows, 20), 'month')).series).toHaveLength(mostRows);
  await expect(ask(reader(mostRows + 1, 20), 'month')).rejects.toMatchObject({ errors: [{ path: 'groupBy' }] });
});
