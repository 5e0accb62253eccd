/**
 * | item | PK / SK | access pattern |
 * |---|---|---|
 * | alert | `ALT#<id>` / `A` | by id, with its deliveries in one query |
 * | delivery | `ALT#<id>` / `DLV#<route>` | one for each endpoint that an alert goes to |
 * | alerts, newest first | index `queue`: `ALERTS` / `<claimedAt>#<id>` | list |
 * | alerts of a ticket | its events that carry an `alertId` | list |
 * | subscription | `SUB#<id>` / `S` | by id; its events beside it |
 * | roster | `SUBSCRIPTIONS` / `<id>` | every live subscription, whole, in one consistent query: an alert must not miss one that is a second old |
 * | endpoint | `EPT#<channel>#<target>` / `E` | the SNS subscription that all subscriptions of one address share |
 * | parcel | `PCL#<route>#<instant>`, of what quiet hours hold `...#held` / `P` | what goes out together; due at its instant |
 * | entry of a parcel | the parcel's / `E#<alertId>` | all in one query |
 * | seal of a portion of a parcel | the parcel's / `S#<portion>` | which entries are in it, see parcel.ts |
 * | pace | `PAC#<route>` / `M` | how many alerts a route got this minute |
 * | SMS spend | `SYS#sms` / `<month>` | how many texts went out |
 */
export const alertKey = (alertId: string) => ({ PK: `ALT#${alertId}`, SK: 'A' }) as const;
export const alertList = 'ALERTS';
export const alertListSort = (claimedAt: string, alertId: string): string => `${claimedAt}#${alertId}`;
export const deliveryPrefix = 'DLV#';
export const deliveryKey = (alertId: string, route: string) => ({
  PK: `ALT#${alertId}`,
  SK: `${deliveryPrefix}${route}`,
});
export const subscriptionKey = (id: string) => ({ PK: `SUB#${id}`, SK: 'S' }) as const;
export const roster = 'SUBSCRIPTIONS';
export const rosterKey = (id: string) => ({ PK: roster, SK: id });
export const endpointKey = (channel: string, target: string) => ({ PK: `EPT#${channel}#${target}`, SK: 'E' }) as const;
/** Of one route, one instant, and whether it may go out in quiet hours: what those hold back has a parcel of its own. */
export const parcelPartition = (route: string, at: string, anyTime: boolean): string =>
  `PCL#${route}#${at}${anyTime ? '' : '#held'}`;
export const parcelKey = (partition: string) => ({ PK: partition, SK: 'P' }) as const;
export const parcelEntryPrefix = 'E#';
export const parcelEntryKey = (partition: string, alertId: string) => ({
  PK: partition,
  SK: `${parcelEntryPrefix}${alertId}`,
});
export const parcelSealPrefix = 'S#';
export const parcelSealKey = (partition: string, portion: number) => ({
  PK: partition,
  SK: `${parcelSealPrefix}${String(portion).padStart(8, '0')}`,
});
export const paceKey = (route: string) => ({ PK: `PAC#${route}`, SK: 'M' }) as const;
export const smsSpendKey = (month: string) => ({ PK: 'SYS#sms', SK: month });
