import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { states } from '../../functions/corrective-actions/domain/corrective-action.ts';
import { derivedId } from '../../functions/platform/ids.ts';
import { type Engine, startTestEngine } from '../engine.ts';
import { type ViolationDesk, violationDesk } from '../violations/violation-desk.ts';

let engine: Engine;
let desk: ViolationDesk;
beforeAll(async () => {
  engine = await startTestEngine();
  desk = await violationDesk(engine, Date.parse('2026-03-02T09:00:00Z'));
}, 120_000);
afterAll(() => engine.stop());

const as = (role: 'agent' | 'engineer' | 'lead' | 'manager', id = 'agt_OTHER') => {
  desk.who.current = { id, role, customerId: null, teamId: null };
};
beforeEach(() => as('manager'));

const path = '/v1/corrective-actions';
const vio = (name: string) => derivedId('vio', name);
const created = async (fields: object = {}) => {
  const body = { title: 'Second person at night', ownerId: desk.owner.id, dueOn: '2026-03-31', ...fields };
  const answer = await desk.ask('POST', path, { body });
  expect([answer.status, answer.status === 201 ? null : answer.body]).toEqual([201, null]);
  return answer.body;
};
const status = async (id: string, to: string, note: string | null = 'done so') =>
  desk.ask('POST', `${path}/${id}/status`, { body: { status: to, note } });
const patched = (id: string, version: number, body: object) =>
  desk.ask('PATCH', `${path}/${id}`, { body, headers: { 'if-match': `"${version}"` } });
const actionsOf = async (violationId: string) =>
  (
    await engine.client.send(
      new QueryCommand({
        TableName: desk.table,
        KeyConditionExpression: 'PK = :pk',
        ExpressionAttributeValues: { ':pk': `VIO#${violationId}` },
      }),
    )
  ).Items?.flatMap(({ actions }) => [...(actions ?? [])]);

describe('the life of a corrective action', () => {
  it('begins open, is done with a note, and then its effect is looked at', async () => {
    const action = await created({ effectiveness: { check: 'None in April', checkOn: '2026-05-01' } });
    expect(action).toMatchObject({ state: 'open', note: null, doneAt: null, overdue: false, version: 1 });
    expect((await status(action.id, 'in_progress', null)).body).toMatchObject({ state: 'in_progress' });
    expect((await status(action.id, 'done', null)).status).toBe(400);
    expect((await status(action.id, 'done')).body).toMatchObject({
      state: 'done',
      note: 'done so',
      doneAt: '2026-03-02T09:00:00.000Z',
    });
    expect((await status(action.id, 'ineffective')).body).toMatchObject({ state: 'ineffective' });
    expect((await status(action.id, 'in_progress')).body).toMatchObject({ state: 'in_progress', doneAt: null });
    await status(action.id, 'done');
    const { body, headers } = await status(action.id, 'verified');
    expect([body.state, headers['etag']]).toEqual(['verified', '"7"']);
    expect((await desk.ask('GET', `${path}/${action.id}`)).body).toEqual(body);
  });

  it.each([
    ['open', [], ['in_progress', 'done', 'cancelled']],
    ['in_progress', ['in_progress'], ['open', 'done', 'cancelled']],
    ['done', ['done'], ['in_progress', 'verified', 'ineffective']],
    ['ineffective', ['done', 'ineffective'], ['in_progress', 'cancelled']],
    ['verified', ['done', 'verified'], []],
    ['cancelled', ['cancelled'], []],
  ] as const)('from %s goes where it may and nowhere else', async (_from, way, possible: readonly string[]) => {
    for (const to of states) {
      const { id } = await created();
      for (const step of way) expect((await status(id, step)).status).toBe(200);
      expect([to, (await status(id, to)).status]).toEqual([to, possible.includes(to) ? 200 : 409]);
    }
  });

  it('of its own an agent moves, of others’ leads and managers', async () => {
    const { id } = await created();
    for (const role of ['agent', 'engineer'] as const) {
      as(role);
      expect((await status(id, 'in_progress')).status).toBe(403);
    }
    as('agent', desk.owner.id);
    expect((await status(id, 'in_progress')).status).toBe(200);
    expect((await desk.ask('POST', path, { body: {} })).status).toBe(403);
    as('lead');
    expect((await status(id, 'cancelled')).status).toBe(200);
  });

  it('is told by events, one for each change', async () => {
    const { id } = await created();
    await status(id, 'in_progress');
    await patched(id, 2, { title: 'Two people at night' });
    expect((await patched(id, 3, { title: 'Two people at night' })).body.version).toBe(3);
    const { Items = [] } = await engine.client.send(
      new QueryCommand({
        TableName: desk.table,
        KeyConditionExpression: 'PK = :pk AND begins_with(SK, :ev)',
        ExpressionAttributeValues: { ':pk': `CAC#${id}`, ':ev': 'EV#' },
      }),
    );
    expect(Items.map(({ type, data }) => [type, data.changed ?? data.to ?? data.title])).toEqual([
      ['correctiveAction.created', 'Second person at night'],
      ['correctiveAction.moved', 'in_progress'],
      ['correctiveAction.changed', { title: 'Two people at night' }],
    ]);
  });
});

