import { createHash } from 'node:crypto';
import { canonicalItem, digestOf, keyText, sha256, type WireItem, wireHeadSum, wireJson } from './wire.ts';
import { type WorkingKind, workingHeads, workingKindOf } from './working-kinds.ts';

/** What an item is to a comparison. `row` is a row of an index. */
export type RecordKind = 'event' | 'head' | 'body' | 'canary' | 'working' | 'plain' | 'row';

/**
 * What a comparison needs of an item. `self` is what it says about itself: an event that its payload fits its digest
 * (`erased` when payload and salt are gone), a head that its sum fits, a body that its text has the hash it is named by, a
 * working item that nothing moves any more.
 */
export interface ItemRecord {
  readonly kind: RecordKind;
  readonly PK: string;
  readonly SK: string;
  readonly self: 'fits' | 'wrong' | 'silent' | 'erased';
  /** Of an event or head; of a working item what only grows. */
  readonly version: number;
  /** When an event was recorded; of others the latest instant that they carry, of those that have passed. Null: none. */
  readonly instant: number | null;
  /** By which version of its kind's schema it was written; see `platform/store/item-kind.ts`. */
  readonly schema: number;
  /** Of all that it holds. */
  readonly digest: string;
  /** Of what may not change without a change of version; of a working item, of what never does. */
  readonly still: string;
  /** An event's digest; a head's chain. */
  readonly link: string;
  /** An event's hash. */
  readonly hash: string;
  /** The rows that it has in indexes, or the one that this is. */
  readonly rows: readonly string[];
  /** Hashes of long texts that it mentions. */
  readonly mentions: readonly string[];
}

export interface IndexKeys {
  readonly name: string;
  readonly keys: readonly string[];
}

/** How items of a table are read into records. */
export interface RecordOptions {
  readonly keys: readonly string[];
  /** Those whose rows are to be there; none for a source, whose indexes are not looked at. */
  readonly indexes: readonly IndexKeys[];
  /** Instants after it have not come yet and say nothing about when an item was changed. */
  readonly now: number;
}

/** Whoever wrote an item may have a clock that is ahead of ours. */
const clockErrorMs = 30_000;

