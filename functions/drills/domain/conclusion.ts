import type { Contribution } from '../../platform/store/contribution.ts';
import type { Drill, Verdict } from './drill.ts';

/** What a drill measured, as far as its conclusion asks. */
export interface Measured {
  readonly rpo: Measurement | null;
  readonly rto: Measurement | null;
}
interface Measurement {
  readonly seconds: number | null;
  readonly errorBoundSeconds: number | null;
  readonly met: boolean | null;
}

/** A drill has no priority of a ticket; its facts stand under this one. */
const priority = 'normal';

/**
 * What a drill says to the KPIs once it is concluded: `rpo` (S-03), `rto` (S-04) and `drills-passed` (S-05), in the period of the
 * conclusion. Each fact carries its drill's own objective and whether that was met.
 */
export const factsOf = (
  drill: Drill,
  { rpo, rto }: Measured,
  { at, team }: { readonly at: string; readonly team: string | null },
): readonly Contribution[] => {
  const subject = { subject: drill.id, ticketId: drill.id, at, team, customer: null, priority };
  const about = { table: drill.table, method: drill.method, verdict: drill.verdict };
  const seconds = (kpi: 'rpo' | 'rto', measured: Measurement | null, objectiveSeconds: number): Contribution => {
    const value = measured?.seconds ?? null;
    const { errorBoundSeconds = null, met = null } = measured ?? {};
    const excluded = value === null ? 'notMeasured' : null;
    return { kpi, ...subject, value, excluded, detail: { ...about, objectiveSeconds, errorBoundSeconds, met } };
  };
  return [
    seconds('rpo', rpo, drill.objectives.rpoSeconds),
    seconds('rto', rto, drill.objectives.rtoSeconds),
    {
      kpi: 'drills-passed',
      ...subject,
      value: drill.verdict === 'passed' ? 1 : 0,
      excluded: null,
      detail: { ...about, reasons: drill.reasons.slice(0, 5).map((reason) => reason.slice(0, 200)) },
    },
  ];
};

/** What somebody must hear of a conclusion; null when the drill passed. */
export interface DrillTrouble {
  readonly kind: 'drill.failed' | 'drill.unknown' | 'drill.objective-missed';
  readonly severity: 'critical' | 'high';
  readonly subject: string;
  readonly happened: string;
}

const inSeconds = (name: string, measured: Measurement | null, objective: number): string =>
  measured?.seconds == null
    ? `${name} not measured (promised ${objective} s)`
    : `${name} ${measured.seconds} s, promised ${objective} s`;

/** Whether all that is wrong is that it took too long, or lost too much: the data themselves came back whole. */
const onlyTooLate = ({ integrity }: Drill, { rpo, rto }: Measured): boolean =>
  (rpo?.met === false || rto?.met === false) &&
  rto?.seconds != null &&
  integrity !== null &&
  integrity.checks.every(({ result }) => result === 'passed' || result === 'not_applicable');

const kindOf = (drill: Drill, verdict: Verdict, measured: Measured): DrillTrouble['kind'] | null => {
  switch (verdict) {
    case 'passed':
      return null;
    case 'unknown':
      return 'drill.unknown';
    case 'failed':
      return onlyTooLate(drill, measured) ? 'drill.objective-missed' : 'drill.failed';
  }
};

const words = {
  'drill.failed': 'failed',
  'drill.unknown': 'proved nothing',
  'drill.objective-missed': 'missed its objectives',
} as const;

export const troubleOf = (drill: Drill, measured: Measured): DrillTrouble | null => {
  const kind = drill.verdict === null ? null : kindOf(drill, drill.verdict, measured);
  if (kind === null) return null;
  const { rpoSeconds, rtoSeconds } = drill.objectives;
  const lost = drill.integrity?.lostRecords ?? null;
  return {
    kind,
    severity: kind === 'drill.failed' ? 'critical' : 'high',
    subject: `Restore drill of ${drill.table} ${words[kind]}`,
    happened: [
      `${inSeconds('RPO', measured.rpo, rpoSeconds)}; ${inSeconds('RTO', measured.rto, rtoSeconds)}; ${lost === null ? 'lost records not counted' : `${lost} records lost`}.`,
      ...drill.reasons.slice(0, 3),
    ].join(' '),
  };
};
