import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Desk } from './desk.ts';
import { bold, dim, green, humanSeconds, indented, red, say } from './print.ts';
import { type Drill, drill, me, ticket, timeline } from './shapes.ts';

/** A copy of a table takes minutes at AWS; here so many seconds, in which the desk goes on working. */
const backupSeconds = 8;
const betweenWritesMs = 250;
const lookEveryMs = 200;

const objectives = { rpoSeconds: 3600, rtoSeconds: 14_400 };
const ada = { name: 'Ada', email: 'ada@acme.example', phone: null };

/** A client that opens tickets and replies, one write after the other, and knows which tickets are its own. */
class Writer {
  readonly ids: string[] = [];
  written = 0;
  readonly #desk: Desk;
  readonly #customerId: string | null;
  #stopped = false;
  #run: Promise<void> = Promise.resolve();

  constructor(desk: Desk, customerId: string | null) {
    this.#desk = desk;
    this.#customerId = customerId;
  }

  start(): void {
    this.#run = this.#write();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#run;
  }

  async #write(): Promise<void> {
    while (!this.#stopped) {
      const last = this.ids.at(-1);
      if (this.written % 3 === 0 || last === undefined) {
        const fields = {
          channel: 'chat',
          priority: 'normal',
          subject: 'Written while the backup is taken',
          requester: ada,
        };
        const opened = await this.#desk.post(
          'agent',
          '/v1/tickets',
          { customerId: this.#customerId, ...fields },
          ticket,
        );
        this.ids.push(opened.id);
      } else {
        const body = { body: 'Still here.', visibility: 'public', channel: 'chat', onBehalfOf: null };
        await this.#desk.post('agent', `/v1/tickets/${last}/replies`, body, z.unknown());
      }
      this.written += 1;
      await pause(betweenWritesMs);
    }
  }

  /** How many events of its tickets were recorded between two instants, by their timelines. */
  async recorded(after: number, until: number): Promise<number> {
    let count = 0;
    for (const id of this.ids) {
      const { items } = await this.#desk.get('agent', `/v1/tickets/${id}/timeline?limit=100`, timeline);
      count += items.filter(
        ({ recordedAt }) => Date.parse(recordedAt) > after && Date.parse(recordedAt) <= until,
      ).length;
    }
    return count;
  }
}

const seen = async (desk: Desk, id: string, holds: (drill: Drill) => boolean): Promise<Drill> => {
  for (let tries = 0; tries < 600; tries += 1) {
    const now = await desk.get('engineer', `/v1/drills/${id}`, drill);
    if (holds(now) || now.verdict !== null) return now;
    await pause(lookEveryMs);
  }
  throw new Error(`the drill ${id} does not go on`);
};

const ended = async (desk: Desk, id: string): Promise<Drill> => {
  for (let turns = 0; turns < 40; turns += 1) {
    const now = await desk.get('engineer', `/v1/drills/${id}`, drill);
    if (now.endedAt !== null && now.report !== null) return now;
    await desk.advance('PT1M');
  }
  throw new Error(`the drill ${id} does not end`);
};

const has = (name: string) => (drill: Drill) => drill.legs.some((leg) => leg.name === name);

const tellLegs = ({ legs }: Drill): void => {
  for (const { name, startedAt, endedAt, errorBoundSeconds } of legs) {
    const took =
      endedAt === null ? 'not ended' : `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
    const bound = errorBoundSeconds === 0 ? '' : dim(`  at most ${errorBoundSeconds.toFixed(1)} s less`);
    say(`   ${name.padEnd(24)}${took.padStart(10)}${bound}`);
  }
};

const objective = (name: string, { seconds, errorBoundSeconds, met }: Drill['rto'], promised: number): string => {
  if (seconds === null) return `   ${name}  not measured`;
  const mark = met === true ? green('met') : red('missed');
  return `   ${bold(name)}  ${seconds.toFixed(1)} s, at most ${(errorBoundSeconds ?? 0).toFixed(1)} s less; promised ${humanSeconds(promised)}: ${mark}`;
};

const tellOutcome = ({ rpo, rto, integrity, verdict, reasons }: Drill, own: number): void => {
  say(objective('RPO', rpo, objectives.rpoSeconds));
  say(objective('RTO', rto, objectives.rtoSeconds));
  const agreed = rpo.lostRecords === own ? green('the same') : red('not the same');
  say(
    `   ${bold('lost records')}  ${rpo.lostRecords ?? 'not counted'}; the client counts ${own} of its own: ${agreed}`,
  );
  say(
    `   ${bold('integrity')}  ${integrity.compared} of ${integrity.items} items compared, ${integrity.missing} missing, ${integrity.altered} altered, ${integrity.torn} torn`,
  );
  for (const { name, result } of integrity.checks)
    say(`     ${result === 'passed' ? green('✓') : red('✗')} ${name.padEnd(12)} ${dim(result)}`);
  say(`   ${bold('verdict')}  ${verdict === 'passed' ? green('passed') : red(String(verdict))}`);
  say(indented(reasons.join('\n')));
};

/** Keeps the HTML where a browser finds it, and shows the beginning of the Markdown. */
const tellReport = async (desk: Desk, id: string): Promise<void> => {
  const markdown = await desk.text('auditor', `/v1/drills/${id}/report?format=markdown`);
  say(indented(markdown.split('\n').slice(0, 24).join('\n')));
  const file = join(mkdtempSync(join(tmpdir(), 'desk-drill-')), 'report.html');
  writeFileSync(file, await desk.text('auditor', `/v1/drills/${id}/report?format=html`));
  say(`   ${dim('the whole report:')} ${file}`);
};

/** Declares a disaster while somebody goes on writing. */
export const tellDrill = async (desk: Desk): Promise<void> => {
  const { customerId } = await desk.get('requester:acme', '/v1/me', me);
  await desk.patch('admin', '/_local/backup', { backupSeconds, restoreSeconds: 4, eventDelaySeconds: 1 });
  const writer = new Writer(desk, customerId);
  const order = { table: 'operations', method: 'backup', recoveryPoint: 'fresh', objectives };
  const { id } = await desk.post('engineer', '/v1/drills', order, drill);
  // Nobody writes in the second in which the copy is made, so the client can tell what came after it.
  await seen(desk, id, has('backup'));
  await pause(1500);
  const from = Date.parse(await desk.now());
  say(`   the backup runs; it takes ${backupSeconds} s, and the desk goes on working`);
  writer.start();
  const declared = await seen(desk, id, has('restore-accepted'));
  say(`   ${red('▲')} the disaster is declared: ${declared.declaredAt}`);
  await seen(desk, id, has('table-active'));
  await writer.stop();
  say(`   restored into a table of its own; ${writer.written} writes went on meanwhile`);
  const over = await ended(desk, id);
  tellLegs(over);
  tellOutcome(over, await writer.recorded(from, Date.parse(over.declaredAt)));
  await tellReport(desk, id);
};
