import { type DrillAnswer, answerOf } from '../domain/answer.ts';
import { type Drill, isOwn, type Verdict } from '../domain/drill.ts';

/** What a report says, before it becomes HTML or Markdown: every text as it is, nothing escaped yet. */
export interface Contents {
  readonly title: string;
  readonly verdict: Verdict | 'cancelled';
  readonly meaning: string;
  readonly reasons: readonly string[];
  readonly asked: Rows;
  readonly objectives: {
    readonly name: string;
    readonly promised: string;
    readonly measured: string;
    readonly met: string;
  }[];
  readonly loss: Rows;
  readonly legs: readonly ReportLeg[];
  readonly checks: readonly { readonly name: string; readonly result: string; readonly detail: string }[];
  readonly counts: Rows;
  readonly evidence: Rows;
}
type Rows = readonly (readonly [label: string, value: string])[];

export interface ReportLeg {
  readonly name: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly seconds: number | null;
  readonly errorBoundSeconds: number;
}

/** What each verdict means, for somebody who sees one for the first time. */
export const verdictMeanings: Readonly<Record<Verdict | 'cancelled', string>> = {
  passed:
    'Passed: the data were restored, every check was made and found nothing wrong, and both recovery objectives were met.',
  failed: 'Failed: the restore did not succeed, a check found something wrong, or a recovery objective was missed.',
  unknown:
    'Unknown: something was not checked, not allowed or cannot be told, so the drill proves nothing. It is not a pass, and not a proof of a fault.',
  cancelled: 'Cancelled: somebody ended the drill before it came to a verdict. It proves nothing.',
};

const none = 'none';

/** What only the desk's own table has; of another one it is no gap that it was not looked at. */
const ofOwn = (drill: Drill, value: string): string => (isOwn(drill) ? value : 'not applicable');

const seconds = (value: number | null): string => (value === null ? 'not measured' : `${value} s`);

const measured = ({ seconds: value, errorBoundSeconds }: DrillAnswer['rto']): string =>
  value === null ? 'not measured' : `${value} s (may be up to ${errorBoundSeconds ?? 0} s less)`;

const met = (value: boolean | null): string => (value === null ? 'not known' : value ? 'met' : 'missed');

const legOf = ({ name, startedAt, endedAt, errorBoundSeconds }: DrillAnswer['legs'][number]): ReportLeg => ({
  name,
  startedAt,
  endedAt,
  seconds: endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
  errorBoundSeconds,
});

/** The desk's own table tells by itself what was written since. */
const atRestRows = (drill: Drill): Rows =>
  isOwn(drill)
    ? []
    : [['Written to since the recovery point', drill.atRest ? 'no, by the word of whoever asked' : 'perhaps']];

const askedRows = (drill: Drill): Rows => [
  ['Drill', drill.id],
  ['Plan', drill.planId ?? 'none: started by hand'],
  ['Service', drill.serviceId ?? none],
  ['Table', drill.table],
  ['Method', drill.method === 'pitr' ? 'point-in-time recovery' : 'backup of AWS Backup'],
  ['Recovery point wanted', drill.recoveryPoint === 'fresh' ? 'a fresh one, taken for the drill' : 'the newest'],
  ...atRestRows(drill),
  ['Asked for by', `${drill.requestedBy.id} (${drill.requestedBy.role})`],
  ['Asked for at', drill.requestedAt],
  ['Disaster declared at', drill.declaredAt ?? 'never'],
  ['Ended at', drill.endedAt ?? 'not yet'],
  [
    'Cancelled by',
    drill.cancelRequested === null ? 'nobody' : `${drill.cancelRequested.by} at ${drill.cancelRequested.at}`,
  ],
  ['Cost', `about $${drill.cost.estimate} (ceiling: ${drill.costCeiling === null ? none : `$${drill.costCeiling}`})`],
];

const evidenceRows = (drill: Drill): Rows => [
  ['Recovery point', drill.recoveryPointUsed?.arn ?? (drill.method === 'pitr' ? 'an instant' : none)],
  ['Recovery point of', drill.recoveryPointUsed?.createdAt ?? 'not chosen'],
  [
    'Size of the recovery point',
    drill.recoveryPointUsed?.sizeBytes == null ? 'not told' : `${drill.recoveryPointUsed.sizeBytes} bytes`,
  ],
  ['Recovery points that could not be used', drill.unusable.length === 0 ? none : drill.unusable.join(', ')],
  ['Backup job', drill.backupJobId ?? none],
  ['Restore job', drill.restoreJobId ?? none],
  ['Source', drill.source?.tableArn ?? drill.table],
  ['Restored into', drill.scratchTable.name],
  ['Restored table removed at', drill.scratchTable.removedAt ?? (drill.scratchMayExist ? 'not yet' : 'there was none')],
  ['Manifest', ofOwn(drill, drill.manifest?.name ?? none)],
  ['Manifest as of', ofOwn(drill, drill.manifest?.asOf ?? none)],
  ['SHA-256 of the manifest', ofOwn(drill, drill.manifest?.sha256 ?? none)],
  ['Version of the drill', `${drill.version}: so many events are in its history, each linked to the one before`],
  ['Form of this report', '1'],
];

/** Everything that an auditor asks of a drill that is over. */
export const contentsOf = (drill: Drill): Contents => {
  const answer = answerOf(drill);
  const verdict = drill.verdict ?? 'cancelled';
  const { rpo, rto, integrity } = answer;
  return {
    title: `Restore drill of ${drill.table}`,
    verdict,
    meaning: verdictMeanings[verdict],
    reasons: drill.reasons,
    asked: askedRows(drill),
    objectives: [
      {
        name: 'Recovery point (RPO): how much was lost',
        promised: seconds(drill.objectives.rpoSeconds),
        measured: measured(rpo),
        met: met(rpo.met),
      },
      {
        name: `Recovery time (RTO): how long it took until the copy ${isOwn(drill) ? 'served' : 'was checked'}`,
        promised: seconds(drill.objectives.rtoSeconds),
        measured: measured(rto),
        met: met(rto.met),
      },
    ],
    loss: [
      ['Records lost', ofOwn(drill, rpo.lostRecords === null ? 'not counted' : String(rpo.lostRecords))],
      ['Oldest lost record', ofOwn(drill, rpo.oldestLostAt ?? none)],
      ['Newest canary in the copy', ofOwn(drill, rpo.newestCanaryAt ?? none)],
      ['First read served', ofOwn(drill, drill.served.readAt ?? 'not served')],
      ['First write served', ofOwn(drill, drill.served.writeAt ?? 'not served')],
    ],
    legs: answer.legs.map(legOf),
    checks: integrity.checks.map((check) => ({ ...check, result: check.result.replace('_', ' ') })),
    counts: [
      ['Items in the copy', String(integrity.items)],
      ['Compared', String(integrity.compared)],
      ['Missing', String(integrity.missing)],
      ['Altered', String(integrity.altered)],
      ['Torn', String(integrity.torn)],
    ],
    evidence: evidenceRows(drill),
  };
};
