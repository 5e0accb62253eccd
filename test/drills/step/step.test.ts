import { answerOf, drillAnswerSchema } from '../../../functions/drills/domain/answer.ts';
import { legNames } from '../../../functions/drills/domain/drill.ts';
import {
  cleaningOverdue,
  type DrillOrder,
  requestCancel,
  sooner,
  step,
  wanted,
} from '../../../functions/drills/domain/step.ts';
import { type Answers, at, begun, clean, done, iso, names, ofOther, source, trouble, walk, well } from './way.ts';

const without = <Value>(list: readonly Value[], ...values: readonly Value[]) =>
  list.filter((value) => !values.includes(value));

describe('the whole way', () => {
  it('of the newest recovery point before the declaration', () => {
    const way = walk(begun());
    expect(way.drill).toMatchObject({ state: 'done', verdict: 'passed', recoveryPointUsed: { arn: 'arn:new' } });
    expect(names(way)).toEqual([
      'describe-source',
      'list-recovery-points',
      'find-manifest',
      'look-at-table',
      'start-restore',
      'look-at-restore',
      'look-at-restore',
      'look-at-table',
      'look-at-table',
      'rearm',
      'rearm',
      'scan',
      'scan',
      'compare',
      'serve',
      'remove-table',
      'remove-table',
      // That there is no table counts once no restore can show any more.
      ...names(way).slice(17),
    ]);
    const answer = drillAnswerSchema.parse(answerOf(way.drill));
    expect(answer.legs.map(({ name }) => name)).toEqual(without(legNames, 'manifest', 'backup'));
    expect(answer.rpo).toEqual({
      seconds: 3600,
      errorBoundSeconds: 60,
      lostRecords: 7,
      oldestLostAt: iso(at('09:01:00')),
      newestCanaryAt: iso(at('09:00:00')),
      met: true,
    });
    expect(answer.rto).toMatchObject({ met: true });
    expect(answer.scratchTable.removedAt).toBe(way.drill.endedAt);
  });

  it('of a fresh backup: the disaster is declared when it is complete', () => {
    const way = walk(begun({ recoveryPoint: 'fresh' }), {
      compare: [
        () => ({
          of: 'compare',
          progress: done,
          integrity: { ...clean, newestCanaryAt: iso(at('10:00:00')), nextCanaryAt: null },
        }),
      ],
    });
    const backup = way.drill.legs.find(({ name }) => name === 'backup')!;
    expect(way.drill).toMatchObject({
      verdict: 'passed',
      declaredAt: backup.endedAt,
      recoveryPointUsed: { arn: 'arn:own' },
    });
    expect(backup.errorBoundSeconds).toBe(0);
    expect(names(way)).not.toContain('list-recovery-points');
    expect(names(way)).not.toContain('find-manifest');
    expect(names(way).slice(0, 4)).toEqual(['describe-source', 'write-manifest', 'write-manifest', 'start-backup']);
    expect(way.drill.legs.map(({ name }) => name)).toEqual([...legNames]);
  });

  it('of a point in time: never later than the declaration', () => {
    const later = { ...source, latestRestorableAt: iso(at('10:03:00')) };
    const pitr = { method: 'pitr' } as const;
    const start: Answers = { 'start-restore': [() => ({ of: 'start-restore', jobId: null, acceptedAt: null })] };
    const way = walk(begun(pitr), start);
    expect(way.drill).toMatchObject({
      verdict: 'passed',
      recoveryPointUsed: { arn: null, createdAt: iso(at('09:55:00')) },
    });
    expect(
      walk(begun(pitr), { ...start, 'describe-source': [() => ({ of: 'describe-source', source: later })] }).drill
        .recoveryPointUsed,
    ).toMatchObject({ createdAt: iso(at('10:00:00')) });
  });

  it('of a table that is not our own: what does not apply is said, and the RPO is by the recovery point', () => {
    const way = walk(begun({ table: 'orders' }), {
      compare: [() => ({ of: 'compare', progress: done, integrity: ofOther(clean) })],
    });
    expect(way.drill).toMatchObject({ state: 'done', verdict: 'passed' });
    for (const name of ['write-manifest', 'find-manifest', 'serve']) expect(names(way)).not.toContain(name);
    const { rpo, rto, reasons } = answerOf(way.drill);
    expect(rpo).toMatchObject({ seconds: 3590, errorBoundSeconds: 60, newestCanaryAt: null, met: true });
    expect(rto.met).toBe(true);
    expect(reasons.join()).toContain('is not a table of the desk');
    // Nothing is counted that is still to be committed, so its source is read at once, and the RTO is no longer for that.
    const integritySeconds = ({ drill }: typeof way): number => {
      const leg = drill.legs.find(({ name }) => name === 'integrity')!;
      return (Date.parse(leg.endedAt!) - Date.parse(leg.startedAt)) / 1000;
    };
    expect(integritySeconds(way)).toBe(3);
    expect(integritySeconds(walk(begun()))).toBeGreaterThan(10);
  });

  it('takes a backup of its own when there is no recovery point, and says so', () => {
    const way = walk(begun(), {
      'list-recovery-points': [() => ({ of: 'list-recovery-points', recoveryPoints: [] })],
    });
    expect(way.drill.recoveryPointUsed).toMatchObject({ arn: 'arn:own' });
    expect(way.drill.reasons[0]).toContain('There was no recovery point');
    expect(way.drill.declaredAt).toBe(way.drill.legs.find(({ name }) => name === 'backup')!.endedAt);
  });
});

