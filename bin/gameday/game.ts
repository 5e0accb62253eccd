import { Desk } from '../demo/desk.ts';
import { bold, dim, green, humanSeconds, indented, red, say } from '../demo/print.ts';
import { outbox } from '../demo/shapes.ts';
import { runbookPart } from './runbook.ts';
import { alarms, type AlarmSeen, alerts, clock, moved, timeline } from './shapes.ts';

/** A desk that is broken and mended, and what is told of it. What should have happened and did not is collected, not thrown. */
export class Game {
  readonly desk: Desk;
  readonly problems: string[] = [];

  private constructor(desk: Desk) {
    this.desk = desk;
  }

  static async at(url: string): Promise<Game> {
    return new Game(await Desk.at(url));
  }

  /** A control call, shown as the command that anybody can type. */
  async command(method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> {
    const data = body === undefined ? '' : ` -d '${JSON.stringify(body)}'`;
    say(`   ${dim('$')} curl${method === 'DELETE' ? ' -X DELETE' : ''}${data} $U${path}`);
    await this.#control(method, path, body);
  }

  async now(): Promise<number> {
    return Date.parse(clock.parse(await (await fetch(`${this.desk.url}/_local/clock`)).json()).now);
  }

  /** @throws when the desk does not come to rest on the way: what is measured then would mean nothing. */
  async pass(duration: string): Promise<void> {
    const answer = await this.#control('POST', '/_local/clock', { advance: duration });
    const { idle, waitingFor } = moved.parse(await answer.json());
    if (!idle) throw new Error(`the desk did not come to rest: ${waitingFor.join(', ')}`);
  }

  /** Lets virtual minutes pass until `seen` answers; null when it does not within so many. */
  async until<T>(minutes: number, seen: () => Promise<T | null>): Promise<T | null> {
    for (let minute = 0; minute < minutes; minute += 1) {
      const found = await seen();
      if (found !== null) return found;
      await this.pass('PT1M');
    }
    return seen();
  }

  /** Waits for an alarm to ring after what happened at `since`. */
  async rings(heading: string, since: number, minutes: number, what = 'the break'): Promise<void> {
    const alarm = await this.#reaches(heading, 'ALARM', since, minutes);
    if (alarm === null) return this.fail(`${heading} did not ring within ${minutes} min`);
    const after = humanSeconds((Date.parse(alarm.since) - since) / 1000);
    say(`   ${red('▲')} ${bold(heading)} rings ${after} after ${what}: ${alarm.reason}`);
  }

  /** Waits for alarms to be quiet again after the remedy at `since`. */
  async quiet(headings: readonly string[], since: number, minutes: number): Promise<void> {
    for (const heading of headings) {
      const alarm = await this.#reaches(heading, 'OK', since, minutes);
      if (alarm === null) this.fail(`${heading} did not return within ${minutes} min`);
      else
        say(
          `   ${green('✓')} ${heading} is OK again ${humanSeconds((Date.parse(alarm.since) - since) / 1000)} after the remedy`,
        );
    }
  }

  /** What the runbook says under an alarm's heading. */
  consult(heading: string): void {
    say(`   docs/runbook.md#${heading}`);
    say(indented(`Cause. ${runbookPart(heading, 'Cause')}\nRemedy. ${runbookPart(heading, 'Remedy')}`));
  }

  /** A count that must be right. */
  count(what: string, got: number | null, wanted: number): void {
    if (got !== wanted) return this.fail(`${what}: ${got}, and ${wanted} are due`);
    say(`   ${green('✓')} ${what}: ${got} of ${wanted}`);
  }

  fail(problem: string): void {
    this.problems.push(problem);
    say(`   ${red('✗')} ${problem}`);
  }

  /** When the alerts of a ticket reached somebody, in ms. */
  async sent(ticketId: string): Promise<readonly number[]> {
    const { items } = await this.desk.get('admin', '/_local/outbox', outbox);
    return items.filter((item) => item.ticketId === ticketId).map(({ deliveredAt }) => Date.parse(deliveredAt));
  }

  /** Instants of the breaches in a ticket's history, in ms. */
  async breaches(ticketId: string): Promise<readonly number[]> {
    const { items } = await this.desk.get('admin', `/v1/tickets/${ticketId}/timeline?limit=100`, timeline);
    return items.filter(({ type }) => type === 'sla.breached').map(({ at }) => Date.parse(at));
  }

  /** How often it was tried to tell of a ticket. */
  async attempts(ticketId: string): Promise<number> {
    const { items } = await this.desk.get('admin', '/v1/alerts', alerts);
    const deliveries = items.filter((alert) => alert.ticketId === ticketId).flatMap((alert) => alert.deliveries);
    return deliveries.reduce((sum, delivery) => sum + delivery.attempts, 0);
  }

  /** A state that the alarm has had since before does not count: it must change. */
  async #reaches(heading: string, state: string, since: number, minutes: number): Promise<AlarmSeen | null> {
    return this.until(minutes, async () => {
      const { items } = await this.desk.get('admin', '/_local/alarms', alarms);
      const found = items.find(({ name }) => name.endsWith(`-${heading}`));
      if (found === undefined) throw new Error(`the template has no alarm ${heading}`);
      return found.state === state && Date.parse(found.since) >= since ? found : null;
    });
  }

  async #control(method: 'POST' | 'DELETE', path: string, body?: object): Promise<Response> {
    const answer = await fetch(`${this.desk.url}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer;
  }
}
