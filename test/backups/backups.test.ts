import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { writeCanaries } from '../../functions/backups/index.ts';
import { manifestDueHandler } from '../../functions/backups/index.ts';
import { backupsAnswer } from '../../functions/backups/routes.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { type BackupDesk, backupDesk, job, zone } from './backup-desk.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await startTestEngine();
}, 120_000);
afterAll(() => engine.stop());

/** One table for all tests, each a month later. */
let desk: BackupDesk;
let day = 0;
const on = (time: string, days = 0): string =>
  `${new Date(Date.parse('2026-03-02T00:00:00Z') + (day + days) * 86_400_000).toISOString().slice(0, 10)}T${time}Z`;
beforeEach(async () => {
  day += 30;
  desk = await backupDesk(engine, Date.parse(on('10:00:00.000')));
  desk.aws.pitr.set('orders', on('23:00:00.000', 30));
});
const own = () => `arn:${desk.table}`;
/** The alerts of a kind since the test began. */
const since = async (kind: string) =>
  (await desk.alerts(kind)).filter(({ claimedAt }) => claimedAt >= on('00:00:00.000'));

describe('runs', () => {
  it('are written down once for each state, by any number of looks, at once too', async () => {
    const running = job('j1', on('09:59:00.000'), { state: 'running', completedAt: null, recoveryPointArn: null });
    desk.aws.jobs.set(own(), [running]);
    await Promise.all([desk.look(on('10:00:00.000')), desk.look(on('10:00:00.000'))]);
    desk.aws.jobs.set(own(), [job('j1', on('09:59:00.000'))]);
    for (const minute of ['05', '10', '15']) await desk.look(on(`10:${minute}:00.000`));
    const { body } = await desk.ask('/v1/backups/runs?limit=1');
    expect(body.items).toMatchObject([{ jobId: 'j1', table: 'operations', state: 'completed', version: 2 }]);
    const events = await desk.eventsOf(`BKR#${body.items[0].id}`);
    expect(events.map(({ type }) => type)).toEqual(['backupRun.started', 'backupRun.completed']);
    expect(await since('backup.failed')).toEqual([]);
  });

  it('that fail open one ticket and raise one alert; those of drills do not', async () => {
    const failed = { state: 'failed', message: 'Access denied <b>', recoveryPointArn: null } as const;
    desk.aws.jobs.set(own(), [
      job('bad', on('09:00:00.000'), failed),
      job('issues', on('09:10:00.000'), { withIssues: true }),
      job('drill', on('09:20:00.000'), { ...failed, planned: false }),
    ]);
    for (const minute of ['00', '05', '10']) await desk.look(on(`10:${minute}:00.000`));
    const alerts = await since('backup.failed');
    expect(alerts).toHaveLength(2);
    expect(alerts.map(({ happened }) => happened).join()).toContain('Access denied <b>');
    const tickets = (await desk.tickets()).filter(({ id }) => alerts.some(({ ticketId }) => ticketId === id));
    expect(tickets.map(({ tags, channel, priority }) => [[...tags], channel, priority])).toEqual([
      [['backup'], 'monitor', 'high'],
      [['backup'], 'monitor', 'high'],
    ]);
  });

  it('are listed newest first, filtered, to the end; a requester sees none', async () => {
    const all = Array.from({ length: 5 }, (_unused, hour) => job(`l${hour}-${day}`, on(`0${hour}:00:00.000`)));
    desk.aws.jobs.set(own(), all);
    desk.aws.jobs.set('arn:orders', [job(`o-${day}`, on('05:00:00.000'), { state: 'aborted', planned: false })]);
    await desk.look(on('06:00:00.000'));
    const found: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await desk.ask(`/v1/backups/runs?limit=2&table=operations${more}`);
      found.push(...body.items.map(({ jobId }: { jobId: string }) => jobId));
      cursor = body.nextCursor;
    }
    expect(found.slice(0, 5)).toEqual(all.map(({ jobId }) => jobId).toReversed());
    const { body: aborted } = await desk.ask('/v1/backups/runs?state=aborted&limit=100');
    expect(aborted.items[0]).toMatchObject({ jobId: `o-${day}`, table: 'orders' });
    expect((await desk.ask('/v1/backups/runs?state=nonsense')).status).toBe(400);
    desk.who.role = 'requester';
    expect((await desk.ask('/v1/backups/runs')).status).toBe(403);
    expect((await desk.ask('/v1/backups')).status).toBe(403);
  });
});

