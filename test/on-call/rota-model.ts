import { Temporal } from 'temporal-polyfill';
import type { Handover } from '../../functions/on-call/domain/rota.ts';

/** A pattern in the words of Temporal. */
export interface ModelPattern {
  readonly zone: string;
  readonly agents: readonly string[];
  readonly anchor: Temporal.PlainDate;
  readonly handover: Handover;
}
interface ModelPeriod extends ModelPattern {
  readonly since: number;
  /** Instants of the second turn, the third, and so on, up to the horizon. */
  readonly handovers: readonly number[];
}

const length = ({ every, days }: Handover): Temporal.DurationLike => (every === 'week' ? { weeks: 1 } : { days });

const handoversOf = ({ zone, anchor, handover }: ModelPattern, horizon: number): readonly number[] => {
  const instants: number[] = [];
  let date = anchor;
  while ((instants.at(-1) ?? 0) < horizon) {
    date = date.add(length(handover));
    instants.push(
      date.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from(handover.at) }).epochMilliseconds,
    );
  }
  return instants;
};

/** Who is on call, said as simply as possible: hand-overs are counted one by one, and nothing is ever forgotten. */
export class RotaModel {
  periods: ModelPeriod[];
  readonly overrides: { agent: string; from: number; to: number }[] = [];
  readonly begins: number;
  readonly #horizon: number;

  constructor(pattern: ModelPattern, horizon: number) {
    this.#horizon = horizon;
    this.begins = pattern.anchor.toZonedDateTime({
      timeZone: pattern.zone,
      plainTime: Temporal.PlainTime.from(pattern.handover.at),
    }).epochMilliseconds;
    this.periods = [{ ...pattern, since: this.begins, handovers: handoversOf(pattern, horizon) }];
  }

  who(at: number): string | undefined {
    const override = this.overrides.findLast(({ from, to }) => from <= at && at < to);
    if (override !== undefined) return override.agent;
    const period = this.#periodAt(at);
    return period.agents[this.#turn(period, at) % period.agents.length];
  }

  change(since: number, wanted: { zone?: string; agents?: readonly string[]; handover?: Handover }): void {
    const base = this.#periodAt(since);
    const turn = this.#turn(base, since);
    const first = turn % base.agents.length;
    const zone = wanted.zone ?? base.zone;
    const handover = wanted.handover ?? base.handover;
    const span = (one: Handover) =>
      Temporal.Duration.from(length(one)).total({ unit: 'days', relativeTo: base.anchor });
    const there = Temporal.Instant.fromEpochMilliseconds(since).toZonedDateTimeISO(zone);
    const lastTime =
      Temporal.PlainTime.compare(there.toPlainTime(), Temporal.PlainTime.from(handover.at)) < 0
        ? there.toPlainDate().subtract({ days: 1 })
        : there.toPlainDate();
    const pattern: ModelPattern = {
      zone,
      handover,
      agents: wanted.agents ?? [...base.agents.slice(first), ...base.agents.slice(0, first)],
      anchor: span(handover) === span(base.handover) ? base.anchor.add({ days: turn * span(handover) }) : lastTime,
    };
    this.periods = [
      ...this.periods.filter((one) => one.since < since),
      { ...pattern, since, handovers: handoversOf(pattern, this.#horizon) },
    ];
  }

  /** Instants at which something may change. */
  edges(): number[] {
    return [
      ...this.periods.flatMap(({ since, handovers }) => [since, ...handovers]),
      ...this.overrides.flatMap(({ from, to }) => [from, to]),
    ];
  }

  #periodAt(at: number): ModelPeriod {
    const period = this.periods.findLast(({ since }) => since <= at);
    if (period === undefined) throw new Error('before the beginning');
    return period;
  }

  #turn({ handovers }: ModelPeriod, at: number): number {
    return handovers.filter((instant) => instant <= at).length;
  }
}
