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
 */
export const calendarKey = (id: string): string => `CAL#${id}`;
export const policyKey = (id: string): string => `SLP#${id}`;
export const headKey = 'H';
export const versionKey = (version: number): string => `V#${String(version).padStart(8, '0')}`;
export const bookKey = { PK: 'SYS#sla', SK: 'BOOK' } as const;
export const calendarList = 'L#calendar';
export const policyList = 'L#slaPolicy';
