import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { compareFigure, figureSchema, isEmpty } from './compare-figure.ts';
import { type Desk, findToken, get, mapSome, readTickets, readTimeline } from './desk-reader.ts';
import {
  type Contribution,
  contributionsOf,
  countedIn,
  figureOf,
  GROUPINGS,
  type Grouping,
  KPIS,
  type Kpi,
  localDates,
  series,
} from './recount.ts';

const answerSchema = z.object({
  total: figureSchema,
  series: z.array(z.object({ from: z.string(), group: z.string(), figure: figureSchema })),
});

export interface KpiCheck {
  /** How many cells were compared, and in how many different groups something was counted. */
  table: {
    kpi: Kpi;
    grouping: Grouping;
    cells: number;
    groupsWithData: number;
    total: number | null;
    n: number;
    excluded: string;
  }[];
  differences: string[];
}

export interface KpiCheckOptions {
  zone?: string;
  /** Figures follow events; they are compared again until they agree or this many seconds are over. */
  waitSeconds?: number;
}

type Granularity = 'day' | 'month';
interface Span {
  from: string;
  to: string;
  granularity: Granularity;
}

const monthAfter = (date: string, months: number): string => {
  const [year = 0, month = 1] = date.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1 + months, 1)).toISOString().slice(0, 10);
};

/** Days in each month that has data, and all months from one before the first to one after the last, two years at a time. */
export const spansOf = (dates: readonly string[]): Span[] => {
  const months = [...new Set(dates.map((date) => `${date.slice(0, 7)}-01`))].sort();
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined) return [];
  const spans: Span[] = months.map((from) => ({ from, to: monthAfter(from, 1), granularity: 'day' }));
  const end = monthAfter(last, 2);
  for (let from = monthAfter(first, -1); from < end; from = monthAfter(from, 24)) {
    const to = monthAfter(from, 24);
    spans.push({ from, to: [to, end].sort()[0] ?? end, granularity: 'month' });
  }
  return spans;
};

/** Periods may be answered as local dates or as the instants at which they begin. */
const periodStart = (from: string, dateOf: (at: number) => string): string =>
  from.length === 10 ? from : dateOf(Date.parse(from));

const compareSpan = async (
  desk: Desk,
  kpi: Kpi,
  grouping: Grouping,
  { from, to, granularity }: Span,
  contributions: readonly Contribution[],
  dateOf: (at: number) => string,
): Promise<{ cells: number; differences: string[] }> => {
  const groupBy = grouping === 'all' ? '' : `&groupBy=${grouping}`;
  const answer = answerSchema.parse(
    await get(desk, `/v1/kpis/${kpi}?from=${from}&to=${to}&granularity=${granularity}${groupBy}`),
  );
  const inside = contributions.filter(({ at }) => dateOf(at) >= from && dateOf(at) < to);
  const expected = series(kpi, grouping, granularity, inside, dateOf);
  const where = `${kpi} by ${grouping}, ${granularity}`;
  const differences = compareFigure(
    `${where} ${from}..${to} total`,
    kpi,
    'all',
    figureOf(kpi, 'all', inside),
    answer.total,
  );
  const seen = new Set<string>();
  for (const { from: start, group, figure } of answer.series) {
    const cell = `${periodStart(start, dateOf)} ${group}`;
    if (seen.has(cell)) differences.push(`${where} ${cell} is answered twice`);
    seen.add(cell);
    const right = expected.get(cell);
    if (right !== undefined) differences.push(...compareFigure(`${where} ${cell}`, kpi, grouping, right, figure));
    else if (!isEmpty(kpi, grouping, figure))
      differences.push(`${where} ${cell}: the recount has nothing, desk n ${figure.n}`);
  }
  for (const [cell, right] of expected) {
    if (!seen.has(cell) && !isEmpty(kpi, grouping, right))
      differences.push(`${where} ${cell}: recount n ${right.n}, desk answers nothing`);
  }
  return { cells: expected.size, differences };
};

/** Recounts the KPIs from tickets and timelines as a desk answers them, live ones included, and compares every figure. */
export const recountKpis = async (
  desk: Desk,
  { zone = 'Etc/UTC', waitSeconds = 0 }: KpiCheckOptions = {},
): Promise<KpiCheck> => {
  const tickets = await readTickets(desk);
  const counted = countedIn(zone);
  const all = (
    await mapSome(tickets, 8, async (ticket) => contributionsOf(ticket, await readTimeline(desk, ticket.id), counted))
  ).flat();
  const known = new Map<number, string>();
  const format = localDates(zone);
  const dateOf = (at: number): string => {
    const date = known.get(at) ?? format(at);
    known.set(at, date);
    return date;
  };
  const spans = spansOf(all.map(({ at }) => dateOf(at)));

  const compareAll = async (): Promise<KpiCheck> => {
    const check: KpiCheck = { table: [], differences: [] };
    for (const kpi of KPIS) {
      const own = all.filter((one) => one.kpi === kpi);
      for (const grouping of GROUPINGS) {
        const results = await mapSome(spans, 4, (span) => compareSpan(desk, kpi, grouping, span, own, dateOf));
        check.differences.push(...results.flatMap(({ differences }) => differences));
        const groups = Map.groupBy(own, (one) => (grouping === 'all' ? 'all' : one[grouping]));
        const total = figureOf(kpi, 'all', own);
        check.table.push({
          kpi,
          grouping,
          cells: results.reduce((sum, { cells }) => sum + cells, 0),
          groupsWithData: [...groups.values()].filter((members) => figureOf(kpi, grouping, members).n > 0).length,
          total: total.value,
          n: total.n,
          excluded: JSON.stringify(total.excluded),
        });
      }
    }
    return check;
  };

  const deadline = Date.now() + waitSeconds * 1000;
  for (;;) {
    const check = await compareAll();
    if (check.differences.length === 0 || Date.now() >= deadline) return check;
    await pause(1000);
  }
};

const DIFFERENCES_SHOWN = 40;

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      url: { type: 'string', default: 'http://127.0.0.1:3000' },
      token: { type: 'string' },
      zone: { type: 'string', default: 'Etc/UTC' },
      wait: { type: 'string', default: '0' },
    },
  });
  const desk = { url: values.url, token: await findToken(values.url, values.token) };
  const { table, differences } = await recountKpis(desk, { zone: values.zone, waitSeconds: Number(values.wait) });
  console.table(table);
  for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) console.log(difference);
  console.log(differences.length === 0 ? 'no difference' : `${differences.length} differences`);
  process.exitCode = differences.length === 0 ? 0 : 1;
}