describe('instants', () => {
  const legOf = (answers: Answers, name: string) => walk(begun(), answers).drill.legs.find((leg) => leg.name === name)!;

  it('are exact where the service says them, otherwise bounded by the time since the last look', () => {
    const running = well['look-at-restore'][0]!;
    const exact = legOf({}, 'restore-completed');
    expect(exact.errorBoundSeconds).toBe(0);
    const noticed = legOf(
      {
        'look-at-restore': [
          running,
          running,
          () => ({
            of: 'look-at-restore',
            job: { state: 'completed', startedAt: null, completedAt: null, message: null },
          }),
        ],
      },
      'restore-completed',
    );
    // Three seconds to the next look, counted from when the one before was begun to when this one was answered.
    expect(noticed.errorBoundSeconds).toBe(5);
  });

  it('are looked for each 3 s, then each 15 s, each 60 s, and each 120 s', () => {
    const waits: number[] = [];
    let before = 0;
    walk(
      begun(),
      { 'look-at-restore': [well['look-at-restore'][0]!] },
      {
        most: 120,
        meddle: (drill, now) => {
          if (drill.wants === 'look-at-restore' && wanted(drill, now).action !== null) {
            if (before > 0) waits.push(now - before);
            before = now;
          }
          return drill;
        },
      },
    );
    expect([...new Set(waits)]).toEqual([4_000, 16_000, 61_000, 121_000]);
  });

  it('are looked for at once when an event says so, and nothing else is hurried', () => {
    const waiting = walk(begun(), {}, { most: 6 }).drill;
    expect(waiting.wants).toBe('look-at-restore');
    expect(wanted(waiting, at('10:00:05')).action).toBeNull();
    expect(wanted(sooner(waiting, at('10:00:05')), at('10:00:05')).action).toMatchObject({ do: 'look-at-restore' });
    const scanning = { ...waiting, wants: 'scan' as const };
    expect(sooner(scanning, at('10:00:05'))).toBe(scanning);
  });

  it('the source is not scanned before everything of before the declaration has been committed', () => {
    const fast: Answers = {
      'look-at-restore': [
        (now) => ({
          of: 'look-at-restore',
          job: { state: 'completed', startedAt: null, completedAt: iso(now), message: null },
        }),
      ],
      'look-at-table': [() => ({ of: 'look-at-table', table: { active: true, waitingFor: '' } })],
      rearm: [() => ({ of: 'rearm', done: true, waitingFor: '' })],
    };
    const times: number[] = [];
    walk(begun(), fast, {
      meddle: (drill, now) => {
        const { action } = wanted(drill, now);
        if (action?.do === 'scan' && action.side === 'source') times.push(now);
        return drill;
      },
    });
    expect(times[0]).toBe(at('10:00:35'));
  });
});

