import { noteCall } from '../../functions/desk/domain/call.ts';
import { changeTicket, type TicketChanges } from '../../functions/desk/domain/change.ts';
import { conclude, type Decision } from '../../functions/desk/domain/decision.ts';
import { mergeTicket } from '../../functions/desk/domain/merge.ts';
import { moveTicket } from '../../functions/desk/domain/move.ts';
import { type NewTicket, openTicket } from '../../functions/desk/domain/open.ts';
import { appliedPolicy, type PolicyChoice } from '../../functions/desk/domain/policy-choice.ts';
import { replyToTicket } from '../../functions/desk/domain/reply.ts';
import { attentionAt, clocksAt, type TicketState } from '../../functions/desk/domain/state.ts';
import { acknowledge, dueTelling, tell } from '../../functions/desk/domain/telling.ts';
import type { Actor } from '../../functions/platform/actor.ts';
import { Calendar, everySecond } from '../../functions/sla/domain/calendar.ts';
import type { CalendarRules } from '../../functions/sla/domain/calendar-rules.ts';
import type { Policy, Terms } from '../../functions/sla/domain/policy.ts';
import { metrics, priorities, type Metric, type Priority, type Status } from '../../functions/sla/domain/timeline.ts';

export const agent: Actor = { id: 'agt_1', role: 'agent' };
export const bot: Actor = { id: 'agt_bot', role: 'integration' };
export const requester: Actor = { id: 'ctc_1', role: 'requester' };

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'] as const;

/** Monday to Friday, 9 to 17, in Berlin. */
export const office: CalendarRules = {
  timezone: 'Europe/Berlin',
  hours: Object.fromEntries(weekdays.map((day) => [day, [['09:00', '17:00']]])),
  holidays: [],
  overrides: {},
};
export const always: CalendarRules = everySecond;

/** The same target in minutes for every priority, or one for each. */
export type Minutes = number | Partial<Record<Priority, number>>;

export interface Promise {
  readonly targets: Partial<Record<Metric, Minutes>>;
  readonly calendar?: CalendarRules;
  readonly pausedBy?: Policy['pausedBy'];
  readonly warnings?: readonly number[];
  /** Levels, or the minutes of their offsets: `30`, or `{ after: 30, every: 15, times: 2 }` for what is told again. */
  readonly levels?: readonly (number | { readonly after: number; readonly every: number; readonly times: number })[];
  readonly conditions?: Partial<Policy['conditions']>;
}

/** Policies in their order, as versions of their own: `of` makes one of what a test says. */
export class Book {
  readonly #terms = new Map<string, Terms>();
  #current: Policy[] = [];

  constructor(...promises: readonly Promise[]) {
    this.hold(...promises);
  }

  /** From now on these hold; a promise in the place of an earlier one is its next version. */
  hold(...promises: readonly Promise[]): void {
    this.#current = promises.map((promise, index) => this.#version(promise, `slp_${index}`));
  }

  get choice(): PolicyChoice {
    return {
      book: { policies: this.#current, termsOf: ({ id, version }) => this.#terms.get(`${id} ${version}`)! },
      tier: null,
    };
  }

  #version(promise: Promise, id: string): Policy {
    const version = [...this.#terms.keys()].filter((key) => key.startsWith(`${id} `)).length + 1;
    const ref = { id: `cal_${id}`, version };
    const calendar = new Calendar(ref, promise.calendar ?? always);
    const none = { customerId: [], tier: [], type: [], priority: [], serviceId: [], teamId: [], channel: [] };
    const policy: Policy = {
      id,
      version,
      name: id,
      isDefault: false,
      enabled: true,
      conditions: { ...none, ...promise.conditions },
      effectiveFrom: null,
      effectiveUntil: null,
      calendarId: ref.id,
      targets: Object.fromEntries(
        Object.entries(promise.targets).map(([metric, minutes]) => [
          metric,
          Object.fromEntries(
            priorities.flatMap((priority) => {
              const one = typeof minutes === 'number' ? minutes : minutes[priority];
              return one === undefined ? [] : [[priority, { seconds: one * 60, calendar: ref }]];
            }),
          ),
        ]),
      ),
      pausedBy: promise.pausedBy ?? { resolution: ['waiting_customer'] },
      warnings: [...(promise.warnings ?? [])],
      levels: (promise.levels ?? []).map((level) => {
        const { after, every, times } = typeof level === 'number' ? { after: level, every: 0, times: 0 } : level;
        return {
          metrics: [...metrics],
          offsetSeconds: after * 60,
          targets: ['topic' as const],
          repeat: times === 0 ? null : { everySeconds: every * 60, times },
        };
      }),
    };
    this.#terms.set(`${id} ${version}`, { policy, calendarOf: () => calendar });
    return policy;
  }
}

const fields: NewTicket = {
  id: 'tkt_1',
  number: 'T-1',
  externalId: null,
  subject: 'Checkout answers 502',
  description: '',
  requesterId: 'ctc_1',
  customerId: 'cus_1',
  serviceId: null,
  type: 'incident',
  priority: 'high',
  channel: 'email',
  teamId: null,
  tags: [],
};

/** The life of one ticket by the desk's own rules, in local time of Berlin where an instant has no zone. */
export class Life {
  readonly book: Book;
  readonly decisions: Decision[] = [];

