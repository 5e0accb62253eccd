import type { CloudModel } from '../local/model.ts';

/** One line of the table. */
export interface Row {
  readonly what: string;
  /** What this run saw, with its unit. */
  readonly measured: string;
  /** What DESIGN promises; a dash when nothing is promised and the figure is told for orientation. */
  readonly target: string;
  /** Null when there is no target, or none that this run could have tested. */
  readonly ok: boolean | null;
}

/** What every measurement gets. */
export interface Bench {
  readonly projectDir: string;
  /** The synthesized app of the stage `local`: its tables, memory sizes and bundles are what is measured. */
  readonly model: CloudModel;
  /** Fewer repetitions and smaller seeds: for a look, not for the record. */
  readonly quick: boolean;
  /** With how many open tickets alerts are measured besides; 0: with no more than usual. */
  readonly scale: number;
  readonly progress: (line: string) => void;
}

export type Measurement = (bench: Bench) => Promise<readonly Row[]>;

export const rounded = (value: number, digits = 1): string => String(Number(value.toFixed(digits)));

/** A figure that must not be above `limit`. */
export const atMost = (what: string, value: number, limit: number, unit: string, note = ''): Row => ({
  what,
  measured: `${rounded(value, 2)} ${unit}${note === '' ? '' : ` (${note})`}`,
  target: `<= ${limit} ${unit}`,
  ok: value <= limit,
});

/** A figure without a target. */
export const told = (what: string, measured: string): Row => ({ what, measured, target: '-', ok: null });
