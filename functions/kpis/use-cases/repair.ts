import { definitionOf } from '../domain/definitions.ts';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf } from '../domain/group.ts';
import type { Repair } from './examine-ticket.ts';
import { inParallel } from './in-parallel.ts';
import type { DirtyHour } from './mark.ts';
import { DirtyHours } from './project-facts.ts';
import type { TicketRow } from '../domain/ticket-row.ts';
import { type Drift, type DriftKind, noDrift } from '../domain/recount.ts';

export interface RepairPorts {
  readonly facts: {
    /** The groups that the fact is and was in, or null when another version is there than the one that was read. */
    putOver(kpi: string, hour: string, fact: Fact, over: number | null): Promise<readonly GroupName[] | null>;
  };
  readonly rows: { putOver(row: TicketRow, over: number | null): Promise<boolean> };
}

const atOnce = 8;

/** What these repairs would come to if all were applied, and the hours that they touch: what is kept before they begin. */
export const intentionOf = (
  repairs: readonly Repair[],
): { readonly drift: Drift; readonly hours: readonly DirtyHour[] } => {
  const drift: Record<DriftKind, number> = { ...noDrift };
  const hours = new DirtyHours();
  for (const repair of repairs) {
    drift[repair.kind] += 1;
    if (repair.what === 'row' || definitionOf(repair.kpi) === undefined) continue;
    hours.add(repair.kpi, repair.hour, groupsOf(repair.fact));
    if (repair.was !== null) hours.add(repair.kpi, repair.hour, groupsOf(repair.was));
  }
  return { drift, hours: hours.take() };
};

/** Applies repairs. Counted is what was written: what the stream has brought meanwhile was no drift. */
export const applyRepairs = async (
  { facts, rows }: RepairPorts,
  repairs: readonly Repair[],
): Promise<{ readonly drift: Drift; readonly hours: readonly DirtyHour[] }> => {
  const drift: Record<DriftKind, number> = { ...noDrift };
  const hours = new DirtyHours();
  await inParallel(repairs, atOnce, async (repair) => {
    if (repair.what === 'row') {
      if (await rows.putOver(repair.row, repair.over)) drift.row += 1;
      return;
    }
    const groups = await facts.putOver(repair.kpi, repair.hour, repair.fact, repair.over);
    if (groups === null) return;
    drift[repair.kind] += 1;
    if (definitionOf(repair.kpi) !== undefined)
      hours.add(repair.kpi, repair.hour, [...groups, ...groupsOf(repair.fact)]);
  });
  return { drift, hours: hours.take() };
};
