import type { Action, Observation } from '../../../functions/drills/domain/action.ts';
import type { ActionName, Progress, RecoveryPoint, TableShape } from '../../../functions/drills/domain/drill.ts';
import {
  type CheckName,
  checkNames,
  type Integrity,
  type IntegrityCheck,
} from '../../../functions/drills/domain/integrity.ts';
import type { Chance } from '../../sla/reference/chance.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

export const iso = (at: number): string => new Date(at).toISOString();
export const start = Date.parse('2026-03-02T10:00:00.000Z');

/** A recovery point as it is said to be, and what the model knows of it. */
interface Point extends RecoveryPoint {
  readonly copyAt: number;
  readonly usable: boolean;
  readonly damage: Damage;
  /** When it appears in the vault. */
  readonly listedAt: number;
}

export type Damage = 'none' | 'missing' | 'altered' | 'torn';

interface Restore {
  readonly token: string;
  readonly point: Point;
  readonly acceptedAt: number;
  /** From when on the table can be seen, and when it is done. */
  readonly appearsAt: number;
  readonly endsAt: number;
  readonly fails: boolean;
  readonly activeAt: number;
}

/**
 * AWS Backup, DynamoDB and the desk in a few lines, over a virtual clock: what exists, how long it takes, what goes wrong. It knows
 * what is true, and what it answers is what a service would.
 */
export class World {
  readonly chance: Chance;
  readonly own: boolean;
  /** Whether nobody writes to another table, as was said of it. */
  readonly atRest: boolean;
  readonly method: 'backup' | 'pitr';
  readonly points: Point[] = [];
  readonly records: { readonly at: number; readonly committedAt: number }[] = [];
  /** Minutes, counted from the start, at which the job that writes canaries did not run. */
  readonly #ticksMissing: ReadonlySet<number>;
  readonly restores: Restore[] = [];
  readonly unknownCheck: CheckName | null;
  readonly emptyCopy: boolean;
  /** A small table, and services that answer at once. */
  readonly fast: boolean;
  /** Where damage shows; either must be enough. */
  readonly shows: 'both' | 'counts' | 'checks';
  readonly serves: 'both' | 'read' | 'nothing';
  readonly manifestThere: boolean;
  readonly exact: boolean;
  readonly denied: ActionName | null;
  readonly sourceThere: boolean;
  readonly foreign: boolean;
  readonly sizeBytes: number;
  readonly pitrOn: boolean;
  foreignRemoved = false;
  backup: { readonly startedAt: number; readonly endsAt: number; readonly fails: boolean; point: Point } | null = null;
  backups = 0;
  /** When the removal of the table was asked for; it is gone some seconds later. */
  #removal: { readonly restore: Restore; readonly goneAt: number } | null = null;
  #rearm: readonly number[];
  #rearmed = 0;
  #rearmReadyAt = 0;
  rearmCallMs = 0;
  #scans = { copy: 0, source: 0 };
  /** What the scan of the source saw as lost. */
  #lostSeen: readonly number[] | null = null;
  #busy: number;
  readonly #restorePlan: { appears: number; runs: number; fails: boolean; active: number };
  compared = false;
  readonly counts = { busy: 0, denied: 0, calls: 0 };

