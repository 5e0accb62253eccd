import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { main as importMain } from '../import/main.ts';
import { Desk } from './desk.ts';
import { tellDrill } from './drill.ts';
import { openLiveTickets } from './live-tickets.ts';
import { bold, chapter, dim, figureHead, figureRow, green, humanSeconds, indented, red, say } from './print.ts';
import { kpi, outbox, sla } from './shapes.ts';
import * as z from 'zod';

const log = resolve(import.meta.dirname, '../../test/data/incident_event_log.csv');

const importHistory = async (desk: Desk): Promise<void> => {
  const scratch = mkdtempSync(join(tmpdir(), 'desk-demo-'));
  const files = ['--journal', join(scratch, 'journal.jsonl'), '--rejects', join(scratch, 'rejects.csv')];
  const code = await importMain(
    ['--format', 'servicenow-log', log, '--url', desk.url, '--concurrency', '4', ...files],
    {
      env: {},
      stdout: process.stdout,
      stderr: process.stderr,
    },
  );
  rmSync(scratch, { recursive: true, force: true });
  if (code !== 0) throw new Error('the import did not go through');
};

const tellAlerts = async (desk: Desk, after: number): Promise<void> => {
  const sent = await desk.get('admin', `/_local/outbox?after=${after}`, outbox);
  for (const item of sent.items) {
    say(
      `   ${red('▲')} ${bold(item.kind)} to ${item.to} at ${item.deliveredAt}${item.subject === '' ? '' : `: ${bold(item.subject)}`}`,
    );
    say(indented(item.text));
  }
  if (sent.items.length === 0) say('   nothing was sent');
};

const tellClocks = async (desk: Desk, ticketId: string): Promise<void> => {
  const { clocks } = await desk.get('agent', `/v1/tickets/${ticketId}/sla`, sla);
  for (const clock of clocks) {
    say(`   ${clock.state === 'breached' ? red(clock.state) : green(clock.state)} ${bold(clock.metric)}`);
    say(indented(clock.explain.join('\n')));
  }
};

/** Waits until the figures of today know the last reply, for a few seconds at most. */
const settled = async (desk: Desk, day: string): Promise<void> => {
  for (let tries = 0; tries < 40; tries += 1) {
    const figures = await desk.get('manager', `/v1/kpis/first-response-time?from=${day}&to=${dayAfter(day)}`, kpi);
    if (figures.total.n >= 2) return;
    await new Promise((done) => setTimeout(done, 250));
  }
};

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

const tellKpis = async (desk: Desk, today: string): Promise<void> => {
  const history = 'from=2016-01-01&to=2018-01-01&granularity=month';
  const live = `from=${today}&to=${dayAfter(today)}`;
  say(figureHead());
  for (const [id, unit] of [
    ['ticket-volume', 'count'],
    ['first-response-time', 'seconds'],
    ['resolution-time', 'seconds'],
  ] as const) {
    const past = await desk.get('manager', `/v1/kpis/${id}?${history}`, kpi);
    const now = await desk.get('manager', `/v1/kpis/${id}?${live}`, kpi);
    say(figureRow(`${id}, imported history`, past.total, unit));
    say(figureRow(`${id}, today`, now.total, unit));
    if (id !== 'resolution-time') continue;
    const byPriority = await desk.get(
      'manager',
      `/v1/kpis/${id}?from=2016-03-01&to=2016-04-01&granularity=month&groupBy=priority`,
      kpi,
    );
    for (const row of byPriority.series) say(figureRow(`  March 2016, ${row.group}`, row.figure, unit));
  }
};

/** Tells the story on a running desk. */
export const tellStory = async (url: string): Promise<void> => {
  const began = performance.now();
  const desk = await Desk.at(url);
  say(
    `${bold('cloud-service-desk')} at ${url} ${dim('(functions, queues, tables and roles from the synthesized template)')}`,
  );

  chapter(1, 'A company brings its history: 890 incidents of a real ServiceNow desk');
  await importHistory(desk);

  chapter(2, 'Someone wants to be told');
  const subscription = {
    filter: { severity: ['critical', 'high'], kind: ['sla.breach'], teamId: [], customerId: [] },
    quietHours: null,
    digest: 'none',
  };
  await desk.post(
    'manager',
    '/v1/alert-subscriptions',
    { channel: 'email', target: 'lead@desk.example', ...subscription },
    z.unknown(),
  );
  await desk.post(
    'manager',
    '/v1/alert-subscriptions',
    { channel: 'sms', target: '+4915112345678', ...subscription },
    z.unknown(),
  );
  say('   e-mail to lead@desk.example and SMS to +4915112345678, for breaches of critical and high tickets');

  chapter(3, 'Live tickets come in by mail, chat and phone');
  const before = (await desk.get('admin', '/_local/outbox', outbox)).items.at(-1)?.seq ?? 0;
  const { forgotten } = await openLiveTickets(desk);

  chapter(4, `An hour passes, and nobody answers ${forgotten.number}`);
  const now = await desk.advance('PT1H');
  say(`   it is ${now} now`);
  await tellAlerts(desk, before);

  chapter(5, `The clocks of ${forgotten.number}, explained`);
  await tellClocks(desk, forgotten.id);

  chapter(6, 'What the manager sees');
  await desk.advance('PT2M');
  await settled(desk, now.slice(0, 10));
  await tellKpis(desk, now.slice(0, 10));

  chapter(7, 'A disaster is rehearsed: could the table of tickets be brought back, and what would be lost?');
  await tellDrill(desk);

  say(`\n${dim(`told in ${humanSeconds((performance.now() - began) / 1000)}; every figure above came over HTTP`)}`);
};