const dueAttributes: ReadonlySet<string> = new Set(['dueAt', 'dueShard', 'dueLane', 'dueAttempts']);
const isoInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;
/** Ids that begin with the instant at which they were made; others are derived from what they name. */
const timedId =
  /(?:^|[#:])(?:tkt|cus|ctc|tem|agt|sub|rot|cal|slp|sla|cac|drl|dpl|svc|bkr)_([0-7][0-9A-HJKMNP-TV-Z]{9})[0-9A-HJKMNP-TV-Z]{16}/;
const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** When the id in a text was made; null when there is none that tells. */
export const instantOfId = (text: string): number | null => {
  const letters = timedId.exec(text)?.[1];
  if (letters === undefined) return null;
  return [...letters].reduce((time, letter) => time * 32 + crockford.indexOf(letter), 0);
};

const text = (item: WireItem, name: string): string => item[name]?.S ?? '';
const numberOf = (item: WireItem, name: string): number => Number(item[name]?.N ?? 0);

const latest = (one: number | null, other: number | null): number | null =>
  one === null ? other : other === null ? one : Math.max(one, other);

/** The latest instant in an item that has passed: in its texts, also those within maps and lists, and in its own ids. */
const latestInstant = (item: WireItem, now: number): number | null => {
  let found: number | null = null;
  for (const [name, value] of Object.entries(item)) {
    if (dueAttributes.has(name)) continue;
    if (value.S !== undefined) {
      const at = isoInstant.test(value.S) ? Date.parse(value.S) : instantOfId(value.S);
      if (at !== null && at <= now + clockErrorMs) found = latest(found, at);
    } else if (value.M !== undefined) found = latest(found, latestInstant(value.M, now));
    else if (value.L !== undefined) {
      for (const [index, member] of value.L.entries()) found = latest(found, latestInstant({ [index]: member }, now));
    }
  }
  return found;
};

const collectMentions = (item: WireItem, into: Set<string>): void => {
  for (const [name, value] of Object.entries(item)) {
    if (value.S !== undefined && (name === 'bodyHash' || name === 'descriptionHash')) into.add(value.S);
    else if (value.M !== undefined) collectMentions(value.M, into);
    else if (value.L !== undefined) for (const member of value.L) collectMentions({ _: member }, into);
  }
};

const mentionsOf = (item: WireItem): readonly string[] => {
  const found = new Set<string>();
  collectMentions(item, found);
  return [...found];
};

/** The text of a row: which index, and the values of its keys. */
export const rowOf = (index: IndexKeys, item: WireItem): string | null => {
  const values = index.keys.map((name) => keyText(item[name]));
  return values.includes(null) ? null : digestOf(JSON.stringify([index.name, ...values]));
};

const eventKey = /^EV#\d{8}$/;
const bodyKey = /(?:^|#)BODY#(.+)$/;

const selfOfEvent = (item: WireItem): ItemRecord['self'] => {
  const salt = text(item, 'salt');
  if (salt === '') return 'erased';
  const payload = [
    salt,
    text(item, 'type'),
    text(item, 'at'),
    wireJson(item['actor'] ?? {}),
    wireJson(item['data'] ?? {}),
  ];
  return sha256(`${payload.join('\n')}\n`) === text(item, 'digest') ? 'fits' : 'wrong';
};

const selfOfHead = (item: WireItem): ItemRecord['self'] => {
  const sum = text(item, 'sum');
  return sum === '' ? 'silent' : sum === wireHeadSum(item) ? 'fits' : 'wrong';
};

const movingOfHead = (PK: string): ReadonlySet<string> => {
  const moves = workingHeads.find((kind) => kind.PK.test(PK))?.moves;
  return moves === undefined || moves === 'all' ? dueAttributes : moves;
};

const settled = (kind: WorkingKind, item: WireItem): boolean => {
  if (kind.settled === undefined) return false;
  const { attribute, values } = kind.settled;
  const found = item[attribute]?.S;
  return found !== undefined && (values === undefined || values.includes(found));
};

type Own = Pick<ItemRecord, 'kind' | 'self' | 'version' | 'instant' | 'still' | 'link' | 'hash' | 'mentions'>;
const nothing = { self: 'silent', version: 0, instant: null, still: '', link: '', hash: '', mentions: [] } as const;

const instantOf = (iso: string): number | null => {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? null : at;
};

const ownOf = (item: WireItem, PK: string, SK: string, now: number): Own => {
  if (eventKey.test(SK) && item['hash'] !== undefined)
    return {
      ...nothing,
      kind: 'event',
      self: selfOfEvent(item),
      version: Number(SK.slice(3)),
      instant: instantOf(text(item, 'recordedAt')),
      link: text(item, 'digest'),
      hash: text(item, 'hash'),
      mentions: mentionsOf(item['data']?.M ?? {}),
    };
  if (item['chain']?.S !== undefined && item['version']?.N !== undefined)
    return {
      ...nothing,
      kind: 'head',
      self: selfOfHead(item),
      version: numberOf(item, 'version'),
      still: digestOf(canonicalItem(item, movingOfHead(PK))),
      link: text(item, 'chain'),
      mentions: mentionsOf(item),
    };
  const named = bodyKey.exec(SK)?.[1];
  if (named !== undefined) {
    const fits = createHash('sha256').update(text(item, 'text')).digest('base64url') === named;
    return { ...nothing, kind: 'body', self: fits ? 'fits' : 'wrong' };
  }
  if (PK.startsWith('CAN#')) return { ...nothing, kind: 'canary' };
  return workingOf(item, workingKindOf(PK, SK), now);
};

const workingOf = (item: WireItem, kind: WorkingKind | null, now: number): Own => {
  const instant = latestInstant(item, now);
  if (kind === null) return { ...nothing, kind: 'plain', instant };
  return {
    ...nothing,
    kind: 'working',
    self: settled(kind, item) ? 'fits' : 'silent',
    version: item['gone']?.BOOL === true ? Number.MAX_SAFE_INTEGER : numberOf(item, kind.grows ?? ''),
    instant,
    still: kind.moves === 'all' ? '' : digestOf(canonicalItem(item, kind.moves)),
  };
};

const keyNames = (keys: readonly string[]): readonly [string, string] => [keys[0] ?? '', keys[1] ?? ''];

/** The record of an item of a table. */
export const recordOf = (item: WireItem, { keys, indexes, now }: RecordOptions): ItemRecord => {
  const [partition, sort] = keyNames(keys);
  const PK = keyText(item[partition]) ?? '';
  const SK = keyText(item[sort]) ?? '';
  const rows = indexes.map((index) => rowOf(index, item)).filter((row) => row !== null);
  return {
    PK,
    SK,
    schema: numberOf(item, 'schema') || 1,
    digest: digestOf(canonicalItem(item)),
    rows,
    ...ownOf(item, PK, SK, now),
  };
};

/** The record of a row of an index: the keys of its item, and its own. */
export const recordOfRow = (row: WireItem, index: IndexKeys, keys: readonly string[]): ItemRecord => {
  const [partition, sort] = keyNames(keys);
  return {
    ...nothing,
    kind: 'row',
    PK: keyText(row[partition]) ?? '',
    SK: keyText(row[sort]) ?? '',
    schema: 1,
    digest: '',
    rows: [rowOf(index, row) ?? ''],
  };
};
