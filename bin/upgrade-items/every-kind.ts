import {
  alertKind,
  deliveryKind,
  endpointKind,
  paceKind,
  parcelEntryKind,
  parcelKind,
  parcelSealKind,
  rosterEntryKind,
  smsSpendKind,
  subscriptionKind,
} from '../../functions/alerts/item-kinds.ts';
import {
  backupRunKind,
  canaryKind,
  freshnessKind,
  manifestJobKind,
  watchKind,
} from '../../functions/backups/item-kinds.ts';
import { correctiveActionKind, violationActionsKind } from '../../functions/corrective-actions/store.ts';
import {
  applicationKind,
  bookKind,
  calendarKind,
  calendarVersionKind,
  policyKind,
  policyVersionKind,
  runningKind,
} from '../../functions/sla/item-kinds.ts';
import { ticketRowKind } from '../../functions/desk/lists.ts';
import { ticketCounterKind, ticketKind } from '../../functions/desk/store.ts';
import { planKind } from '../../functions/drills/plan-store.ts';
import { drillKind, tableDrillKind } from '../../functions/drills/store.ts';
import { digestProgressKind } from '../../functions/evidence/progress-store.ts';
import {
  dayKind,
  factKind,
  hourPartKind,
  monthKind,
  percentilesKind,
  formerHourKind,
} from '../../functions/kpis/store/items.ts';
import { seenHeartbeatKind } from '../../functions/kpis/store/heartbeat-store.ts';
import { leaseKind } from '../../functions/kpis/store/lease-store.ts';
import { markKind } from '../../functions/kpis/store/mark-store.ts';
import { openRecountKind, recountKind } from '../../functions/kpis/store/recount-store.ts';
import { partsOf } from '../../functions/kpis/store/former-hours.ts';
import { rotaKind, teamRotaKind } from '../../functions/on-call/store.ts';
import { loginKind } from '../../functions/people/principals.ts';
import { agents, contacts, customers, teams } from '../../functions/people/store.ts';
import { longTextKind } from '../../functions/platform/store/bodies.ts';
import { cursorKeyKind } from '../../functions/platform/store/cursor.ts';
import { eventKind } from '../../functions/platform/store/event.ts';
import { externalIdKind } from '../../functions/platform/store/external-ids.ts';
import type { Item, ItemKind } from '../../functions/platform/store/item-kind.ts';
import { serviceKind, tableServiceKind } from '../../functions/services/store.ts';
import { heartbeatKind } from '../../functions/platform/stream/heartbeat.ts';
import { onceKind } from '../../functions/platform/store/once.ts';

export const tableNames = ['operations', 'idempotency', 'lists', 'kpis'] as const;
export type TableName = (typeof tableNames)[number];

/** A kind of item, and by which keys it is known. */
export interface StoredKind {
  readonly table: TableName;
  readonly PK: RegExp;
  /** Left out where the table has no sort key. */
  readonly SK?: RegExp;
  readonly kind: ItemKind<unknown>;
  /** Why its items are never rewritten: they are brought into today's shape each time they are read. */
  readonly keptAsWritten?: string;
  /** A retired kind: the items that take the place of one. */
  readonly replacedBy?: (item: Item) => readonly Item[];
}

const sealed = 'sealed by its hash';