describe('the fields', () => {
  it('are changed under If-Match, until nothing more comes of it', async () => {
    const { id } = await created();
    expect((await desk.ask('PATCH', `${path}/${id}`, { body: { title: 'x' } })).status).toBe(428);
    expect((await patched(id, 7, { title: 'x' })).status).toBe(412);
    expect((await patched(id, 1, { dueOn: '2026-04-30' })).body).toMatchObject({ dueOn: '2026-04-30', version: 2 });
    await status(id, 'cancelled');
    expect((await patched(id, 3, { title: 'x' })).status).toBe(409);
  });

  it('link the violations that an action names, and let go of those that it no longer names', async () => {
    const { id } = await created({ violationIds: [vio('a'), vio('b')] });
    const other = await created({ violationIds: [vio('b')] });
    expect([await actionsOf(vio('a')), (await actionsOf(vio('b')))?.sort()]).toEqual([[id], [id, other.id].sort()]);
    await patched(id, 1, { violationIds: [vio('b'), vio('c')] });
    expect([await actionsOf(vio('a')), await actionsOf(vio('c'))]).toEqual([[], [id]]);
  });

  it.each([
    [{ ownerId: 'agt_01J8Z0K3V5W7Y9ABCDEFGHJKMN' }, 'ownerId'],
    [{ teamId: 'tem_01J8Z0K3V5W7Y9ABCDEFGHJKMN' }, 'teamId'],
    [{ dueOn: '2026-02-30' }, 'dueOn'],
    [{ violationIds: ['tkt_1'] }, 'violationIds.0'],
    [{ violationIds: [vio('a'), vio('a')] }, 'violationIds'],
    [{ effectiveness: { check: 'x' } }, 'effectiveness.checkOn'],
  ])('%j is refused', async (fields, at) => {
    const body = { title: 'x', ownerId: desk.owner.id, dueOn: '2026-03-31', ...fields };
    const answer = await desk.ask('POST', path, { body });
    expect([answer.status, answer.body.errors[0].path]).toEqual([400, at]);
  });

  it('a repeated request with its key opens one action', async () => {
    const body = { title: 'Once', ownerId: desk.owner.id, dueOn: '2026-03-31' };
    const headers = { 'idempotency-key': 'once-1' };
    const first = await desk.ask('POST', path, { body, headers });
    const second = await desk.ask('POST', path, { body, headers });
    expect([second.status, second.body.id]).toEqual([201, first.body.id]);
  });

  it('an action that is not there is 404', async () => {
    expect((await desk.ask('GET', `${path}/cac_01J8Z0K3V5W7Y9ABCDEFGHJKMN`)).status).toBe(404);
  });
});

test('the list is by due day; filters leave out what does not fit, and overdue is a matter of the local day', async () => {
  const early = await created({ title: 'early', dueOn: '2026-01-31' });
  const today = await created({ title: 'today', dueOn: '2026-03-02' });
  const finished = await created({ title: 'finished', dueOn: '2026-01-15' });
  await status(finished.id, 'done');
  const list = async (query: string) => {
    const ids: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await desk.ask('GET', `${path}?limit=7${query}${more}`);
      ids.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    return ids;
  };
  expect((await list('')).slice(0, 3)).toEqual([finished.id, early.id, today.id]);
  expect(await list('&overdue=true')).toEqual([early.id]);
  expect(await list('&state=open&overdue=false')).toContain(today.id);
  expect(await list('&state=verified&overdue=true')).toEqual([]);
  expect(await list(`&ownerId=${desk.owner.id}`)).toContain(today.id);
  desk.clock.at = Date.parse('2026-03-02T23:30:00Z');
  expect(await list('&overdue=true')).toEqual([early.id, today.id]);
});
