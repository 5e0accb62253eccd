import type { ItemRecord, RecordKind } from './item-record.ts';

const kinds: readonly RecordKind[] = ['event', 'head', 'body', 'canary', 'working', 'plain', 'row'];
const selves: readonly ItemRecord['self'][] = ['fits', 'wrong', 'silent', 'erased'];
const escaped = /[\t\n\r\\]/g;
const escape = (key: string): string =>
  key.replace(escaped, (letter) => `\\${letter.charCodeAt(0).toString(16).padStart(2, '0')}`);
const unescape = (key: string): string =>
  key.includes('\\')
    ? key.replace(/\\(..)/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : key;

/** A record as one line. */
export const writeRecord = (record: ItemRecord): string =>
  [
    kinds.indexOf(record.kind) * 4 + selves.indexOf(record.self),
    record.version === 0 ? '' : record.version,
    record.instant ?? '',
    record.schema === 1 ? '' : record.schema,
    record.digest,
    record.still,
    record.link === '' ? '' : escape(record.link),
    record.hash === '' ? '' : escape(record.hash),
    record.rows.join(','),
    record.mentions.map(escape).join(','),
    escape(record.PK),
    escape(record.SK),
  ].join('\t');

/** @throws when the line is none of `writeRecord`. */
export const readRecord = (line: string): ItemRecord => {
  const parts = line.split('\t');
  const [tag, version, instant, schema, digest, still, link, hash, rows, mentions, PK, SK] = parts;
  const kind = kinds[Number(tag) >> 2];
  const self = selves[Number(tag) & 3];
  if (kind === undefined || self === undefined || parts.length !== 12) throw new Error('a line of a scan is damaged');
  const list = (joined: string | undefined): readonly string[] =>
    joined === undefined || joined === '' ? [] : joined.split(',');
  return {
    kind,
    self,
    version: Number(version),
    instant: instant === '' ? null : Number(instant),
    schema: schema === '' ? 1 : Number(schema),
    digest: digest ?? '',
    still: still ?? '',
    link: unescape(link ?? ''),
    hash: unescape(hash ?? ''),
    rows: list(rows),
    mentions: list(mentions).map(unescape),
    PK: unescape(PK ?? ''),
    SK: unescape(SK ?? ''),
  };
};
