import { createHash } from 'node:crypto';
import * as z from 'zod';
import { contributionSchema } from '../../platform/store/contribution.ts';
import { canonicalJson } from '../../platform/store/event.ts';
import { type Aggregate, aggregateOf, emptyAggregate } from '../domain/aggregate.ts';
import { definitionOf, type KpiDefinition } from '../domain/definitions.ts';
import type { Fact } from '../domain/fact.ts';
import { type GroupName, groupsOf, isGroupName } from '../domain/group.ts';
import { localHour } from '../domain/local-time.ts';
import { entityOf } from '../domain/subject-partition.ts';
import type { PlacedFact } from './examine-ticket.ts';
import { inParallel } from './in-parallel.ts';
import type { DirtyHour } from './mark.ts';
import type { Suspect } from './recount-job.ts';

export interface ExamineDayPorts {
  readonly zone: string;
  readonly facts: { ofHour(kpi: string, hour: string): Promise<readonly Fact[]> };
  readonly rollups: {
    hours(
      kpi: string,
      day: string,
      groups: null,
    ): Promise<readonly { readonly hour: string; readonly groups: ReadonlyMap<string, Aggregate> }[]>;
  };
  readonly history: {
    /** These events of tickets, perhaps a moment old; what is not there is left out. */
    events(
      wanted: readonly { readonly ticketId: string; readonly version: number }[],
    ): Promise<readonly Record<string, unknown>[]>;
  };
}

const hoursOfDay = Array.from({ length: 24 }, (_unused, hour) => String(hour).padStart(2, '0'));
const atOnce = 8;

const eventSchema = z.object({
  PK: z.string(),
  version: z.number(),
  facts: z.array(contributionSchema).default([]),
});

/** What a fact must have been said by: the ticket's event of its version, about its subject and hour. */
const groundOf = (ticketId: string, version: number, kpi: string, subject: string, hour: string): string =>
  [ticketId, version, kpi, subject, hour].join(' ');

/** The facts that their own event does not say: whether any other does is for `examineTicket` to see. */
const groundless = async (
  { zone, history }: ExamineDayPorts,
  facts: readonly PlacedFact[],
): Promise<readonly PlacedFact[]> => {
  const standing = facts.filter(({ fact }) => !fact.retracted);
  if (standing.length === 0) return [];
  const events = await history.events(standing.map(({ fact: { ticketId, version } }) => ({ ticketId, version })));
  const grounds = new Set(
    events.flatMap((item) => {
      const { PK, version, facts: said } = eventSchema.parse(item);
      const ticketId = entityOf(PK) ?? PK;
      return said.map(({ kpi, subject, at }) => groundOf(ticketId, version, kpi, subject, localHour(zone, at)));
    }),
  );
  return standing.filter(
    ({ kpi, hour, subject, fact }) => !grounds.has(groundOf(fact.ticketId, fact.version, kpi, subject, hour)),
  );
};

type Groups = ReadonlyMap<string, Aggregate>;

/** An aggregate as a text, the same for the same figures; counts keep no distribution. */
const told = ({ unit }: KpiDefinition, { distribution, ...figures }: Aggregate): string =>
  canonicalJson({
    ...figures,
    distribution:
      unit === 'count' || distribution === null || distribution.kind === 'values'
        ? unit === 'seconds' && distribution
        : { ...distribution, counts: [...distribution.counts].sort(([a], [b]) => a - b) },
  });

/** What the facts of an hour come to and what the rollup says, the groups that differ, and a mark of both. */
const differenceOf = (
  kpi: string,
  facts: readonly Fact[],
  rolled: Groups,
): { readonly groups: readonly GroupName[]; readonly seen: string } => {
  const definition = definitionOf(kpi);
  if (definition === undefined) return { groups: [], seen: '' };
  const names = new Set([...facts.flatMap(groupsOf), ...[...rolled.keys()].filter(isGroupName)]);
  const pairs = [...names].sort().map((group) => {
    const ours = told(definition, aggregateOf(definition, group, facts));
    return { group, ours, theirs: told(definition, rolled.get(group) ?? emptyAggregate) };
  });
  return {
    groups: pairs.filter(({ ours, theirs }) => ours !== theirs).map(({ group }) => group),
    seen: createHash('sha256').update(canonicalJson(pairs)).digest('base64url').slice(0, 16),
  };
};

const rolledHours = async (ports: ExamineDayPorts, kpi: string, day: string): Promise<ReadonlyMap<string, Groups>> => {
  const hours = new Map<string, Map<string, Aggregate>>();
  for (const { hour, groups } of await ports.rollups.hours(kpi, day, null)) {
    const all = hours.get(hour) ?? new Map<string, Aggregate>();
    for (const [group, aggregate] of groups) all.set(group, aggregate);
    hours.set(hour, all);
  }
  return hours;
};

/**
 * Looks at one day of one KPI from the other side, from what is kept: facts that no event says, and hours whose figures are
 * not those of their facts. Neither is believed yet: the stream puts a fact some moments before it marks its hour.
 */
export const examineDay = async (
  ports: ExamineDayPorts,
  kpi: string,
  day: string,
): Promise<{
  readonly facts: number;
  readonly groundless: readonly PlacedFact[];
  readonly suspects: readonly Suspect[];
}> => {
  const hours = hoursOfDay.map((hour) => `${day}T${hour}`);
  const factsOf = await inParallel(hours, atOnce, async (hour) => ({
    hour,
    facts: await ports.facts.ofHour(kpi, hour),
  }));
  const rolled = await rolledHours(ports, kpi, day);
  const suspects = factsOf.flatMap(({ hour, facts }) => {
    const { groups, seen } = differenceOf(kpi, facts, rolled.get(hour) ?? new Map());
    return groups.length === 0 ? [] : [{ kpi, hour, seen }];
  });
  const placed = factsOf.flatMap(({ hour, facts }) =>
    facts.map((fact) => ({ kpi, hour, subject: fact.subject, fact })),
  );
  return { facts: placed.length, groundless: await groundless(ports, placed), suspects };
};

export interface SuspectPorts extends ExamineDayPorts {
  readonly marks: { has(kpi: string, hour: string): Promise<boolean> };
}

/** What became of a suspicion: the hour is right or will be, it moves, or it is wrong and nothing is going to mend it. */
export type Finding =
  | { readonly kind: 'right' }
  | { readonly kind: 'moves'; readonly suspect: Suspect }
  | { readonly kind: 'wrong'; readonly dirty: DirtyHour };

/** Looks at a suspect hour again, minutes later. Figures are read before facts, and both before the mark. */
export const examineSuspect = async (ports: SuspectPorts, { kpi, hour, seen: before }: Suspect): Promise<Finding> => {
  const rolled = (await rolledHours(ports, kpi, hour.slice(0, 10))).get(hour) ?? new Map<string, Aggregate>();
  const { groups, seen } = differenceOf(kpi, await ports.facts.ofHour(kpi, hour), rolled);
  if (groups.length === 0 || (await ports.marks.has(kpi, hour))) return { kind: 'right' };
  return seen === before
    ? { kind: 'wrong', dirty: { kpi, hour, groups } }
    : { kind: 'moves', suspect: { kpi, hour, seen } };
};