describe('the newest recovery point', () => {
  const tight = { serviceOf: async () => ({ id: 'svc_1', ownerTeamId: null, objectives: { rpoSeconds: 3600 } }) };

  it('is answered with its age, by the newer of both methods', async () => {
    desk.aws.points.set(own(), on('05:10:00.000'));
    desk.aws.pitr.clear();
    await desk.look(on('10:00:00.000'));
    desk.clock.at += 60_000;
    const { body } = await desk.ask('/v1/backups');
    expect(backupsAnswer.parse(body)).toEqual(body);
    expect(body.lookedAt).toBe(on('10:00:00.000'));
    expect(body.items[0]).toMatchObject({
      table: 'operations',
      newestRecoveryPointAt: on('05:10:00.000'),
      continuous: null,
      method: 'backup',
      ageSeconds: 4 * 3600 + 51 * 60,
      limitSeconds: 33 * 3600,
      stale: false,
    });
    desk.aws.pitr.set(desk.table, on('09:55:00.000'));
    await desk.look(on('10:05:00.000'));
    const { body: later } = await desk.ask('/v1/backups');
    expect(later.items[0]).toMatchObject({
      method: 'pitr',
      ageSeconds: 600,
      continuous: { latestRestorableAt: on('09:55:00.000') },
    });
  });

  it('that is too old is told once for as long as it lasts, and again the next time', async () => {
    desk.aws.pitr.set(desk.table, on('09:00:00.000'));
    await desk.look(on('09:30:00.000'), tight);
    expect(await since('backup.stale')).toEqual([]);
    for (const minute of ['01', '05', '10']) await desk.look(on(`10:${minute}:00.000`), tight);
    expect(await since('backup.stale')).toMatchObject([{ severity: 'critical', at: on('10:00:00.000') }]);
    desk.aws.pitr.set(desk.table, on('10:10:00.000'));
    await desk.look(on('10:15:00.000'), tight);
    await desk.look(on('11:15:00.000'), tight);
    expect(await since('backup.stale')).toHaveLength(2);
    const told = (await desk.eventsOf('BKW#operations')).filter(({ at }) => at >= on('00:00:00.000'));
    expect(told.map(({ type, data }) => [type, data.kind])).toEqual([
      ['backupWatch.began', 'backup.stale'],
      ['backupWatch.ended', 'backup.stale'],
      ['backupWatch.began', 'backup.stale'],
    ]);
  });

  it('a crash between ticket and alert leaves one of each', async () => {
    desk.aws.pitr.set(desk.table, on('08:00:00.000'));
    await desk.look(on('08:05:00.000'), tight);
    let killed = false;
    const commitWatch: typeof desk.backups.commitWatch = async (...change) => {
      if (!killed) {
        killed = true;
        throw new Error('killed');
      }
      return desk.backups.commitWatch(...change);
    };
    const dying = { ...desk.ports.backups, commitWatch };
    for (const name of [
      'runs',
      'commitRun',
      'watch',
      'freshness',
      'keepFreshness',
      'manifestJob',
      'keepManifestJob',
    ] as const)
      Object.assign(dying, { [name]: desk.backups[name].bind(desk.backups) });
    await expect(desk.look(on('10:00:00.000'), { ...tight, backups: dying })).rejects.toThrow('killed');
    await desk.look(on('10:05:00.000'), tight);
    const alerts = await since('backup.stale');
    expect(alerts).toHaveLength(1);
    const mine = (await desk.tickets()).filter(
      ({ createdAt, subject }) => createdAt >= on('00:00:00.000') && subject.includes('too old'),
    );
    expect(mine.map(({ id }) => id)).toEqual([alerts[0]?.['ticketId']]);
  });

  it('of a table that has none is too old some time after the first look', async () => {
    desk.aws.pitr.delete('orders');
    desk.aws.pitr.set(desk.table, on('10:00:00.000', 9));
    await desk.backups.keepFreshness({ lookedAt: on('10:00:00.000'), settingsLookedAt: null, tables: [] });
    const { oldestAgeSeconds } = await desk.look(on('10:00:00.000'));
    expect(oldestAgeSeconds).toBe(0);
    await desk.look(on('18:00:00.000', 1));
    expect(await since('backup.stale')).toEqual([]);
    await desk.look(on('19:05:00.000', 1));
    expect((await since('backup.stale')).map(({ happened }) => happened)).toEqual([
      expect.stringContaining('orders has no recovery point'),
    ]);
  });
});

