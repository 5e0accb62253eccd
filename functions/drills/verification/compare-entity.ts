import { chainHash } from '../../platform/store/event.ts';
import { instantOfId, type ItemRecord } from './item-record.ts';
import { workingKindOf } from './working-kinds.ts';
import {
  type Fault,
  type Finding,
  type Instants,
  type PartitionResult,
  type Sides,
  wrongRows,
} from './compare-partition.ts';

/** Compares a partition of the desk's own table: what is in it, each history with its head, long texts, rows of indexes. */
export const comparePartition = (sides: Sides, instants: Instants): PartitionResult =>
  new PartitionComparison(sides, instants).result();

/**
 * What drills, their plans and the watch over backups write down about themselves would not be there without the drill: it is no
 * loss that a disaster would have caused.
 */
const ofDrills = /^(DRL|DPL|BKR|BKW)#/;

class PartitionComparison {
  readonly #sides: Sides;
  readonly #instants: Instants;
  readonly #copy: ReadonlyMap<string, ItemRecord>;
  readonly #source: ReadonlyMap<string, ItemRecord>;
  readonly #findings: Finding[] = [];
  #compared = 0;
  #lost = 0;
  #oldestLostAt: number | null = null;
  #explained = 0;

  constructor(sides: Sides, instants: Instants) {
    this.#sides = sides;
    this.#instants = instants;
    this.#copy = new Map(sides.copy.map((record) => [record.SK, record]));
    this.#source = new Map(sides.source.map((record) => [record.SK, record]));
  }

  result(): PartitionResult {
    for (const record of this.#source.values()) {
      const found = this.#copy.get(record.SK);
      if (found === undefined) this.#absent(record);
      else this.#both(found, record);
    }
    for (const record of this.#copy.values()) {
      if (!this.#source.has(record.SK)) this.#find('foreign', record, 'is not in the source');
    }
    this.#history();
    this.#mentions();
    this.#findings.push(...wrongRows([...this.#copy.values()], this.#sides.rows));
    return {
      compared: this.#compared,
      lost: this.#lost,
      oldestLostAt: this.#oldestLostAt,
      explained: this.#explained,
      findings: this.#findings,
    };
  }

  #find(fault: Fault, { PK, SK }: Pick<ItemRecord, 'PK' | 'SK'>, what: string): void {
    this.#findings.push({ fault, PK, SK, what });
  }

