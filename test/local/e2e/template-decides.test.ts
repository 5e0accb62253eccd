import { jest } from '@jest/globals';
import { AssemblyCopy, projectAssembly, recordedBatches } from './assembly-copy.ts';
import { eventually, oldTicket, RunningDesk, stopDesks, subscribe } from './running-desk.ts';

/**
 * The template decides what the local desk does: each test edits a copy of the synthesized templates as a person would, and
 * sees the running desk differ in just that.
 */
let source: string;
const copies: AssemblyCopy[] = [];

beforeAll(async () => {
  source = await projectAssembly();
}, 480_000);
afterEach(stopDesks);
afterAll(() => copies.forEach((copy) => copy.remove()));

const deskFrom = async (edit: (copy: AssemblyCopy) => void): Promise<RunningDesk> => {
  const copy = new AssemblyCopy(source);
  copies.push(copy);
  edit(copy);
  return RunningDesk.start(copy.directory);
};

/** A ticket that nobody answers, and somebody who wants to hear of it. */
const unanswered = async (desk: RunningDesk) => {
  await subscribe(desk);
  return desk.soonOverdue('high');
};

/** 61 events in one transaction: all of them are in the stream at once. */
const importHistory = (desk: RunningDesk) => {
  const history = Array.from({ length: 60 }, (_, minute) => ({
    at: new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString(),
    type: 'status',
    status: minute % 2 === 0 ? 'open' : 'waiting_vendor',
  }));
  return desk.ask('/v1/tickets/import', { tickets: [oldTicket('INC1', history)] }, 'integration');
};

const volume = async (desk: RunningDesk): Promise<number | null> => {
  const { total } = await desk.ask('/v1/kpis/ticket-volume?from=2026-01-01&to=2026-02-01&granularity=month');
  return total.value;
};

const batchesOf = (desk: RunningDesk) =>
  eventually('all 61 events in the log of stream-kpis', 30, async () => {
    const batches = recordedBatches(desk.log('stream-kpis'));
    return batches.reduce((sum, size) => sum + size, 0) >= 61 ? batches : null;
  });

const timeLimit = 480_000;

it(
  'as it is: an alert is out within 5 s of its instant, and a batch of the KPI stream is large',
  async () => {
    const desk = await deskFrom((copy) => copy.recordBatches('stream-kpis'));
    await importHistory(desk);
    expect(Math.max(...(await batchesOf(desk)))).toBeGreaterThan(10);
    const { id, due } = await unanswered(desk);
    await desk.timeTo(due + 5_000);
    const items = await desk.outbox();
    expect(items).toMatchObject([{ kind: 'email', to: 'oncall@desk.example', ticketId: id }]);
    expect(Date.parse(items[0]?.deliveredAt ?? '') - due).toBeLessThanOrEqual(5_000);
  },
  timeLimit,
);

it(
  'without the event source of stream-alerts the stream delivers no alert: nothing for a minute, then the due index does',
  async () => {
    const desk = await deskFrom((copy) => expect(copy.removeEventSources('stream-alerts')).toBe(1));
    const { id, due } = await unanswered(desk);
    await desk.timeTo(due + 50_000);
    expect((await desk.ask('/v1/alerts')).items).toMatchObject([{ ticketId: id, deliveries: [] }]);
    expect(await desk.outbox()).toEqual([]);
    await desk.timeTo(due + 90_000);
    const items = await desk.outbox();
    expect(items).toMatchObject([{ ticketId: id }]);
    expect(Date.parse(items[0]?.deliveredAt ?? '') - due).toBeGreaterThan(59_000);
  },
  timeLimit,
);

it(
  'without the event sources of stream-alerts and queue-due no alert is ever delivered, although it is raised',
  async () => {
    const desk = await deskFrom((copy) => {
      expect(copy.removeEventSources('stream-alerts')).toBe(1);
      expect(copy.removeEventSources('queue-due')).toBe(2);
    });
    const { id, due } = await unanswered(desk);
    await desk.timeTo(due + 1_000);
    // Nobody attends to what is due now; a change of the ticket records what it finds overdue.
    await desk.ask(`/v1/tickets/${id}/status`, { status: 'open' }, 'agent');
    await desk.timeTo(due + 15 * 60_000);
    expect((await desk.ask('/v1/alerts')).items).toMatchObject([{ ticketId: id, state: 'raised', deliveries: [] }]);
    expect(await desk.outbox()).toEqual([]);
  },
  timeLimit,
);

it(
  'another batch size makes other batches, and a renamed queue changes nothing else',
  async () => {
    const desk = await deskFrom((copy) => {
      copy.recordBatches('stream-kpis');
      copy.setBatchSize('stream-kpis', 2);
      copy.renameQueue('DueTimersRestQueue', 'quite-another');
    });
    expect(desk.desk.model.queues.map(({ name }) => name)).toContain('quite-another');
    await importHistory(desk);
    const batches = await batchesOf(desk);
    expect(Math.max(...batches)).toBe(2);
    expect(batches.length).toBeGreaterThan(30);
    const { id, due } = await unanswered(desk);
    await desk.timeTo(due + 5_000);
    expect(await desk.outbox()).toMatchObject([{ ticketId: id }]);
    expect(await volume(desk)).toBe(1);
  },
  timeLimit,
);

it(
  'a permission removed from a role is AccessDenied for that role, and for no other',
  async () => {
    const printed = jest.spyOn(console, 'error').mockImplementation(() => {});
    const desk = await deskFrom((copy) => {
      expect(copy.removeAction('http-kpis', 'dynamodb:Query')).toBeGreaterThan(0);
      expect(copy.removeAction('stream-alerts', 'sns:Publish')).toBe(1);
    });
    const refused = await desk.as('manager', '/v1/kpis/ticket-volume?from=2026-01-01&to=2026-02-01&granularity=day');
    expect([refused.status, refused.body.status]).toEqual([500, 500]);
    const denied = await eventually('the refusal in the log of http-kpis', 10, async () => {
      const log = desk.log('http-kpis');
      return log.includes('AccessDenied') ? log : null;
    });
    expect(denied).toContain('dynamodb:Query');

    const { id, due } = await unanswered(desk);
    await desk.timeTo(due + 50_000);
    expect(await desk.outbox()).toEqual([]);
    expect((await desk.ask('/v1/alerts')).items).toMatchObject([
      { ticketId: id, deliveries: [{ state: 'waiting', attempts: 3 }] },
    ]);
    expect(desk.log('stream-alerts')).toContain('AuthorizationError');
    // queue-due still may publish.
    await desk.timeTo(due + 90_000);
    expect(await desk.outbox()).toMatchObject([{ ticketId: id }]);

    const lines = printed.mock.calls.map(String);
    printed.mockRestore();
    expect(
      new Set(
        lines.map((line) => /^denied (\S+):.* is not authorized to perform: (\S+)/.exec(line)?.slice(1).join(' ')),
      ),
    ).toEqual(new Set(['http-kpis dynamodb:Query', 'stream-alerts SNS:Publish']));
  },
  timeLimit,
);
