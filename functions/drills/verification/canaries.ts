import type { CheckResult } from '../domain/integrity.ts';
import type { Canary } from './scan-position.ts';

/** So many canaries a tick writes, one a partition. */
export const canaryCount = 16;
const tickMs = 60_000;

/** A change that is recorded may take so long until it is committed; see the source's scan, which waits as long. */
export const settleMs = 35_000;

/** Without canaries, the copy is taken to be so much older than its service says. */
export const olderMs = 120_000;

const noCanary =
  'The copy has no canary: they are written each minute, so the desk had just begun when it was made, or job-backups does not run.';

/** What canaries of the copy say about it. */
export interface CanaryFindings {
  readonly result: CheckResult;
  readonly detail: string;
  /** They are of more than one instant. */
  readonly spread: string | null;
  readonly oldestAt: number | null;
  readonly newestAt: number | null;
}

export const lookAtCanaries = (
  canaries: readonly Canary[],
  facts: { readonly table: string; readonly createdAt: number; readonly declaredAt: number },
): CanaryFindings => {
  const instants = canaries.map(({ at }) => Date.parse(at));
  const none = { oldestAt: null, newestAt: null, spread: null };
  if (canaries.length === 0) return { ...none, result: 'unknown', detail: noCanary };
  if (instants.some(Number.isNaN))
    return { ...none, result: 'failed', detail: 'A canary of the copy carries no instant.' };
  const oldestAt = Math.min(...instants);
  const newestAt = Math.max(...instants);
  const spread =
    newestAt - oldestAt > tickMs
      ? `the canaries are of ${seconds(newestAt - oldestAt)} s, from ${iso(oldestAt)} to ${iso(newestAt)}`
      : null;
  const wrong = wrongs(canaries, { oldestAt, newestAt }, facts);
  const ages = `${canaries.length} canaries, the newest of ${iso(newestAt)}`;
  return {
    oldestAt,
    newestAt,
    spread,
    result: wrong.length === 0 ? 'passed' : 'failed',
    detail: wrong.length === 0 ? `${ages}.` : `${wrong.join('; ')} (${ages}).`,
  };
};

const wrongs = (
  canaries: readonly Canary[],
  { newestAt }: { readonly oldestAt: number; readonly newestAt: number },
  { table, createdAt, declaredAt }: { readonly table: string; readonly createdAt: number; readonly declaredAt: number },
): readonly string[] => {
  const foreign = canaries.find((canary) => canary.table !== table);
  return [
    ...(foreign === undefined ? [] : [`the canaries are of another table, ${foreign.table}`]),
    ...(canaries.length === canaryCount ? [] : [`${canaries.length} of ${canaryCount} canaries are there`]),
    ...(newestAt < createdAt - olderMs
      ? [`the copy is older than its recovery point of ${iso(createdAt)} by ${seconds(createdAt - newestAt)} s`]
      : []),
    ...(newestAt > declaredAt ? [`a canary of ${iso(newestAt)} is later than the disaster at ${iso(declaredAt)}`] : []),
  ];
};

/**
 * The tick after the newest of the copy: when the source has gone on by n ticks since, at the latest n - 1 minutes before its
 * newest one. Null when there was none before the declaration.
 */
export const nextCanary = (copy: readonly Canary[], source: readonly Canary[], declaredAt: number): string | null => {
  const newest = (canaries: readonly Canary[]): Canary | null =>
    canaries.reduce<Canary | null>((best, one) => (best === null || one.at > best.at ? one : best), null);
  const [had, has] = [newest(copy), newest(source)];
  if (had === null || has === null || has.at <= had.at) return null;
  const ticks = Math.max(1, has.tick - had.tick);
  const at = Math.max(Date.parse(had.at) + tickMs, Date.parse(has.at) - (ticks - 1) * tickMs);
  return at <= declaredAt ? iso(at) : null;
};

const iso = (at: number): string => new Date(at).toISOString();
const seconds = (ms: number): number => Math.round(ms / 1000);