  #isCertain(instant: number | null): boolean {
    return instant === null || instant <= this.#instants.certainAt;
  }

  #absent(record: ItemRecord): void {
    if (record.kind === 'event') return this.#absentEvent(record);
    if (record.kind === 'canary') return;
    if (record.kind === 'head' ? this.#isNewEntity() : this.#isNewItem(record)) {
      this.#explained += 1;
      return;
    }
    this.#find('missing', record, 'is not in the copy');
  }

  #absentEvent(record: ItemRecord): void {
    const { instant } = record;
    if (instant !== null && instant > this.#instants.declaredAt) return;
    if (ofDrills.test(record.PK)) this.#explained += 1;
    else this.#lose(instant);
    if (!this.#isCertain(instant)) return;
    this.#find('missing', record, `event ${record.version} is not in the copy, recorded ${isoOf(instant)}`);
  }

  #lose(instant: number | null): void {
    this.#lost += 1;
    if (instant !== null) this.#oldestLostAt = Math.min(instant, this.#oldestLostAt ?? instant);
  }

  /** Its first event was recorded when the copy may have been made already, and nothing of it is in the copy. */
  #isNewEntity(): boolean {
    const first = this.#source.get('EV#00000001');
    const begun = [...this.#copy.values()].some(({ kind }) => kind === 'event');
    return !begun && first !== undefined && !this.#isCertain(first.instant);
  }

  #isNewItem(record: ItemRecord): boolean {
    const instant = record.instant ?? instantOfId(record.PK);
    if (!this.#isCertain(instant) || this.#isNewEntity()) return true;
    if (record.instant !== null) return false;
    const kind = record.kind === 'working' ? workingKindOf(record.PK, record.SK) : null;
    return kind?.anyTime === true || this.#isWorkedOn();
  }

  /** The source was changed in this partition since, or something in it was open when the copy was made. */
  #isWorkedOn(): boolean {
    const changed = [...this.#source.values()].some(({ instant }) => instant !== null && !this.#isCertain(instant));
    return changed || [...this.#copy.values()].some(({ kind, self }) => kind === 'working' && self === 'silent');
  }

  #both(copy: ItemRecord, source: ItemRecord): void {
    this.#compared += 1;
    if (copy.kind === 'canary') return;
    if (copy.kind === 'body' && copy.self === 'wrong') return this.#find('altered', copy, 'its text has another hash');
    if (copy.digest === source.digest) return;
    if (copy.kind !== source.kind) return this.#find('altered', copy, 'is another kind of item than in the source');
    if (copy.kind === 'event') return this.#bothEvents(copy, source);
    if (source.schema > copy.schema) return this.#upgraded(copy);
    if (copy.kind === 'head') return this.#bothHeads(copy, source);
    if (copy.kind === 'working') return this.#bothWorking(copy, source);
    if (copy.kind === 'body' || this.#isCertain(source.instant)) this.#find('altered', copy, 'differs from the source');
    else this.#explained += 1;
  }

  /** `npm run upgrade-items` brought it into a later shape, without a new version: only it itself can tell whether it is whole. */
  #upgraded(copy: ItemRecord): void {
    if (copy.kind === 'head' && copy.self === 'wrong') this.#find('altered', copy, 'does not fit its own sum');
    else if (copy.self === 'fits' && copy.kind !== 'working') this.#explained += 1;
    else this.#find('unchecked', copy, 'was brought into a later shape since');
  }

  /** Payloads may be erased later; nothing else of an event ever changes. */
  #bothEvents(copy: ItemRecord, source: ItemRecord): void {
    const erasedSince =
      source.self === 'erased' && copy.self === 'fits' && copy.link === source.link && copy.hash === source.hash;
    if (erasedSince) this.#explained += 1;
    else this.#find('altered', copy, `event ${copy.version} differs from the source`);
  }

  #bothHeads(copy: ItemRecord, source: ItemRecord): void {
    if (copy.version === source.version) {
      if (copy.still === source.still) this.#explained += 1;
      else this.#find('altered', copy, `differs from the source at the same version ${copy.version}`);
      return;
    }
    if (copy.version > source.version)
      return this.#find(
        'altered',
        copy,
        `version ${copy.version} is later than version ${source.version} of the source`,
      );
    if (copy.self === 'wrong') return this.#find('altered', copy, 'does not fit its own sum');
    const then = this.#source.get(`EV#${String(copy.version).padStart(8, '0')}`);
    if (then === undefined)
      return this.#find('unchecked', copy, `the source has no event of its version ${copy.version}`);
    if (then.hash !== copy.link) return this.#find('altered', copy, "its chain is not the source's at that version");
    if (copy.self === 'silent')
      return this.#find('unchecked', copy, 'was changed since, and carries no sum of its own');
    this.#explained += 1;
  }

  #bothWorking(copy: ItemRecord, source: ItemRecord): void {
    const moved = !this.#isCertain(source.instant);
    if (copy.still !== source.still)
      return this.#find('altered', copy, 'differs from the source in what never changes');
    if (copy.version > source.version) return this.#find('altered', copy, 'has counted further than the source');
    if (copy.self === 'fits' && !moved) return this.#find('altered', copy, 'was settled, and differs from the source');
    this.#explained += 1;
  }

  #history(): void {
    const events = this.#sides.copy.filter(({ kind }) => kind === 'event').sort((a, b) => a.version - b.version);
    const head = [...this.#copy.values()].find(({ kind }) => kind === 'head');
    const last = events.at(-1)?.version ?? 0;
    let previous: string | null = '';
    let expected = 1;
    for (const event of events) {
      if (event.version > expected) this.#gap(expected, event.version - 1, 'between events that it has');
      if (event.version > expected) previous = this.#eventOfSource(event.version - 1)?.hash ?? null;
      this.#link(event, previous);
      previous = event.hash;
      expected = event.version + 1;
    }
    if (head === undefined) {
      if (last > 0) this.#torn(last, 'has events and no head');
    } else if (head.version > last) this.#gap(last + 1, head.version, `that its head knows (version ${head.version})`);
    else if (head.version < last)
      this.#find('torn', head, `its head is at version ${head.version}, its last event at ${last}`);
    else if (head.link !== previous) this.#find('broken', head, 'its head does not end its chain');
  }

  #link(event: ItemRecord, previous: string | null): void {
    if (previous !== null && chainHash(previous, event.version, event.link) !== event.hash)
      this.#find('broken', event, `event ${event.version} does not follow from the one before`);
    if (event.self === 'wrong') this.#find('altered', event, `event ${event.version} does not fit its own digest`);
  }

  /** Events that must have been there are missing and break the history; others show that the copy is of two instants. */
  #gap(from: number, to: number, where: string): void {
    const SK = `EV#${String(from).padStart(8, '0')}`;
    const what = `${from === to ? `event ${from} is` : `events ${from} to ${to} are`} missing ${where}`;
    const event = this.#eventOfSource(from);
    const lost = event !== null && this.#isCertain(event.instant);
    this.#find(lost || event === null ? 'broken' : 'torn', { PK: this.#sides.PK, SK }, what);
  }

  #torn(last: number, what: string): void {
    const event = this.#copy.get(`EV#${String(last).padStart(8, '0')}`);
    if (event !== undefined) this.#find(this.#isCertain(event.instant) ? 'broken' : 'torn', event, what);
  }

  #eventOfSource(version: number): ItemRecord | null {
    return this.#source.get(`EV#${String(version).padStart(8, '0')}`) ?? null;
  }

  /** A long text is written before the event that mentions it, so whoever has the event has the text. */
  #mentions(): void {
    const hashOf = (SK: string): string => SK.replace(/^.*BODY#/, '');
    const texts = new Set([...this.#copy.keys()].map(hashOf));
    const known = new Map([...this.#source.keys()].map((SK) => [hashOf(SK), SK]));
    const told = new Set(this.#findings.map(({ SK }) => SK));
    for (const record of this.#copy.values()) {
      for (const hash of record.mentions) {
        const SK = known.get(hash);
        if (SK === undefined || texts.has(hash) || told.has(SK)) continue;
        told.add(SK);
        this.#find('missing', { PK: record.PK, SK }, `the text that ${record.SK} mentions is not in the copy`);
      }
    }
  }
}

const isoOf = (instant: number | null): string =>
  instant === null ? 'at no instant' : new Date(instant).toISOString();