describe('the backup of the night', () => {
  beforeEach(async () => {
    desk.aws.pitr.set(desk.table, on('23:00:00.000', 30));
    await desk.backups.keepFreshness({ lookedAt: on('10:00:00.000'), settingsLookedAt: null, tables: [] });
    await desk.look(on('10:00:00.000'));
  });

  // 05:00 in Berlin is 03:00 or 04:00 UTC; a job may begin an hour later and is seen half an hour after that.
  it('that was not begun is told once, after its window; one that was begun is not', async () => {
    await desk.look(on('04:30:00.000', 1));
    expect(await since('backup.missed')).toEqual([]);
    for (const time of ['05:35', '05:40', '12:00']) await desk.look(on(`${time}:00.000`, 1));
    expect(await since('backup.missed')).toHaveLength(1);
    desk.aws.jobs.set(own(), [job(`n-${day}`, on('04:20:00.000', 2), { state: 'running' })]);
    await desk.look(on('05:40:00.000', 2));
    desk.aws.jobs.clear();
    await desk.look(on('05:40:00.000', 3));
    expect(await since('backup.missed')).toHaveLength(2);
  });

  it('is not missed by who was not there yet, nor for tables that are in no plan', async () => {
    await desk.look(on('10:05:00.000'));
    expect(await since('backup.missed')).toEqual([]);
    await desk.look(on('06:00:00.000', 1));
    expect((await since('backup.missed')).map(({ subject }) => subject)).toEqual([
      'No backup of operations was begun last night',
    ]);
  });
});

it('switches of the region are looked at once a day, and told until they are on again', async () => {
  await desk.backups.keepFreshness({ lookedAt: on('00:00:00.000'), settingsLookedAt: null, tables: [] });
  desk.aws.pitr.set(desk.table, on('23:00:00.000', 30));
  desk.aws.settings = { optedIn: true, advanced: false };
  for (const time of ['10:00', '10:05', '12:00']) await desk.look(on(`${time}:00.000`));
  expect(desk.aws.asked.settings).toBe(1);
  desk.aws.jobs.set(own(), [job(`s-${day}`, on('04:20:00.000', 1))]);
  await desk.look(on('10:01:00.000', 1));
  expect(await since('backup.settings')).toMatchObject([
    { severity: 'high', happened: expect.stringContaining('advanced') },
  ]);
  desk.aws.settings = { optedIn: true, advanced: true };
  desk.aws.jobs.set(own(), [job(`s2-${day}`, on('04:20:00.000', 2))]);
  await desk.look(on('10:02:00.000', 2));
  const told = (await desk.eventsOf('BKW#region')).map(({ type }) => type);
  expect(told).toEqual(['backupWatch.began', 'backupWatch.ended']);
});