/** Every kind of item in every table. An item that none of these claims fails test/item-schemas. */
export const everyKind: readonly StoredKind[] = [
  {
    table: 'operations',
    PK: /^(TKT|CUS|CTC|TEM|AGT|SUB|ROT|CAC|CAL|SLP|SLA|SVC|DRL|DPL|BKR|BKW)#/,
    SK: /^EV#/,
    kind: eventKind,
    keptAsWritten: sealed,
  },
  { table: 'operations', PK: /^TKT#/, SK: /^(T#)?BODY#/, kind: longTextKind, keptAsWritten: sealed },
  { table: 'operations', PK: /^TKT#/, SK: /^T$/, kind: ticketKind },
  { table: 'operations', PK: /^CUS#/, SK: /^H$/, kind: customers },
  { table: 'operations', PK: /^CTC#/, SK: /^H$/, kind: contacts },
  { table: 'operations', PK: /^TEM#/, SK: /^H$/, kind: teams },
  { table: 'operations', PK: /^AGT#/, SK: /^H$/, kind: agents },
  { table: 'operations', PK: /^PRN#/, SK: /^P$/, kind: loginKind },
  { table: 'operations', PK: /^EXT#/, SK: /^X$/, kind: externalIdKind },
  { table: 'operations', PK: /^ALT#/, SK: /^A$/, kind: alertKind },
  { table: 'operations', PK: /^ALT#/, SK: /^DLV#/, kind: deliveryKind },
  { table: 'operations', PK: /^SUB#/, SK: /^S$/, kind: subscriptionKind },
  { table: 'operations', PK: /^SUBSCRIPTIONS$/, SK: /^sub_/, kind: rosterEntryKind },
  { table: 'operations', PK: /^EPT#/, SK: /^E$/, kind: endpointKind },
  { table: 'operations', PK: /^ROT#/, SK: /^H$/, kind: rotaKind },
  { table: 'operations', PK: /^ONCALL#/, SK: /^R$/, kind: teamRotaKind },
  { table: 'operations', PK: /^CAL#/, SK: /^H$/, kind: calendarKind },
  { table: 'operations', PK: /^CAL#/, SK: /^V#/, kind: calendarVersionKind },
  { table: 'operations', PK: /^SLP#/, SK: /^H$/, kind: policyKind },
  { table: 'operations', PK: /^SLP#/, SK: /^V#/, kind: policyVersionKind },
  { table: 'operations', PK: /^SLP#/, SK: /^A$/, kind: runningKind },
  { table: 'operations', PK: /^SLA#/, SK: /^J$/, kind: applicationKind },
  { table: 'operations', PK: /^SYS#sla$/, SK: /^BOOK$/, kind: bookKind },
  { table: 'operations', PK: /^PCL#/, SK: /^P$/, kind: parcelKind },
  { table: 'operations', PK: /^PCL#/, SK: /^E#/, kind: parcelEntryKind },
  { table: 'operations', PK: /^PCL#/, SK: /^S#/, kind: parcelSealKind },
  { table: 'operations', PK: /^PAC#/, SK: /^M$/, kind: paceKind },
  { table: 'operations', PK: /^SYS#sms$/, SK: /^\d{4}-\d{2}$/, kind: smsSpendKind },
  { table: 'operations', PK: /^CAC#/, SK: /^H$/, kind: correctiveActionKind },
  { table: 'operations', PK: /^VIO#/, SK: /^ACTIONS$/, kind: violationActionsKind },
  { table: 'operations', PK: /^SVC#/, SK: /^H$/, kind: serviceKind },
  { table: 'operations', PK: /^SVT#/, SK: /^S$/, kind: tableServiceKind },
  { table: 'operations', PK: /^DRL#/, SK: /^H$/, kind: drillKind },
  { table: 'operations', PK: /^DRT#/, SK: /^L$/, kind: tableDrillKind },
  { table: 'operations', PK: /^DPL#/, SK: /^H$/, kind: planKind },
  { table: 'operations', PK: /^CAN#\d\d$/, SK: /^C$/, kind: canaryKind },
  { table: 'operations', PK: /^BKR#/, SK: /^H$/, kind: backupRunKind },
  { table: 'operations', PK: /^BKW#/, SK: /^H$/, kind: watchKind },
  { table: 'operations', PK: /^SYS#backups$/, SK: /^F$/, kind: freshnessKind },
  { table: 'operations', PK: /^MNF#nightly$/, SK: /^M$/, kind: manifestJobKind },
  { table: 'operations', PK: /^SYS#counter$/, SK: /^tickets$/, kind: ticketCounterKind },
  { table: 'operations', PK: /^SYS#cursor-key$/, SK: /^K$/, kind: cursorKeyKind },
  { table: 'operations', PK: /^SYS#heartbeat$/, SK: /^B$/, kind: heartbeatKind },
  { table: 'operations', PK: /^SYS#digests$/, SK: /^P$/, kind: digestProgressKind },
  { table: 'idempotency', PK: /./, kind: onceKind, keptAsWritten: 'gone within 25 hours' },
  { table: 'lists', PK: /^TKT#/, SK: /^ROW$/, kind: ticketRowKind },
  { table: 'kpis', PK: /^F#/, SK: /./, kind: factKind },
  { table: 'kpis', PK: /^DIRTY#/, SK: /./, kind: markKind },
  { table: 'kpis', PK: /^H#/, SK: /^(others|customer:.+)#\d\d$/, kind: hourPartKind },
  { table: 'kpis', PK: /^H#/, SK: /^\d\d(#|$)/, kind: formerHourKind, replacedBy: partsOf },
  { table: 'kpis', PK: /^D#/, SK: /./, kind: dayKind },
  { table: 'kpis', PK: /^P#/, SK: /./, kind: percentilesKind },
  { table: 'kpis', PK: /^M#/, SK: /./, kind: monthKind },
  { table: 'kpis', PK: /^LEASE$/, SK: /^(rollup|recount)$/, kind: leaseKind },
  { table: 'kpis', PK: /^RECOUNTS$/, SK: /./, kind: recountKind },
  { table: 'kpis', PK: /^RECOUNT-OPEN$/, SK: /./, kind: openRecountKind },
  { table: 'kpis', PK: /^HEARTBEAT$/, SK: /^kpis$/, kind: seenHeartbeatKind },
];

/** The kinds that claim an item by its keys: exactly one, or the list above is wrong. */
export const kindsOf = (kinds: readonly StoredKind[], table: TableName, item: Item): readonly StoredKind[] =>
  kinds.filter(
    (one) =>
      one.table === table &&
      one.PK.test(String(item['PK'])) &&
      (one.SK === undefined ? item['SK'] === undefined : one.SK.test(String(item['SK'] ?? ''))),
  );
