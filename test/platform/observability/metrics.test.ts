import './loud.ts';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { jobHandler } from '../../../functions/platform/job/pipeline.ts';
import { metricUnits } from '../../../functions/platform/metric-names.ts';
import { DeskMetrics } from '../../../functions/platform/metrics.ts';
import { startTimeoutMs } from '../../api.ts';
import { type Line, linesOf, messages, newTicket, startWholeDesk, type WholeDesk } from './whole-desk.ts';

let desk: WholeDesk;
let customerId: string;
beforeAll(async () => {
  desk = await startWholeDesk();
  customerId = (await desk.call({ method: 'POST', path: '/v1/customers', body: { name: 'Acme', tier: 'standard' } }))
    .body.id;
}, startTimeoutMs);
afterAll(() => desk.stop());

/** The lines in the embedded metric format, as CloudWatch reads them: name -> values, unit; and what else they hold. */
const measured = (output: string) => {
  const found: Record<string, { readonly unit: string; readonly values: readonly number[] }> = {};
  for (const line of linesOf(output)) {
    const { _aws: directive, ...members }: Line = line;
    if (directive === undefined) continue;
    for (const { Namespace, Dimensions, Metrics } of directive.CloudWatchMetrics) {
      expect([Namespace, Dimensions]).toEqual(['CloudServiceDesk', [['service']]]);
      // Nothing but the dimension and the figures: no id, no person.
      const names = Metrics.map(({ Name }: { Name: string }) => Name);
      expect(Object.keys(members).sort()).toEqual(['service', ...names].sort());
      expect(members['service']).toBe('cloud-service-desk-test');
      for (const { Name, Unit } of Metrics) {
        found[Name] = { unit: Unit, values: [...(found[Name]?.values ?? []), ...[members[Name]].flat()] };
      }
    }
  }
  return found;
};

const create = async (over = {}): Promise<string> =>
  (await desk.call({ method: 'POST', path: '/v1/tickets', body: newTicket(customerId, over) })).body.id;

it('these are all metrics, each paid for by the month', () => {
  expect(metricUnits).toEqual({
    TicketsOpened: 'Count',
    TicketsResolved: 'Count',
    Breaches: 'Count',
    FactsWritten: 'Count',
    ProjectionLag: 'Milliseconds',
    AlertsPublished: 'Count',
    AlertLag: 'Milliseconds',
    DeliveryFailures: 'Count',
    SmsBudgetUsed: 'Percent',
    OldestDue: 'Seconds',
    DuePushedBack: 'Count',
    OldestDirtyHour: 'Seconds',
    KpiDrift: 'Count',
    RecoveryPointAge: 'Seconds',
  });
});