describe('what goes wrong', () => {
  const cost = { costCeiling: 0.01 };
  const job = (state: 'failed' | 'aborted' | 'expired') => ({
    state,
    startedAt: null,
    completedAt: null,
    message: 'the key is disabled',
  });
  const cases: readonly [
    string,
    Answers,
    { verdict: string; reason: RegExp; restores?: number; order?: Partial<DrillOrder> },
  ][] = [
    [
      'the table is not there',
      { 'describe-source': [trouble('not-found')] },
      { verdict: 'unknown', reason: /it is not there/ },
    ],
    [
      'reading it is denied',
      { 'describe-source': [trouble('denied', 'no DescribeTable')] },
      { verdict: 'unknown', reason: /no DescribeTable/ },
    ],
    ['listing is denied', { 'list-recovery-points': [trouble('denied')] }, { verdict: 'unknown', reason: /denied/ }],
    [
      'the restore is denied',
      { 'start-restore': [trouble('denied', 'kms:Decrypt')] },
      { verdict: 'failed', reason: /kms:Decrypt/, restores: 1 },
    ],
    [
      'the restore is refused',
      { 'start-restore': [trouble('refused')] },
      { verdict: 'failed', reason: /calls the request wrong/, restores: 1 },
    ],
    [
      'the restore fails',
      { 'look-at-restore': [() => ({ of: 'look-at-restore', job: job('failed') })] },
      { verdict: 'failed', reason: /the key is disabled/, restores: 1 },
    ],
    [
      'the restore is aborted',
      { 'look-at-restore': [() => ({ of: 'look-at-restore', job: job('aborted') })] },
      { verdict: 'failed', reason: /aborted/, restores: 1 },
    ],
    [
      'the restored table is never seen',
      { 'look-at-table': [() => ({ of: 'look-at-table', table: null })] },
      { verdict: 'failed', reason: /cannot be found/, restores: 1 },
    ],
    [
      'the backup fails',
      { 'look-at-backup': [() => ({ of: 'look-at-backup', job: job('expired'), recoveryPoint: null })] },
      { verdict: 'failed', reason: /backup expired/, order: { recoveryPoint: 'fresh' } },
    ],
    [
      'no recovery point is usable',
      { 'start-restore': [trouble('unusable', 'EXPIRED')] },
      { verdict: 'failed', reason: /2 tried/, restores: 2 },
    ],
    [
      'point-in-time recovery is off',
      { 'describe-source': [() => ({ of: 'describe-source', source: { ...source, pointInTimeRecovery: false } })] },
      { verdict: 'failed', reason: /is off/, order: { method: 'pitr' } },
    ],
    [
      'the point in time cannot be restored',
      { 'start-restore': [trouble('unusable')] },
      { verdict: 'failed', reason: /cannot be restored/, restores: 1, order: { method: 'pitr' } },
    ],
    ['arming is denied', { rearm: [trouble('denied')] }, { verdict: 'unknown', reason: /denied/, restores: 1 }],
    ['scanning is denied', { scan: [trouble('denied')] }, { verdict: 'unknown', reason: /denied/, restores: 1 }],
    [
      'comparing is refused',
      { compare: [trouble('refused')] },
      { verdict: 'unknown', reason: /Comparing/, restores: 1 },
    ],
    [
      'no manifest is found',
      { 'find-manifest': [trouble('not-found')] },
      { verdict: 'unknown', reason: /manifest/, restores: 1 },
    ],
    [
      'a write is not served',
      { serve: [(now) => ({ of: 'serve', readAt: iso(now), writeAt: null, message: 'no index' })] },
      { verdict: 'failed', reason: /no index/, restores: 1 },
    ],
    [
      'it would cost too much',
      {},
      { verdict: 'unknown', reason: /more than its ceiling of \$0\.01; nothing was restored/, order: cost },
    ],
  ];

  it.each(cases)('%s', (_, answers, { verdict, reason, restores = 0, order: changes = {} }) => {
    const way = walk(begun(changes), answers);
    expect(way.drill).toMatchObject({ state: 'done', verdict, scratchMayExist: false });
    expect(way.drill.reasons.join(' ')).toMatch(reason);
    expect(names(way).filter((name) => name === 'start-restore')).toHaveLength(restores);
    expect(names(way).includes('remove-table')).toBe(restores > 0 && way.drill.scratchTable.removedAt !== null);
  });

  it('a table that is not of the drill is left alone', () => {
    const seen = walk(begun(), {}, { foreign: true });
    expect(names(seen)).not.toContain('start-restore');
    for (const way of [seen, walk(begun(), { 'start-restore': [trouble('exists')] })]) {
      expect(way.drill).toMatchObject({ state: 'done', verdict: 'unknown', scratchTable: { removedAt: null } });
      expect(names(way)).not.toContain('remove-table');
    }
  });

  it('a recovery point that cannot be used is followed by the next newest', () => {
    const way = walk(begun(), { 'start-restore': [trouble('unusable', 'EXPIRED'), well['start-restore'][0]!] });
    expect(way.drill).toMatchObject({ recoveryPointUsed: { arn: 'arn:old' }, unusable: ['arn:new'] });
    const tokens = way.performed.flatMap((action) => (action.do === 'start-restore' ? [action.token] : []));
    expect(tokens).toEqual(['drl_1-1', 'drl_1-2']);
  });

  it('what is busy is tried again, later each time', () => {
    const busy = trouble('busy');
    const way = walk(begun(), { 'start-restore': [busy, busy, busy, well['start-restore'][0]!] });
    expect(way.drill.verdict).toBe('passed');
    expect(new Set(way.performed.flatMap((action) => (action.do === 'start-restore' ? [action.token] : []))).size).toBe(
      1,
    );
  });

  it.each([
    ['start-restore', 'failed', 6],
    ['look-at-restore', 'failed', 24],
    ['scan', 'unknown', 6],
    ['list-recovery-points', 'unknown', 1],
  ] as const)('%s that stays busy ends by its limit', (name, verdict, hours) => {
    const way = walk(
      begun(),
      { [name]: [trouble('busy')] },
      {
        meddle: (drill) =>
          drill.state === 'cleaning' ? { ...drill, restoreOver: true, wants: 'remove-table' } : drill,
      },
    );
    expect(way.drill).toMatchObject({ state: 'done', verdict });
    expect(way.drill.reasons[0]).toContain(`within ${hours} h`);
  });

  it('a drill whose action never comes to an answer ends as well', () => {
    const drill = step(begun(), at('11:00:00'), null);
    expect(drill).toMatchObject({ state: 'done', verdict: 'unknown' });
  });

  it('damage that was found stays found when the rest cannot be measured', () => {
    const way = walk(begun(), {
      compare: [() => ({ of: 'compare', progress: done, integrity: { ...clean, missing: 3 } })],
      serve: [trouble('denied')],
    });
    expect(way.drill.verdict).toBe('failed');
    expect(way.drill.reasons.join(' ')).toMatch(/3 missing.*access was denied/);
  });

  it('cleaning never gives up, and is overdue after an hour', () => {
    const way = walk(begun(), { 'remove-table': [trouble('denied')] }, { most: 1000 });
    expect(way.drill).toMatchObject({ state: 'cleaning', verdict: 'passed', scratchMayExist: true });
    const startedAt = Date.parse(way.drill.legs.at(-1)!.startedAt);
    expect(cleaningOverdue(way.drill, startedAt + 3_599_000)).toBe(false);
    expect(cleaningOverdue(way.drill, startedAt + 3_601_000)).toBe(true);
    expect(walk(way.drill, {}, { from: way.endedAt }).drill).toMatchObject({ state: 'done', scratchMayExist: false });
  });
});

