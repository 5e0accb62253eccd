import { describeError } from './describe-error.ts';
import { mask } from './mask.ts';

/** What stands in place of a value that is not what its key promises. */
const withheld = '[withheld]';

type Reader<Value> = (value: unknown) => Value | typeof withheld;

const count: Reader<number> = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : withheld);
const flag: Reader<boolean> = (value) => (typeof value === 'boolean' ? value : withheld);
const like =
  (pattern: RegExp): Reader<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? mask(value) : withheld;
const unmasked =
  (pattern: RegExp): Reader<string> =>
  (value) =>
    typeof value === 'string' && pattern.test(value) ? value : withheld;

/** An id that the desk has made, see `newId`: nobody's words fit in. */
const id = unmasked(/^[a-z]{3}_[0-9A-HJKMNP-TV-Z]{26}$/);
/** Such an id, or that of the first admin, which carries the `sub` of their login. */
const principalId = unmasked(/^[a-z]{3}_[\w-]{1,64}$/);
/** A class, a role, a KPI, a word of our own. */
const name = like(/^[A-Za-z][\w.#-]{0,79}$/);
/** An id of AWS's. */
const awsId = unmasked(/^[\w=+/.-]{1,80}$/);
const instant = unmasked(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

const readers = {
  // an HTTP request
  route: like(/^[A-Z]{3,7} \/[\w/{}-]{0,120}$/),
  entityId: id,
  status: count,
  principalId,
  role: name,
  /** The version that the request has written. */
  version: count,
  /** Class of the error that the answer tells. */
  problem: name,
  replayed: flag,
  // streams and queues
  records: count,
  failures: count,
  sequenceNumber: unmasked(/^\d{1,60}$/),
  messageId: awsId,
  correlationIds: (value: unknown): readonly string[] | typeof withheld =>
    Array.isArray(value) ? value.map((one) => awsId(one)) : withheld,
  // everything
  ms: count,
  outcome: name,
  ticketId: id,
  alertId: id,
  /** The route of a delivery. */
  delivery: name,
  attempts: count,
  items: count,
  // timers and projections
  hinted: count,
  oldestDueAt: instant,
  kpi: name,
  /** A KPI and its month. */
  name,
  ran: flag,
  hours: count,
  failed: count,
  more: flag,
  // recounts
  tickets: count,
  drift: count,
  /** Between these, records of the stream did not arrive. */
  lostSince: instant,
  lostUntil: instant,
  // an error, or only its class
  error: (value: unknown) => (typeof value === 'string' ? name(value) : describeError(value)),
} satisfies Record<string, (value: unknown) => unknown>;

type Given<Key extends keyof typeof readers> = Key extends 'error'
  ? unknown
  : Exclude<ReturnType<(typeof readers)[Key]>, typeof withheld> | null | undefined;

/** All that a log line may say besides its message. A new key is a decision: what may its values be? */
export type LogFields = { readonly [Key in keyof typeof readers]?: Given<Key> };

/** The fields of a line as they may be printed. Keys that are not listed above are left out, whoever put them there. */
export const printable = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(readers).flatMap(([key, read]) => {
      const value = fields[key];
      return value === undefined || value === null ? [] : [[key, read(value)]];
    }),
  );
