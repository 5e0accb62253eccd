import type { GroupName } from '../domain/group.ts';

/** Groups of an hour whose rollups are out of date. */
export interface DirtyHour {
  readonly kpi: string;
  /** Local: `2016-02-29T08`. */
  readonly hour: string;
  readonly groups: readonly GroupName[];
}

/** A dirty hour as it was read; its token tells whether it was marked again since. */
export interface Mark extends DirtyHour {
  readonly token: string;
  /** When it became dirty; null for marks of before this was kept. */
  readonly since: string | null;
}
