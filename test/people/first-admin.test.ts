import { type Api, firstAdmin, given, startApi, startTimeoutMs } from '../api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi();
}, startTimeoutMs);
afterAll(() => api.stop());

const me = async () => (await api.send(firstAdmin, { method: 'GET', path: '/v1/me' })).body;

test('the first admin of the stage stays admin, whoever registers that login as something else', async () => {
  // GIVEN a lead, who may register contacts with logins, and knows the first admin's login from a ticket's history
  const customer = await given(api, { method: 'POST', path: '/v1/customers', body: { name: 'Acme' } });
  await given(api, {
    method: 'POST',
    path: '/v1/agents',
    body: { name: 'Mallory', role: 'lead', subject: 'sub-mallory' },
  });
  const login = { sub: 'sub-new-admin', username: 'root' };
  // WHEN the lead makes it the login of a contact
  const contact = { customerId: customer.id, name: 'Nobody', subject: login.sub };
  expect((await api.send({ sub: 'sub-mallory' }, { method: 'POST', path: '/v1/contacts', body: contact })).status).toBe(
    201,
  );
  // THEN it is the first admin still
  expect((await api.send(login, { method: 'GET', path: '/v1/me' })).body).toMatchObject({
    role: 'admin',
    customerId: null,
  });
});

test('the first admin is admin without any record, and another user name is nobody', async () => {
  expect(await me()).toEqual({ id: 'usr_sub-first-admin', role: 'admin', customerId: null, teamId: null });
  expect((await api.send({ sub: 'sub-x', username: 'Root' }, { method: 'GET', path: '/v1/me' })).status).toBe(403);
});

test('a login has one owner: 409 for the second', async () => {
  await given(api, { method: 'POST', path: '/v1/agents', body: { name: 'Grace', subject: 'sub-grace' } });
  const again = await api.send(firstAdmin, {
    method: 'POST',
    path: '/v1/agents',
    body: { name: 'Eve', subject: 'sub-grace', role: 'admin' },
  });
  expect(again.status).toBe(409);
});

test('an agent registers contacts, but gives no login', async () => {
  const customer = await given(api, { method: 'POST', path: '/v1/customers', body: { name: 'Globex' } });
  await given(api, { method: 'POST', path: '/v1/agents', body: { name: 'Alan', subject: 'sub-alan' } });
  const contact = { customerId: customer.id, name: 'Bob' };
  const as = { sub: 'sub-alan' };
  expect((await api.send(as, { method: 'POST', path: '/v1/contacts', body: contact })).status).toBe(201);
  const withLogin = { ...contact, subject: 'sub-bob' };
  expect((await api.send(as, { method: 'POST', path: '/v1/contacts', body: withLogin })).status).toBe(403);
  expect((await api.send({ sub: 'sub-bob' }, { method: 'GET', path: '/v1/me' })).status).toBe(403);
});
