import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { mapSome, readTickets } from '../../outside/desk-reader.ts';
import { recountKpis } from '../../outside/recount-kpis.ts';
import { projectAssembly } from './assembly-copy.ts';
import { DeskProcess } from './kill/desk-process.ts';
import { Load, priorities } from './kill/load.ts';
import { faultsOfHistory, readOperations } from './kill/raw-table.ts';
import { Chance } from './kill/seeded.ts';
import { TimeMover } from './kill/time-mover.ts';
import { checkAlerts, faultsOfBreaches, faultsOfEffects, faultsOfStatus, type Subscriber } from './kill/verify.ts';
import { type OutboxItem, send } from './running-desk.ts';

/**
 * kill -9 at 50 random moments, while clients write and time moves over deadlines; KILL_SEED repeats a run's choices
 * (the machine's timing stays its own), KILL_ROUNDS takes another number.
 */
const seed = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000);
const rounds = Number(process.env['KILL_ROUNDS'] ?? 50);
const clients = 6;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const dataDir = mkdtempSync(join(tmpdir(), 'kill-'));
let desk: DeskProcess | null = null;
afterAll(async () => {
  await desk?.kill('group').catch(() => {});
  rmSync(dataDir, { recursive: true, force: true });
});

const tokensOf = async (url: string): Promise<Record<string, string>> => (await send(url, null, '/_local/tokens')).body;

const subscribe = async (url: string, token: string): Promise<readonly Subscriber[]> => {
  const wanted = [
    { channel: 'email', target: 'everything@desk.example', severities: priorities },
    { channel: 'email', target: 'critical@desk.example', severities: ['critical'] },
    { channel: 'sms', target: '+4915112345678', severities: ['critical'] },
  ];
  const subscribers: Subscriber[] = [];
  for (const { channel, target, severities } of wanted) {
    const filter = channel === 'email' && severities.length === 1 ? { filter: { severity: severities } } : {};
    const { status, body } = await send(url, token, '/v1/alert-subscriptions', {
      body: { channel, target, ...filter },
    });
    expect(status).toBe(201);
    subscribers.push({ id: body.id, target, severities });
  }
  return subscribers;
};

const breachedClocks = async (url: string, token: string): Promise<ReadonlyMap<string, readonly string[]>> => {
  const tickets = await readTickets({ url, token });
  return new Map(
    await mapSome(tickets, 4, async ({ id }) => {
      const { body } = await send(url, token, `/v1/tickets/${id}/sla`);
      const breached = body.clocks.filter((clock: { state: string }) => clock.state === 'breached');
      return [
        id,
        breached.map((clock: { metric: string; cycle: number }) => `${clock.metric} ${clock.cycle}`),
      ] as const;
    }),
  );
};

