import type { Position } from '../../platform/store/heads.ts';
import type { Drill, DrillState, Verdict } from '../domain/drill.ts';
import type { DrillPorts } from './ports.ts';

export interface DrillFilter {
  readonly table?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly state?: DrillState | undefined;
  readonly planId?: string | undefined;
}

/** A page, newest first. What the filter leaves out is missing on its page, which may be short; the list ends only at its end. */
export const listDrills = async (
  { drills }: Pick<DrillPorts, 'drills'>,
  { table, verdict, state, planId }: DrillFilter,
  page: { readonly limit: number; readonly after: Position | null },
): Promise<{ readonly drills: readonly Drill[]; readonly next: Position | null }> => {
  const found = await drills.list(page.limit, page.after);
  return {
    next: found.next,
    drills: found.drills.filter(
      (drill) =>
        (table === undefined || drill.table === table) &&
        (verdict === undefined || drill.verdict === verdict) &&
        (state === undefined || drill.state === state) &&
        (planId === undefined || drill.planId === planId),
    ),
  };
};
