import { marshall } from '@aws-sdk/util-dynamodb';
import type { Contribution } from '../../functions/platform/store/contribution.ts';
import { eventKey } from '../../functions/platform/store/event.ts';

/** The event of a ticket, as the stream brings it, with what it contributes to KPIs. */
export const eventImage = (ticketId: string, version: number, facts: readonly Contribution[]): unknown =>
  marshall({ PK: `TKT#${ticketId}`, SK: eventKey(version), version, facts }, { removeUndefinedValues: true });

/** Repeatable numbers from 0 to 1 (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

const priorities = ['critical', 'high', 'normal', 'low'];

/** What a ticket contributes in its life: opened, answered, resolved, at the same hour or so. */
export const lifeFacts = (ticketId: string, at: number, random: () => number): readonly Contribution[] => {
  const pick = (count: number): number => Math.floor(random() * count);
  const groups = {
    ticketId,
    subject: `${ticketId}#1`,
    at: new Date(at).toISOString(),
    excluded: null,
    team: `tem_${pick(4)}`,
    customer: `cus_${pick(10)}`,
    priority: priorities[pick(4)] ?? 'normal',
  };
  return [
    { ...groups, kpi: 'ticket-volume', value: 1 },
    { ...groups, kpi: 'first-response-time', value: 60 + pick(7_000) },
    { ...groups, kpi: 'resolution-time', value: 600 + pick(200_000) },
  ];
};