it(`loses and doubles nothing when it is killed ${rounds} times under load`, async () => {
  print(`seed ${seed}, ${rounds} kills, ${clients} clients`);
  const began = performance.now();
  const chance = new Chance(seed);
  const assembly = await projectAssembly();
  const load = new Load(seed + 1);
  const kills = { process: 0, group: 0, whileTimeMoved: 0 };

  desk = await DeskProcess.start(assembly, dataDir);
  const startedAt = Date.parse((await send(desk.url, null, '/_local/clock')).body.now);
  let tokens = await tokensOf(desk.url);
  const admin = tokens['admin'] ?? '';
  const subscribers = await subscribe(desk.url, admin);
  const { items } = (await send(desk.url, admin, '/v1/customers')).body;
  load.start(
    clients,
    items.map(({ id }: { id: string }) => id),
  );

  for (let round = 1; round <= rounds; round += 1) {
    load.resume(desk.url, tokens);
    // In full work, or while deadlines pass, or in the moments after the start, in which the desk catches up.
    const moment = chance.next();
    const near = moment >= 0.5 && moment < 0.85;
    const moves = near || chance.next() < 0.4;
    const mover = moves ? new TimeMover(desk.url, load, tokens, new Chance(seed + 1000 + round), near) : null;
    if (moment < 0.5) await load.answered(20_000);
    else if (near) await mover?.started(60_000);
    await pause(chance.between(20, moment < 0.5 ? 3_000 : 1_500));
    const what = chance.next() < 0.5 ? 'process' : 'group';
    if (mover?.moving === true) kills.whileTimeMoved += 1;
    kills[what] += 1;
    await Promise.all([desk.kill(what), mover?.end()]);
    load.hold();
    desk = await DeskProcess.start(assembly, dataDir);
    tokens = await tokensOf(desk.url);
    if (round % 10 === 0)
      print(
        `killed ${round} times, ${JSON.stringify(load.counts)}, ${((performance.now() - began) / 1000).toFixed(0)} s`,
      );
  }

  const { url } = desk;
  load.resume(url, tokens);
  await load.finish();
  const before = (await send(url, null, '/_local/clock')).body.now;
  const advanced = await send(url, null, '/_local/clock', { body: { advance: 'PT5H' } });
  expect(advanced.body).toMatchObject({ idle: true });
  const now = Date.parse(advanced.body.now);
  const token = tokens['admin'] ?? '';
  const kpis = await recountKpis({ url, token }, { waitSeconds: 60 });
  const breached = await breachedClocks(url, token);
  const outbox: readonly OutboxItem[] = (await send(url, null, '/_local/outbox')).body.items;
  await desk.stop();
  desk = null;

  const entities = await readOperations(assembly, dataDir);
  const tickets = entities.filter(({ key }) => key.startsWith('TKT#'));
  const events = entities.flatMap((entity) => entity.events);
  const breaches = events.filter(({ type }) => type === 'sla.breached');
  const breachedUnderKills = breaches.filter(({ recordedAt }) => recordedAt < before).length;
  const alerts = checkAlerts(entities, subscribers, outbox);
  const made = (kind: string): number =>
    load.effects.filter((effect) => effect.kind === kind && effect.status < 300).length;
  print(
    [
      `kills       ${kills.process + kills.group} (${kills.process} of the process, ${kills.group} of the whole group), ${kills.whileTimeMoved} of them while time moved over deadlines`,
      `requests    ${load.counts.requests}: ${load.counts.good} good (2xx), ${load.counts.refused} refused (4xx), ${load.counts.unanswered} without answer, ${load.counts.serverErrors} 5xx`,
      `repeated    ${load.effects.filter(({ unanswered }) => unanswered > 0).length} writes after a lost answer`,
      `writes      ${made('create')} tickets, ${made('reply')} replies, ${made('status')} status changes, ${made('patch')} patches`,
      `table       ${tickets.length} tickets, ${events.length} events of ${entities.filter((entity) => entity.events.length > 0).length} entities`,
      `breaches    ${breaches.length}, ${breachedUnderKills} of them between the kills`,
      `alerts      ${JSON.stringify(alerts.count)}, ${outbox.length} messages in the outbox`,
      `KPI cells   ${kpis.table.reduce((sum, { cells }) => sum + cells, 0)} compared, ${kpis.differences.length} differences`,
      `time        moved ${((Date.parse(before) - startedAt) / 3_600_000).toFixed(1)} h between the kills`,
      `duration    ${((performance.now() - began) / 1000).toFixed(0)} s`,
    ].join('\n'),
  );
  if (load.serverErrors.length > 0) print(`5xx: ${[...new Set(load.serverErrors)].slice(0, 5).join('\n')}`);

  const writes = [
    ...faultsOfEffects(load.effects, entities),
    ...entities.flatMap(faultsOfHistory),
    ...faultsOfStatus(entities),
  ];
  const clocks = faultsOfBreaches(entities, breached, now);
  expect({ writes, clocks, alerts: alerts.faults, kpis: kpis.differences }).toEqual({
    writes: [],
    clocks: [],
    alerts: [],
    kpis: [],
  });
  expect(tickets).toHaveLength(made('create'));
  expect(kills.process + kills.group).toBe(rounds);
  expect(alerts.count.alerts).toBeGreaterThan(rounds / 5);
  expect(breachedUnderKills).toBeGreaterThan(rounds / 5);
}, 1_800_000);