describe('killed', () => {
  it('after any action, before its answer is saved: the same outcome, by the same token', () => {
    const whole = names(walk(begun())).length;
    for (let killedAt = 0; killedAt < whole; killedAt += 1) {
      const way = walk(begun(), {}, { killedAt });
      expect(way.drill).toMatchObject({ state: 'done', verdict: 'passed', scratchMayExist: false });
      const tokens = way.performed.flatMap((action) => (action.do === 'start-restore' ? [action.token] : []));
      expect(new Set(tokens).size).toBe(1);
    }
  });
});

describe('cancelled', () => {
  const whole = names(walk(begun({ recoveryPoint: 'fresh' }))).length;

  it('at any instant: it ends, and no table is left', () => {
    for (let turn = 0; turn < whole; turn += 1) {
      let left = turn;
      let cancelledIn = '';
      const way = walk(
        begun({ recoveryPoint: 'fresh' }),
        {},
        {
          meddle: (drill, now) => {
            if (wanted(drill, now).action === null || (left -= 1) >= 0 || cancelledIn !== '') return drill;
            cancelledIn = drill.state;
            return requestCancel(drill, now, 'agt_2');
          },
        },
      );
      // One that is cleaning has its outcome already.
      expect([cancelledIn, way.drill.state]).toEqual([cancelledIn, cancelledIn === 'cleaning' ? 'done' : 'cancelled']);
      expect(way.drill.scratchMayExist).toBe(false);
      if (way.drill.state === 'cancelled')
        expect(way.drill).toMatchObject({ verdict: null, cancelRequested: { by: 'agt_2' } });
    }
  });

  it('while a restore runs: waits for its end before the table is removed', () => {
    const running = well['look-at-restore'][0]!;
    const way = walk(
      begun(),
      { 'look-at-restore': [...Array(6).fill(running), well['look-at-restore'][1]!] },
      {
        meddle: (drill, now) => (drill.lastLookAt === null ? drill : requestCancel(drill, now, 'agt_2')),
      },
    );
    // Only the look before the restore was asked for.
    expect(names(way).filter((name) => name === 'look-at-table')).toHaveLength(1);
    expect(names(way).indexOf('remove-table')).toBeGreaterThan(names(way).lastIndexOf('look-at-restore'));
    expect(way.drill.state).toBe('cancelled');
  });

  it('before it is known whether a restore was accepted: its table is waited for', () => {
    const asked = walk(begun(), {}, { most: 4 }).drill;
    expect(asked.wants).toBe('start-restore');
    const gone: Answers = { 'remove-table': [() => ({ of: 'remove-table', removed: true })] };
    const way = walk(requestCancel(asked, at('10:00:10'), 'agt_2'), gone, { from: at('10:00:10') });
    expect(names(way)).not.toContain('start-restore');
    expect(way.endedAt).toBeGreaterThanOrEqual(at('10:15:10'));
    expect(way.drill.state).toBe('cancelled');
  });
});

describe('what comes late, twice, or for something else', () => {
  it('changes nothing', () => {
    const way = walk(begun(), {}, { most: 5 });
    const { drill } = way;
    const now = at('10:01:00');
    for (const list of Object.values(well)) {
      const observation = list[0]!(now, { do: 'serve', scratchTable: '', drillId: '' });
      if (observation.of !== drill.wants) expect(step(drill, now, observation)).toBe(drill);
      expect(step(drill, now, observation, { turn: drill.turn - 1, from: now })).toBe(drill);
    }
    const over = walk(begun()).drill;
    expect(step(over, now, { of: 'remove-table', removed: true })).toBe(over);
    expect(requestCancel(over, now, 'agt_2')).toBe(over);
  });

  it('the token is there, and that a table may be, before a restore is wanted', () => {
    walk(
      begun(),
      {},
      {
        meddle: (drill) => {
          if (drill.wants === 'start-restore')
            expect(drill).toMatchObject({ restoreToken: 'drl_1-1', scratchMayExist: true });
          return drill;
        },
      },
    );
  });
});
