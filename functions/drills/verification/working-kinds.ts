/**
 * Items that are worked on without an event of their own. What of them moves may differ between a copy and its source
 * although both are right; everything else of them must be equal, and nothing may go backwards.
 */
export interface WorkingKind {
  readonly PK: RegExp;
  readonly SK: RegExp;
  /** The attributes that move; `all` where nothing is left that does not. */
  readonly moves: ReadonlySet<string> | 'all';
  /** An attribute that only grows: a copy that has more than its source is no copy of it. */
  readonly grows?: string;
  /** The attribute and the values by which an item says that nothing moves any more. */
  readonly settled?: { readonly attribute: string; readonly values?: readonly string[] };
  /** Whether one may come into being at any time, and not only with an event or beside an item that is open. */
  readonly anyTime: boolean;
  readonly why: string;
}

const due = ['dueAt', 'dueShard', 'dueLane', 'dueAttempts'] as const;

export const workingKinds: readonly WorkingKind[] = [
  {
    PK: /^ALT#/,
    SK: /^A$/,
    moves: new Set(['state', 'planned', 'version', 'acknowledgement', ...due]),
    grows: 'version',
    settled: { attribute: 'state', values: ['delivered', 'failed'] },
    anyTime: false,
    why: 'an alert is delivered and looked after; its ticket has the event',
  },
  {
    PK: /^ALT#/,
    SK: /^DLV#/,
    moves: new Set([
      'state',
      'attempts',
      'owner',
      'claimedUntil',
      'publishedAt',
      'parcel',
      'notBefore',
      'summaryId',
      'lastError',
    ]),
    settled: { attribute: 'state', values: ['published', 'summarised', 'failed'] },
    anyTime: false,
    why: 'attempts leave no instant',
  },
  {
    PK: /^PCL#/,
    SK: /^P$/,
    moves: new Set([
      'state',
      'portion',
      'size',
      'attempts',
      'outcome',
      'lastError',
      'subscriptionIds',
      'version',
      ...due,
    ]),
    grows: 'portion',
    anyTime: true,
    why: 'a parcel is filled, sent and opened again',
  },
  {
    PK: /^PCL#/,
    SK: /^E#/,
    moves: new Set(['portion', 'doneAt']),
    settled: { attribute: 'doneAt' },
    anyTime: true,
    why: 'an entry is taken by a portion',
  },
  { PK: /^PAC#/, SK: /^M$/, moves: 'all', anyTime: true, why: 'the pace of a route, a minute at a time' },
  { PK: /^SYS#counter$/, SK: /./, moves: new Set(['value']), grows: 'value', anyTime: true, why: 'the next number' },
  {
    PK: /^SYS#heartbeat$/,
    SK: /^B$/,
    moves: new Set(['beat', 'at']),
    grows: 'beat',
    anyTime: true,
    why: 'a beat a minute',
  },
  { PK: /^SYS#sms$/, SK: /./, moves: new Set(['texts']), grows: 'texts', anyTime: true, why: 'texts of a month' },
  { PK: /^SYS#digests$/, SK: /^P$/, moves: 'all', grows: 'version', anyTime: true, why: 'progress of a job' },
  { PK: /^SYS#cursor-key$/, SK: /^K$/, moves: new Set(), anyTime: true, why: 'made once by whoever comes first' },
  {
    PK: /^SYS#sla$/,
    SK: /^BOOK$/,
    moves: 'all',
    grows: 'version',
    anyTime: true,
    why: 'written with each change of a policy',
  },
  {
    PK: /^SLP#/,
    SK: /^A$/,
    moves: 'all',
    anyTime: false,
    why: 'which application runs; the application has the history',
  },
  { PK: /^EPT#/, SK: /^E$/, moves: 'all', grows: 'version', anyTime: true, why: 'who shares an address' },
  {
    PK: /^SUBSCRIPTIONS$/,
    SK: /./,
    moves: 'all',
    grows: 'version',
    anyTime: true,
    why: 'subscriptions have the history',
  },
  { PK: /^ONCALL#/, SK: /^R$/, moves: 'all', anyTime: true, why: 'the rota has the history' },
  {
    PK: /^SVT#/,
    SK: /^S$/,
    moves: 'all',
    anyTime: true,
    why: 'which service has a table; the service has the history',
  },
  {
    PK: /^DRT#/,
    SK: /^L$/,
    moves: 'all',
    anyTime: true,
    why: 'which drill runs on a table; the drill has the history',
  },
  { PK: /^SYS#backups$/, SK: /^F$/, moves: 'all', anyTime: true, why: 'what each look at the backups has seen' },
  { PK: /^MNF#/, SK: /^M$/, moves: 'all', grows: 'version', anyTime: true, why: 'progress of a job' },
  { PK: /^VIO#/, SK: /^ACTIONS$/, moves: 'all', anyTime: true, why: 'the corrective actions have the history' },
];

/** Heads of which more moves than when they are due, without a new version: what of them is left must be equal. */
export const workingHeads: readonly Pick<WorkingKind, 'PK' | 'moves' | 'why'>[] = [
  {
    PK: /^SLA#/,
    moves: new Set([
      'state',
      'position',
      'pass',
      'movedBefore',
      'moved',
      'unchanged',
      'failed',
      'endedAt',
      'sum',
      ...due,
    ]),
    why: 'an application of a policy counts the tickets that it has moved',
  },
];

export const workingKindOf = (PK: string, SK: string): WorkingKind | null =>
  workingKinds.find((kind) => kind.PK.test(PK) && kind.SK.test(SK)) ?? null;
