import { answeredWrites, numberIn } from '../../bin/cutover/answered-writes.ts';
import { newId } from '../../functions/platform/ids.ts';

const at = Date.UTC(2026, 0, 6);
const answer = (body: unknown, headers: Record<string, string> = {}) => ({ status: 201, headers, body });

it.each([
  ['tkt', 'TKT#'],
  ['cus', 'CUS#'],
  ['ctc', 'CTC#'],
  ['tem', 'TEM#'],
  ['agt', 'AGT#'],
  ['sub', 'SUB#'],
  ['rot', 'ROT#'],
  ['cal', 'CAL#'],
  ['slp', 'SLP#'],
  ['cac', 'CAC#'],
  ['drl', 'DRL#'],
  ['dpl', 'DPL#'],
  ['svc', 'SVC#'],
] as const)('an answer with a %s of a version is an event of it', (prefix, partition) => {
  const id = newId(prefix, at);
  const expected = [{ of: 'event', partition: `${partition}${id}`, version: 3 }];
  expect(answeredWrites(answer({ id, version: 3 }))).toEqual(expected);
  expect(answeredWrites(answer({ id }, { etag: '"3"' }))).toEqual(expected);
});

it('an override of a rota is an event of the rota', () => {
  const [rota, override] = [newId('rot', at), newId('ovr', at)];
  const headers = { etag: '"5"', location: `/v1/on-call-rotas/${rota}/overrides/${override}` };
  expect(answeredWrites(answer({ id: override }, headers))).toEqual([
    { of: 'event', partition: `ROT#${rota}`, version: 5 },
  ]);
});

it('an application of a policy is known by its id, an acknowledgement by what it says', () => {
  const application = newId('sla', at);
  expect(answeredWrites(answer({ id: application, state: 'running' }))).toEqual([
    { of: 'partition', partition: `SLA#${application}` },
  ]);
  const alertId = newId('alt', at);
  const acknowledgement = { at: '2026-01-06T09:00:00.000Z', by: 'agt', note: null };
  expect(answeredWrites(answer({ id: alertId, acknowledgement }))).toEqual([
    { of: 'acknowledgement', alertId, acknowledgement },
  ]);
});

it('an import stands for each of its tickets, whatever came of it', () => {
  const [one, two] = [newId('tkt', at), newId('tkt', at)];
  const results = [{ ticketId: one }, { ticketId: null }, { ticketId: two }];
  expect(answeredWrites(answer({ results }))).toEqual([
    { of: 'partition', partition: `TKT#${one}` },
    { of: 'partition', partition: `TKT#${two}` },
  ]);
});

it('a recount is not of the table; what is not understood is said so', () => {
  expect(answeredWrites(answer({ id: newId('rcm', at), version: 1 }))).toEqual([]);
  for (const body of [null, 'text', {}, { id: 'xyz_01ARZ3NDEKTSV4RRFFQ69G5FAV' }, { id: 7 }])
    expect(answeredWrites(answer(body))).toBeNull();
});

it('reads the number of a ticket', () => {
  expect(numberIn(answer({ number: 'T-1204' }))).toBe(1204);
  for (const body of [null, {}, { number: 'T-x' }, { number: 5 }]) expect(numberIn(answer(body))).toBe(0);
});
