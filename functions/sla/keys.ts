/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | calendar | `CAL#<id>` / `H` | by id; its events beside it |
 * | version of a calendar | `CAL#<id>` / `V#00000001` | for ever: clocks of the past are computed by it |
 * | policy | `SLP#<id>` / `H` | by id; its events beside it |
 * | version of a policy | `SLP#<id>` / `V#00000001` | for ever |
 * | calendars and policies by name | index `queue`: `L#calendar`, `L#slaPolicy` / `<name>#<id>` | lists |
 * | the book | `SYS#sla` / `BOOK` | the policies that hold now, in order; one read a new ticket |
 * | application of a policy | `SLA#<id>` / `J` | its progress; due until it is done |
 * | application that is not over | `SLP#<id>` / `A` | one at a time for a policy |
 * | applications of a policy | index `queue`: `L#slaApplication#<policy>` / `<id>` | the newest first |
 */
export const calendarKey = (id: string): string => `CAL#${id}`;
export const policyKey = (id: string): string => `SLP#${id}`;
export const headKey = 'H';
export const versionKey = (version: number): string => `V#${String(version).padStart(8, '0')}`;
export const bookKey = { PK: 'SYS#sla', SK: 'BOOK' } as const;
export const applicationKey = (id: string): string => `SLA#${id}`;
export const applicationHeadKey = 'J';
export const runningKey = (policyId: string) => ({ PK: policyKey(policyId), SK: 'A' }) as const;
export const applicationList = (policyId: string): string => `L#slaApplication#${policyId}`;
export const calendarList = 'L#calendar';
export const policyList = 'L#slaPolicy';