it('scratch tables without a drill are removed and told once; young ones and those of running drills stay', async () => {
  desk.aws.pitr.set(desk.table, on('23:00:00.000', 30));
  const table = (name: string, createdAt: string, wanted: boolean) => ({
    name,
    createdAt,
    drillId: null,
    wanted,
    removed: 0,
  });
  desk.aws.scratch = [
    table(`d-old-${day}`, on('05:00:00.000'), false),
    table(`d-young-${day}`, on('09:30:00.000'), false),
    table(`d-wanted-${day}`, on('01:00:00.000'), true),
  ];
  for (const minute of ['00', '05', '10']) await desk.look(on(`10:${minute}:00.000`));
  expect(desk.aws.scratch.map(({ removed }) => removed)).toEqual([3, 0, 0]);
  expect(await since('drill.leftover')).toMatchObject([{ happened: expect.stringContaining(`d-old-${day}`) }]);
});

it('a table that cannot be looked at hides no other, and keeps what was known of it', async () => {
  desk.aws.pitr.set(desk.table, on('09:55:00.000'));
  await desk.look(on('10:00:00.000'));
  desk.aws.broken.add(own());
  desk.aws.pitr.set('orders', on('10:04:00.000'));
  await expect(desk.look(on('10:05:00.000'))).rejects.toThrow('cannot be looked at');
  const known = await desk.backups.freshness();
  expect(known?.tables.map(({ table, latestRestorableAt }) => [table, latestRestorableAt]).sort()).toEqual([
    ['operations', on('09:55:00.000')],
    ['orders', on('10:04:00.000')],
  ]);
});

describe('canaries', () => {
  const read = async (index: string) =>
    (await engine.client.send(new GetCommand({ TableName: desk.table, Key: { PK: `CAN#${index}`, SK: 'C' } }))).Item;

  it('are sixteen, of the minute, and name their table', async () => {
    await writeCanaries(engine.client, desk.table, Date.parse(on('10:07:31.500')));
    for (const index of ['00', '07', '15'])
      expect(await read(index)).toMatchObject({
        at: on('10:07:00.000'),
        table: desk.table,
        tick: Date.parse(on('10:07:00.000')) / 60_000,
      });
    expect(await read('16')).toBeUndefined();
  });

  it('that are left out are sent once more, then it is said', async () => {
    const sizes: number[] = [];
    const client = (leaves: readonly number[]) =>
      ({
        send: async ({ input }: { input: { RequestItems: Record<string, unknown[]> } }) => {
          const requests = Object.values(input.RequestItems)[0] ?? [];
          sizes.push(requests.length);
          return { UnprocessedItems: { t: requests.slice(0, leaves[sizes.length - 1]) } };
        },
      }) as never;
    await writeCanaries(client([3, 0]), 't', 0);
    expect(sizes.splice(0)).toEqual([16, 3]);
    await expect(writeCanaries(client([5, 2]), 't', 0)).rejects.toThrow('2 of 16');
  });
});

it('the manifest of the night goes on where it stood, and is due again the next night', async () => {
  desk.aws.pitr.set(desk.table, on('23:00:00.000', 30));
  await desk.look(on('10:00:00.000'));
  const before = await desk.backups.manifestJob();
  expect(before?.dueAt).toMatch(/T0[23]:00:00/);
  const slices: (number | null)[] = [];
  const handler = manifestDueHandler({
    backups: desk.backups,
    zone,
    clock: desk.clock,
    slice: async (progress) => {
      const done = progress === null ? 0 : progress.share;
      slices.push(progress === null ? null : done);
      const next = { done: done >= 0.5, share: done + 0.5, readUnits: 1, position: {} };
      return { progress: next, manifest: next.done ? { name: 'manifests/m.json', asOf: on('02:00:00.000', 1) } : null };
    },
  });
  const attend = () => handler({ pk: 'MNF#nightly', sk: 'M', dueAt: '' });
  desk.clock.at = Date.parse(before?.dueAt ?? '') - 1000;
  await attend();
  expect(slices).toEqual([]);
  desk.clock.at += 2000;
  for (let times = 0; times < 4; times += 1) await attend();
  expect(slices).toEqual([null, 0.5]);
  const after = await desk.backups.manifestJob();
  expect(after).toMatchObject({ progress: null, lastName: 'manifests/m.json' });
  expect(Date.parse(after?.dueAt ?? '') - Date.parse(before?.dueAt ?? '')).toBe(86_400_000);
});
