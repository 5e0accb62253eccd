import type { Ticket, TimelineEvent } from './desk-reader.ts';
import { isDone, type Truth } from './log-truth.ts';

export interface Names {
  teams: Map<string, string>;
  agents: Map<string, string>;
  customers: Map<string, string>;
}

export interface Seen {
  statuses: { at: string; from: unknown; status: unknown }[];
  reopens: number;
  differences: string[];
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

const nameOf = (names: Map<string, string>, id: unknown): string | null => {
  if (id === null || id === undefined) return null;
  return names.get(String(id)) ?? `no such id ${String(id)}`;
};

type Holder = { team: string | null; assignee: string | null };
const holderOf = (names: Names, value: unknown): Holder => ({
  team: nameOf(names.teams, field(value, 'teamId')),
  assignee: nameOf(names.agents, field(value, 'assigneeId')),
});
const sameHolder = (a: Holder, b: Holder): boolean => a.team === b.team && a.assignee === b.assignee;

/** Only steps that change something count: a desk may note the first team at creation or at the first assignment. */
const steps = (start: Holder, moves: ({ at: string } & Holder)[]): string[] => {
  let before = start;
  return moves.flatMap((move) => {
    const changed = !sameHolder(before, move);
    before = move;
    return changed ? [`${move.at} ${move.team}/${move.assignee}`] : [];
  });
};

const firstDifference = (what: string, expected: string[], actual: string[]): string[] => {
  for (let index = 0; index < Math.max(expected.length, actual.length); index += 1) {
    if (expected[index] !== actual[index])
      return [`${what} ${index + 1}: log ${expected[index] ?? 'nothing'}, desk ${actual[index] ?? 'nothing'}`];
  }
  return [];
};

/** Compares one ticket and its timeline with the log; the differences are for people. */
export const compareTimeline = (truth: Truth, ticket: Ticket, events: TimelineEvent[], names: Names): Seen => {
  const created = events.find(({ type }) => type === 'ticket.created');
  const changes = events.filter(({ type }) => type === 'ticket.statusChanged' || type === 'ticket.reopened');
  const statuses = changes.map(({ at, data }) => ({ at, from: data.from, status: data.to }));
  const differences: string[] = [];
  const expect = (what: string, expected: unknown, actual: unknown) => {
    if (expected !== actual) differences.push(`${what}: log ${String(expected)}, desk ${String(actual)}`);
  };
  expect('created', truth.createdAt, ticket.createdAt);
  expect('created event', truth.createdAt, created?.at);
  expect('first event', 'ticket.created', events[0]?.type);
  expect('customer', truth.customer, nameOf(names.customers, ticket.customerId));
  expect('priority', truth.priority, ticket.priority);
  expect('status', truth.statuses.at(-1)?.status, ticket.status);

  const shown = (at: string, status: unknown) => `${at} ${String(status)}`;
  differences.push(
    ...firstDifference(
      'status change',
      truth.statuses.map(({ at, status }) => shown(at, status)),
      statuses.map(({ at, status }) => shown(at, status)),
    ),
  );
  let before: unknown = created?.data.status ?? 'new';
  for (const { at, from, status } of statuses) {
    expect(`status before ${at}`, before, from);
    before = status;
  }
  for (const { type, at, data } of changes) {
    const back = isDone(String(data.from)) && !isDone(String(data.to));
    expect(`kind of change at ${at}`, back ? 'ticket.reopened' : 'ticket.statusChanged', type);
  }

  const start = holderOf(names, created?.data);
  const opening = {
    team: truth.assignments[0]?.at === truth.statuses[0]?.at ? (truth.assignments[0]?.team ?? null) : null,
    assignee: null,
  };
  if (!sameHolder(start, { team: null, assignee: null }) && !sameHolder(start, opening)) {
    differences.push(`at creation: log ${opening.team}/null, desk ${start.team}/${start.assignee}`);
  }
  const assigned = events.filter(({ type }) => type === 'ticket.assigned');
  const moves = assigned.map(({ at, data }) => ({ at, ...holderOf(names, data.to) }));
  differences.push(...firstDifference('assignment', steps(start, truth.assignments), steps(start, moves)));
  expect('team now', truth.assignments.at(-1)?.team ?? null, nameOf(names.teams, ticket.teamId));
  return {
    statuses,
    reopens: statuses.filter(({ from, status }) => isDone(String(from)) && !isDone(String(status))).length,
    differences: differences.map((text) => `${truth.number} (${ticket.id}) ${text}`),
  };
};