  constructor(chance: Chance, asked: { own: boolean; method: 'backup' | 'pitr' }) {
    this.chance = chance;
    this.own = asked.own;
    this.atRest = !asked.own && chance.is(0.5);
    this.method = asked.method;
    this.#busy = chance.is(0.6) ? 0 : chance.next() * 0.6;
    this.unknownCheck = chance.is(0.1) ? chance.of(checkNames) : null;
    this.emptyCopy = chance.is(0.02);
    this.shows = chance.of(['both', 'both', 'counts', 'checks']);
    this.serves = chance.is(0.9) ? 'both' : chance.of(['read', 'nothing']);
    this.manifestThere = chance.is(0.93);
    this.exact = chance.is(0.7);
    this.denied = chance.is(0.1)
      ? chance.of([
          'describe-source',
          'list-recovery-points',
          'start-backup',
          'look-at-backup',
          'start-restore',
          'look-at-table',
          'rearm',
          'scan',
          'compare',
          'serve',
          'find-manifest',
          'write-manifest',
        ])
      : null;
    this.sourceThere = chance.is(0.98);
    this.foreign = chance.is(0.03);
    this.pitrOn = chance.is(0.95);
    this.sizeBytes = chance.between(0, 20) * 1024 ** 3;
    const long = chance.is(0.01);
    const fast = chance.is(0.2);
    this.fast = fast;
    this.#restorePlan = {
      appears: fast ? 0 : chance.between(0, chance.is(0.5) ? 5 : 300) * second,
      runs: long ? chance.between(20, 40) * hour : chance.between(1, fast ? 5 : chance.is(0.7) ? 1200 : 7200) * second,
      fails: chance.is(0.06),
      active: fast ? 0 : chance.between(0, chance.is(0.5) ? 2 : 900) * second,
    };
    this.#rearm = fast ? [0] : Array.from({ length: chance.between(1, 4) }, () => chance.between(0, 60) * second);
    this.#ticksMissing = new Set(Array.from({ length: 20 }, () => chance.between(-1600, 120)));
    this.#makePoints();
    if (fast)
      for (let at = start - minute; at < start; at += 2 * second)
        this.records.push({ at, committedAt: at + 30 * second });
    for (let at = start - 30 * hour; at < start + 20 * hour; at += chance.between(30, 1800) * second)
      this.records.push({ at, committedAt: at + chance.between(0, 30) * second });
  }

  #makePoints(): void {
    const { chance } = this;
    const count = chance.is(0.1) ? 0 : chance.between(1, 4);
    for (let index = 0; index < count; index += 1) {
      const createdAt = start + chance.between(-26 * 60, 5) * minute + chance.between(0, 59_999);
      this.points.push(this.#point(`arn:point:${index}`, createdAt, createdAt + chance.between(0, 59) * second, 0.8));
    }
  }

  #point(arn: string | null, createdAt: number, copyAt: number, usable: number): Point {
    const damage = this.chance.is(0.85) ? 'none' : this.chance.of(['missing', 'altered', 'torn'] as const);
    const listedAt = copyAt + this.chance.between(0, 120) * second;
    const sizeBytes = this.chance.is(0.2) ? null : this.sizeBytes;
    return { arn, createdAt: iso(createdAt), sizeBytes, copyAt, usable: this.chance.is(usable), damage, listedAt };
  }

  get shape(): TableShape {
    return {
      tableName: this.own ? 'desk-operations' : 'orders',
      tableArn: 'arn:aws:dynamodb:eu-central-1:111111111111:table/desk-operations',
      sizeBytes: this.sizeBytes,
      itemCount: 1000,
      keys: ['PK', 'SK'],
      indexes: this.own ? [{ name: 'due', keys: ['dueShard', 'dueAt'] }] : [],
      stream: null,
      ttl: null,
      pointInTimeRecovery: this.pitrOn,
      latestRestorableAt: this.pitrOn ? iso(start - 5 * minute) : null,
      deletionProtection: false,
      tags: {},
      kmsKeyArn: null,
    };
  }

  /** The restore whose table is there now, or is to come. */
  #tableAt(now: number): Restore | null {
    const restore = this.restores.at(-1) ?? null;
    if (restore === null || now < restore.appearsAt) return null;
    return this.#removal?.restore === restore && now >= this.#removal.goneAt ? null : restore;
  }

  /** Whether a table of this drill is there at an instant. */
  isThere(now: number): boolean {
    return this.#tableAt(now) !== null;
  }

  /** Whether one is there at the end of time. */
  get tableLeft(): boolean {
    return this.restores.some((restore) => this.#removal?.restore !== restore);
  }

  get used(): Restore | null {
    return this.restores.at(-1) ?? null;
  }

  /** The least time that arming takes. */
  get rearmIdealMs(): number {
    return this.#rearm.reduce((sum, one) => sum + one, 0);
  }

  lostBefore(declaredAt: number): readonly number[] {
    const copyAt = this.used?.point.copyAt ?? 0;
    return this.records.filter(({ at, committedAt }) => at <= declaredAt && committedAt > copyAt).map(({ at }) => at);
  }

  perform(action: Action, now: number): Observation {
    this.counts.calls += 1;
    const of = action.do;
    const trouble = (kind: 'busy' | 'denied' | 'not-found' | 'exists' | 'unusable', message: string = kind) =>
      ({ of, trouble: kind, message }) as const;
    if (this.denied === of) {
      this.counts.denied += 1;
      return trouble('denied', 'AccessDenied');
    }
    if (this.chance.is(this.#busy)) {
      this.counts.busy += 1;
      return trouble('busy', 'Throttling');
    }
    switch (action.do) {
      case 'describe-source':
        return this.sourceThere ? { of: action.do, source: this.shape } : trouble('not-found');
      case 'list-recovery-points': {
        const all =
          this.backup !== null && now >= this.backup.endsAt && !this.backup.fails
            ? [...this.points, this.backup.point]
            : this.points;
        const seen = all.filter(({ listedAt }) => listedAt <= now);
        const recoveryPoints = seen.map(({ arn, createdAt, sizeBytes }) => ({ arn, createdAt, sizeBytes }));
        return { of: action.do, recoveryPoints };
      }
      case 'write-manifest': {
        const done = action.progress !== null;
        return {
          of: action.do,
          progress: progress(done),
          manifest: done ? { name: 'm', sha256: 's', asOf: iso(now - minute) } : null,
        };
      }
      case 'find-manifest':
        return {
          of: action.do,
          manifest: this.manifestThere ? { name: 'm', sha256: 's', asOf: iso(Date.parse(action.before) - hour) } : null,
        };
      case 'start-backup':
        return { of: action.do, jobId: this.#startBackup(now) };
      case 'look-at-backup':
        return this.#lookAtBackup(now);
      case 'start-restore':
        return this.#startRestore(action, now, trouble);
      case 'look-at-restore':
        return this.#lookAtRestore(now, trouble);
      case 'look-at-table': {
        if (this.foreign) return { of: action.do, table: { active: true, waitingFor: '' } };
        const table = this.#tableAt(now);
        return {
          of: action.do,
          table: table === null ? null : { active: now >= table.activeAt, waitingFor: 'index due' },
        };
      }
      case 'rearm':
        return this.#rearmStep(now);
      case 'scan': {
        const done = (this.#scans[action.side] += 1) >= 2;
        if (action.side === 'source' && done) this.#lostSeen = this.#lostAsSeen(now);
        return { of: action.do, side: action.side, progress: progress(done) };
      }
      case 'compare':
        this.compared = true;
        return { of: action.do, progress: progress(true), integrity: this.#integrity(action.declaredAt) };
      case 'serve': {
        const [read, write] = { both: [true, true], read: [true, false], nothing: [false, false] }[this.serves];
        return {
          of: action.do,
          readAt: read ? iso(now) : null,
          writeAt: write ? iso(now + 5) : null,
          message: 'refused',
        };
      }
      case 'remove-table':
        return this.#remove(now, trouble);
    }
  }

  #startBackup(now: number): string {
    if (this.backup !== null) return 'job-b';
    this.backups += 1;
    const endsAt = now + this.chance.between(2, 40) * minute + this.chance.between(0, 59_999);
    const point = this.#point('arn:own', now, now + this.chance.between(0, 59) * second, 0.95);
    this.backup = { startedAt: now, endsAt, fails: this.chance.is(0.05), point: { ...point, listedAt: endsAt } };
    return 'job-b';
  }

  #lookAtBackup(now: number): Observation {
    const { backup } = this;
    if (backup === null) return { of: 'look-at-backup', trouble: 'not-found', message: 'no job' };
    const over = now >= backup.endsAt;
    const state = over ? (backup.fails ? 'failed' : 'completed') : 'running';
    const { arn, createdAt, sizeBytes } = backup.point;
    const told = state === 'completed' && this.chance.is(0.8);
    return {
      of: 'look-at-backup',
      job: {
        state,
        startedAt: iso(backup.startedAt),
        completedAt: over && this.exact ? iso(backup.endsAt) : null,
        message: null,
      },
      recoveryPoint: told ? { arn, createdAt, sizeBytes } : null,
    };
  }

  #startRestore(
    { token, recoveryPoint }: Extract<Action, { do: 'start-restore' }>,
    now: number,
    trouble: (kind: 'exists' | 'unusable') => Observation,
  ): Observation {
    const answer = ({ acceptedAt }: Restore): Observation => ({
      of: 'start-restore',
      jobId: this.method === 'pitr' ? null : 'job-r',
      acceptedAt: this.exact ? iso(acceptedAt) : null,
    });
    if (this.foreign) return trouble('exists');
    const same =
      this.method === 'pitr' ? this.#tableAt(now) : (this.restores.find((restore) => restore.token === token) ?? null);
    if (same !== null) return answer(same);
    const all = this.backup === null ? this.points : [...this.points, this.backup.point];
    const point =
      recoveryPoint.arn === null
        ? {
            ...this.#point(
              null,
              Date.parse(recoveryPoint.createdAt),
              Date.parse(recoveryPoint.createdAt) + this.chance.between(0, 999),
              1,
            ),
            usable: true,
          }
        : all.find(({ arn }) => arn === recoveryPoint.arn);
    if (point === undefined || !point.usable) return trouble('unusable');
    const { appears, runs, fails, active } = this.#restorePlan;
    const endsAt = now + appears + runs;
    const appearsAt = this.method === 'pitr' ? now : now + appears;
    const restore = { token, point, acceptedAt: now, appearsAt, endsAt, fails, activeAt: endsAt + active };
    this.restores.push(restore);
    return answer(restore);
  }

  #lookAtRestore(now: number, trouble: (kind: 'not-found') => Observation): Observation {
    const restore = this.used;
    if (restore === null) return trouble('not-found');
    // What was just accepted is not visible at once.
    if (now < restore.acceptedAt + 2 * second) return trouble('not-found');
    if (this.method === 'pitr' && this.#tableAt(now) === null) return trouble('not-found');
    const over = now >= restore.endsAt;
    const state = over ? (restore.fails ? 'failed' : 'completed') : 'running';
    const completedAt = over && this.exact && this.method === 'backup' ? iso(restore.endsAt) : null;
    return { of: 'look-at-restore', job: { state, startedAt: null, completedAt, message: null } };
  }

  #rearmStep(now: number): Observation {
    if (now >= this.#rearmReadyAt && this.#rearmed < this.#rearm.length) {
      this.#rearmReadyAt = now + this.#rearm[this.#rearmed]!;
      this.#rearmed += 1;
    }
    return { of: 'rearm', done: this.#rearmed === this.#rearm.length && now >= this.#rearmReadyAt, waitingFor: 'TTL' };
  }

  #lostAsSeen(now: number): readonly number[] {
    const copyAt = this.used?.point.copyAt ?? 0;
    return this.records.filter(({ committedAt }) => committedAt > copyAt && committedAt <= now).map(({ at }) => at);
  }

  #integrity(declaredAt: string): Integrity {
    const { point } = this.used!;
    const { damage, copyAt } = point;
    const check = (name: CheckName): IntegrityCheck => {
      const foreignToOthers: readonly string[] = ['canaries', 'chains', 'snapshot', 'manifest', 'indexes'];
      if (!this.own && foreignToOthers.includes(name)) return { name, result: 'not_applicable', detail: '' };
      if (name === this.unknownCheck) return { name, result: 'unknown', detail: 'could not be read' };
      const finds = { none: null, missing: 'items', altered: 'contents', torn: this.own ? 'snapshot' : 'contents' }[
        damage
      ];
      const found = finds === name && this.shows !== 'counts';
      // Of another table the comparison says that it is wrong if that is at rest only.
      return { name, result: found ? (this.own || this.atRest ? 'failed' : 'unknown') : 'passed', detail: 'k' };
    };
    const lost = (this.#lostSeen ?? []).filter((at) => at <= Date.parse(declaredAt));
    const newest = this.#tick(Math.floor((copyAt - start) / minute), -1);
    const after = this.#tick(Math.floor((copyAt - start) / minute) + 1, 1);
    const next = after <= Date.parse(declaredAt) ? after : null;
    const one = this.shows === 'checks' ? 0 : this.chance.between(1, 5);
    return {
      items: this.emptyCopy ? 0 : 1000,
      compared: this.emptyCopy ? 0 : 900,
      missing: damage === 'missing' ? one : 0,
      altered: damage === 'altered' ? one : 0,
      torn: damage === 'torn' ? one : 0,
      checks: checkNames.map(check),
      lostRecords: this.own ? lost.length : null,
      oldestLostAt: !this.own || lost[0] === undefined ? null : iso(lost[0]),
      newestCanaryAt: this.own ? iso(newest) : null,
      nextCanaryAt: this.own && next !== null ? iso(next) : null,
    };
  }

  #tick(minutes: number, towards: 1 | -1): number {
    return this.#ticksMissing.has(minutes) ? this.#tick(minutes + towards, towards) : start + minutes * minute;
  }

  #remove(now: number, trouble: (kind: 'busy' | 'exists') => Observation): Observation {
    if (this.foreign && this.restores.length === 0) {
      this.foreignRemoved = true;
      return { of: 'remove-table', removed: true };
    }
    const table = this.#tableAt(now);
    if (table === null) return { of: 'remove-table', removed: true };
    if (now < table.endsAt) return trouble('busy');
    this.#removal ??= { restore: table, goneAt: now + this.chance.between(0, 90) * second };
    return { of: 'remove-table', removed: false };
  }
}

const progress = (done: boolean): Progress => ({
  done,
  share: done ? 1 : 0.5,
  readUnits: 12.5,
  position: { key: 'k' },
});