it('the KPI stream counts what was opened, resolved and broken, the facts, and how far it is behind', async () => {
  await desk.changes();
  const ticketId = await create();
  await create({ priority: 'low' });
  desk.advance(2 * 3600);
  await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/status`,
    body: { status: 'resolved', reason: 'fixed', note: '' },
  });
  desk.output();
  desk.advance(3);
  await desk.run('stream-kpis', await desk.changes(), 'a');
  // created twice two hours ago; breached and resolved three seconds ago
  expect(measured(desk.output())).toEqual({
    ProjectionLag: { unit: 'Milliseconds', values: expect.arrayContaining([7_203_000, 7_203_000, 3_000, 3_000]) },
    FactsWritten: { unit: 'Count', values: expect.any(Array) },
    TicketsOpened: { unit: 'Count', values: [1, 1] },
    TicketsResolved: { unit: 'Count', values: [1] },
    Breaches: { unit: 'Count', values: [1] },
  });
});

it('imported history is no news', async () => {
  const ticket = {
    externalId: 'INC1',
    source: 'servicenow',
    subject: 'Old',
    description: '',
    customer: 'Location 143',
    requester: 'Caller 2403',
    priority: 'critical',
    team: '',
    channel: 'phone',
    createdAt: '2016-02-29T01:00:00Z',
    history: [{ at: '2016-03-01T01:00:00Z', type: 'status', status: 'resolved' }],
  };
  const reply = await desk.call({ method: 'POST', path: '/v1/tickets/import', body: { tickets: [ticket] } });
  expect(reply.body.results[0].outcome).toBe('created');
  desk.output();
  const changes = await desk.changes();
  expect(changes.Records.filter(({ dynamodb }) => dynamodb.NewImage.type?.S === 'sla.breached')).not.toEqual([]);
  await desk.run('stream-kpis', changes, 'a');
  expect(Object.keys(measured(desk.output())).sort()).toEqual(['FactsWritten', 'ProjectionLag']);
});

it('a ticket that closes by itself was resolved before', async () => {
  const ticketId = await create({ priority: 'low' });
  await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/status`,
    body: { status: 'resolved', reason: 'fixed', note: '' },
  });
  await desk.changes();
  await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/status`,
    body: { status: 'closed', reason: 'done', note: '' },
  });
  desk.output();
  await desk.run('stream-kpis', await desk.changes(), 'a');
  expect(measured(desk.output())['TicketsResolved']).toBeUndefined();
});

it('whoever delivers alerts counts what went out, how late, and what failed', async () => {
  const ticketId = await create();
  desk.hints();
  desk.advance(3600 + 30);
  await desk.call({
    method: 'POST',
    path: `/v1/tickets/${ticketId}/status`,
    body: { status: 'open', reason: 'seen', note: '' },
  });
  const alertHint = desk.hints().find(({ pk }) => pk.startsWith('ALT#'));
  const changes = await desk.changes();
  desk.output();
  desk.api.sns.on(PublishCommand).rejectsOnce(new Error('SNS is away'));
  await desk.run('stream-alerts', changes, 'a');
  const failed = measured(desk.output());
  expect(failed).toEqual({ DeliveryFailures: { unit: 'Count', values: [1] } });
  desk.advance(61);
  await desk.run('queue-due', messages(JSON.stringify(alertHint)), 'b');
  expect(measured(desk.output())).toEqual({
    AlertsPublished: { unit: 'Count', values: [1] },
    AlertLag: { unit: 'Milliseconds', values: [91_000] },
  });
});

it('the sweep says how long the most overdue item has been due', async () => {
  const sweep = async () => {
    desk.hints();
    desk.output();
    await desk.run('job-sweep', { trigger: 'schedule' }, 'a');
    return measured(desk.output());
  };
  // GIVEN a desk on which everything that is due was attended to
  await sweep();
  await desk.run('queue-due', messages(...desk.hints().map((hint) => JSON.stringify(hint))), 'b');
  desk.advance(120);
  await sweep();
  await desk.run('queue-due', messages(...desk.hints().map((hint) => JSON.stringify(hint))), 'c');
  expect(await sweep()).toEqual({ OldestDue: { unit: 'Seconds', values: [0] } });
  // WHEN of a first response that is due in an hour is warned after three quarters, and 50 seconds more have passed
  await create();
  desk.advance(2700 + 50);
  expect(await sweep()).toEqual({ OldestDue: { unit: 'Seconds', values: [50] } });
});

it('the scheduled rollup says how long the oldest hour has been dirty, and that none is', async () => {
  const project = async () => {
    await create({ priority: 'low' });
    await desk.run('stream-kpis', await desk.changes(), 'a');
    desk.output();
  };
  await project();
  await desk.run('job-rollup', { Records: [] }, 'hints');
  expect(measured(desk.output())).toEqual({});
  await project();
  desk.advance(90);
  // A later fact of the same hour does not make its mark younger.
  await project();
  desk.advance(30);
  await desk.run('job-rollup', { trigger: 'schedule' }, 'b');
  await desk.run('job-rollup', { trigger: 'schedule' }, 'c');
  expect(measured(desk.output())).toEqual({ OldestDirtyHour: { unit: 'Seconds', values: [120, 0] } });
});

it('a function that fails still writes what it measured', async () => {
  const changes = await desk.changes();
  await create();
  const fresh = await desk.changes();
  desk.output();
  const poison = {
    eventName: 'INSERT',
    dynamodb: { SequenceNumber: '9', NewImage: { PK: { S: 'TKT#x' }, SK: { S: 'EV#' } } },
  };
  const answer = await desk.run('stream-kpis', { Records: [...fresh.Records, poison] }, 'a');
  expect([changes.Records, answer]).toEqual([[], { batchItemFailures: [{ itemIdentifier: '9' }] }]);
  expect(measured(desk.output())['TicketsOpened']?.values).toEqual([1]);
});

it('a function that throws still writes what it measured', async () => {
  const metrics = new DeskMetrics('test');
  const run = async () => {
    metrics.add('OldestDue', 7);
    throw new Error('after all');
  };
  desk.output();
  await expect(
    jobHandler({ line: 'sweep', metrics, run })({}, { functionName: 'job-sweep' } as Context),
  ).rejects.toThrow('Error, see the line before.');
  expect(measured(desk.output())).toEqual({ OldestDue: { unit: 'Seconds', values: [7] } });
});

it('a lag below zero is none, and nothing measured is nothing written', () => {
  const metrics = new DeskMetrics('test');
  desk.output();
  metrics.flush();
  expect(desk.output()).toBe('');
  metrics.add('ProjectionLag', -5);
  metrics.flush();
  metrics.flush();
  expect(measured(desk.output())).toEqual({ ProjectionLag: { unit: 'Milliseconds', values: [0] } });
});
