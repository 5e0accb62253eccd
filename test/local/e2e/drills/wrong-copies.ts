import type { Json, RunningDesk } from '../running-desk.ts';
import { Account } from './account.ts';
import { backupSettings, checkOf, ended, startDrill, startDrillDesk } from './drills.ts';
import { Writers } from './writers.ts';

const ofTicket = { partition: 'TKT#' };

/** What can be wrong with a copy, and the check that has to see it. */
export const corruptions = {
  'an event in the middle of a history': [{ how: 'drop', ...ofTicket, sort: 'EV#00000002', which: 'first' }, 'chains'],
  'the last event of a history': [{ how: 'drop', ...ofTicket, sort: 'EV#', which: 'last' }, 'chains'],
  'a whole ticket': [{ how: 'drop', ...ofTicket, sort: '', which: 'all' }, 'items'],
  'the head of a ticket': [{ how: 'drop', ...ofTicket, sort: 'T', which: 'first' }, 'items'],
  'a bit of an event': [{ how: 'flip-byte', ...ofTicket, sort: 'EV#', which: 'first' }, 'contents'],
  'an item too many': [{ how: 'add', ...ofTicket, sort: 'T', which: 'first' }, 'items'],
} as const;

export interface Told {
  readonly sent: readonly Json[];
  readonly tickets: readonly Json[];
}

/** A desk whose drills go wrong, and what it tells about them. */
export class WrongCopies {
  readonly desk: RunningDesk;
  readonly account: Account;

  private constructor(desk: RunningDesk, account: Account) {
    this.desk = desk;
    this.account = account;
  }

  static async begin(): Promise<WrongCopies> {
    const desk = await startDrillDesk(Date.UTC(2026, 2, 2, 9));
    const writers = new Writers(desk.desk.url, desk.tokens);
    const customerId = await desk.customer();
    for (const client of [0, 1]) await writers.story(customerId, client);
    for (const [channel, target] of [
      ['email', 'oncall@desk.example'],
      ['sms', '+491511234567'],
    ])
      await desk.ask('/v1/alert-subscriptions', { channel, target, filter: { kind: ['drill.failed'] } });
    await desk.timeTo((await desk.now()) + 3 * 60_000);
    return new WrongCopies(desk, await Account.of(desk));
  }

  /** A drill from a backup of its own, to its end; whatever it came to, its table is gone. */
  async drilled(order: object = {}, settings: object = {}, stepMs?: number): Promise<Json> {
    await backupSettings(this.desk, settings);
    const { id } = await startDrill(this.desk, { recoveryPoint: 'fresh', ...order });
    const drill = await ended(this.desk, id, stepMs);
    expect(await this.account.scratchTables()).toEqual([]);
    return drill;
  }

  /** What left the desk, and the tickets it opened, because of a drill. */
  async toldOf(drillId: string): Promise<Told> {
    const { items } = await this.desk.ask('/v1/alerts?limit=100');
    const tickets: Json[] = [];
    for (const ticketId of new Set<string>(items.map((alert: Json) => alert.ticketId)))
      tickets.push(await this.desk.ask(`/v1/tickets/${ticketId}`));
    const own = tickets.filter(({ description }) => description.includes(drillId));
    const sent = (await this.desk.outbox()).filter(({ ticketId }) => own.some(({ id }) => id === ticketId));
    return { sent, tickets: own };
  }

  async drillsPassed(): Promise<Json> {
    return (await this.desk.ask('/v1/kpis/drills-passed?from=2026-03-01&to=2026-03-31', undefined, 'manager')).total;
  }

  /** The copy is spoiled: the drill fails by the check that is for it, names the place, and wakes somebody once. */
  async expectNoticed(name: keyof typeof corruptions): Promise<void> {
    const [corrupt, check] = corruptions[name];
    const before = await this.drillsPassed();
    const drill = await this.drilled({}, { corrupt });
    expect([drill.state, drill.verdict, checkOf(drill, check).result]).toEqual(['done', 'failed', 'failed']);
    expect(checkOf(drill, check).detail).toContain('TKT#');
    for (const reason of drill.reasons) expect(reason).not.toMatch(/[^.]\.\.$/);
    const { sent, tickets } = await this.toldOf(drill.id);
    expect(tickets).toMatchObject([{ channel: 'monitor', priority: 'critical', tags: ['restore-drill'] }]);
    expect(sent.map(({ kind }) => kind).sort()).toEqual(['email', 'sms']);
    for (const { text } of sent) expect(text).toMatch(/restore drill (of operations )?failed/i);
    const { n, numerator } = await this.drillsPassed();
    expect([n, numerator]).toEqual([before.n + 1, before.numerator]);
    const { body } = await this.desk.as('auditor', `/v1/drills/${drill.id}/report?format=markdown`);
    expect(body).toContain('**failed**');
    expect(body).toContain('TKT');
  }

  close(): void {
    this.account.close();
  }
}