  constructor(book: Book | Promise, openedAt: string, how: Partial<NewTicket> & { readonly by?: Actor } = {}) {
    this.book = book instanceof Book ? book : new Book(book);
    const { by = requester, ...more } = how;
    this.#take(openTicket({ ...fields, ...more }, by, at(openedAt), this.book.choice));
  }

  get state(): TicketState {
    return this.decisions.at(-1)!.state;
  }

  status(when: string, status: Status, by: Actor = agent): this {
    this.look(when);
    const why = { reason: null, note: null, byMachine: by.role === 'integration' };
    return this.#take(moveTicket(this.state, status, why, by, at(when)));
  }

  reply(
    when: string,
    how: {
      readonly by?: Actor;
      readonly visibility?: 'public' | 'internal';
      readonly channel?: NewTicket['channel'];
      readonly onBehalfOf?: string;
      readonly automatic?: boolean;
    } = {},
  ): this {
    this.look(when);
    const { by = agent, visibility = 'public', channel = 'email', onBehalfOf = null, automatic = false } = how;
    const body = { text: 'On it.' } as never;
    return this.#take(replyToTicket(this.state, { body, visibility, channel, onBehalfOf, automatic }, by, at(when)));
  }

  customer(when: string): this {
    return this.reply(when, { by: requester });
  }

  call(when: string, direction: 'inbound' | 'outbound', began: string = when): this {
    this.look(when);
    const call = { direction, startedAt: at(began), endedAt: at(when), note: null };
    return this.#take(noteCall(this.state, call, agent, at(when)));
  }

  change(when: string, changes: TicketChanges): this {
    this.look(when);
    return this.#take(changeTicket(this.state, changes, { actor: agent, at: at(when), choice: this.book.choice }));
  }

  merge(when: string): this {
    this.look(when);
    return this.#take(mergeTicket(this.state, { id: 'tkt_2' }, agent, at(when)));
  }

  /** What applying the policies of now does to a running ticket. */
  apply(when: string): this {
    this.look(when);
    const entries = appliedPolicy(this.book.choice, this.state.timeline, this.state.ticket, at(when));
    const { ticket } = this.state;
    const said = { ticket, entries, at: at(when), actor: agent, type: 'policy.applied', data: {} };
    return this.#take(conclude(this.state, said));
  }

  acknowledge(when: string, metric: Metric, cycle = 1): this {
    this.look(when);
    const by = { alertId: 'alt_1', note: null, actor: agent, at: at(when) };
    return this.#take(acknowledge(this.state, { metric, cycle }, by));
  }

  /** The desk looks at the ticket, as its timer does and every change before itself. */
  look(when: string): this {
    for (let due = dueTelling(this.state, at(when)); due !== null; due = dueTelling(this.state, at(when)))
      this.#take(tell(this.state, due));
    return this;
  }

  clock(when: string, metric: Metric, cycle = 1) {
    const clock = clocksAt(this.state, at(when)).find((one) => one.metric === metric && one.cycle === cycle);
    if (clock === undefined) return null;
    return {
      clock,
      state: clock.state,
      due: local(clock.dueAt),
      stopped: clock.stoppedAt === null ? null : local(clock.stoppedAt),
      minutes: clock.elapsedMs / 60_000,
    };
  }

  /** What was told, in order: `sla.warned firstResponse 1 at 2026-03-02 09:45`. */
  get told(): readonly string[] {
    return this.decisions
      .map(({ event }) => event)
      .filter(({ type }) => type.startsWith('sla.') && type !== 'sla.acknowledged')
      .map(({ type, at: when, data }) => {
        const level = data['level'] === undefined ? '' : ` level ${data['level']}`;
        const again = data['repetition'] === undefined ? '' : ` again ${data['repetition']}`;
        return `${type.slice(4)} ${data['metric']} ${data['cycle']}${level}${again} ${local(Date.parse(when))}`;
      });
  }

  /** When the desk looks next by itself. */
  get attention(): string | null {
    const next = attentionAt(this.state);
    return next === null ? null : local(Date.parse(next));
  }

  #take(decision: Decision | null): this {
    if (decision !== null) this.decisions.push(decision);
    return this;
  }
}

const berlin = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Berlin',
  dateStyle: 'short',
  timeStyle: 'short',
});

/** `2026-03-02 09:45`, on the clocks of Berlin. */
export const local = (instant: number): string => berlin.format(instant);

/** An instant as it is written: with a zone, or in local time of Berlin of the first half of March 2026 (UTC+1). */
export const at = (text: string): number =>
  Date.parse(text.includes('Z') ? text : `${text.replace(' ', 'T')}:00+01:00`);
