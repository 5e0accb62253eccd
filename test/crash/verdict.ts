import { matches, type Recipient } from '../../functions/alerts/domain/subscription.ts';
import type { Alert } from '../../functions/alerts/domain/alert.ts';
import { unpackIds } from '../../functions/platform/packed-ids.ts';
import { smsPrices } from './sandbox.ts';
import type { Item } from './expressions.ts';
import type { Outcome } from './history.ts';
import { claimOf, type Owed, owedBy } from './owed.ts';
import type { Publication } from './services.ts';

const text = (value: unknown): string => String(value);
/** How long after its instant something may be recorded when nothing goes wrong: DESIGN section 11. */
const worstMs = 65_000;
const restMs = 20 * 60_000;

/** Everything that is not as it must be, in words. */
export const faultsOf = (outcome: Outcome): readonly string[] => {
  const found: string[] = [];
  const events = Map.groupBy(
    outcome.table.all().filter(({ SK, entity }) => text(SK).startsWith('EV#') && entity === 'ticket'),
    ({ PK }) => text(PK),
  );
  for (const [ticket, unsorted] of events) {
    const sorted = unsorted.sort((a, b) => Number(a['version']) - Number(b['version']));
    found.push(...ofTicket(outcome, sorted).map((fault) => `${ticket}: ${fault}`));
  }
  found.push(...ofAnswers(outcome));
  const told = [...events.values()].flat().filter((event) => claimOf(event) !== null);
  found.push(...ofAlerts(outcome, told), ...ofWork(outcome));
  return found;
};

/** Each milestone that is owed is one event, in its time; nothing else is told. */
const ofTicket = (outcome: Outcome, events: readonly Item[]): string[] => {
  const found: string[] = [];
  events.forEach((event, index) => {
    if (Number(event['version']) !== index + 1) found.push(`version ${text(event['version'])} at place ${index + 1}`);
  });
  const owed = owedBy(outcome.plan.policy, events, outcome);
  const nameOf = ({ metric, cycle, claim }: Owed): string => `${metric} ${cycle} ${claim}`;
  let segment = -1;
  const counts = new Map<string, number>();
  for (const event of events) {
    const claim = claimOf(event);
    if (claim === null) {
      segment += 1;
      continue;
    }
    counts.set(claim, (counts.get(claim) ?? 0) + 1);
    const recordedAt = Date.parse(text(event['recordedAt']));
    const due = owed.find((one) => nameOf(one) === claim && one.segment === segment);
    if (due === undefined) {
      found.push(`${claim} told in segment ${segment}, not owed there`);
      continue;
    }
    const at = Date.parse(text(event['at']));
    if (recordedAt <= due.at) found.push(`${claim} told before its instant`);
    if (at < due.at || (at > due.at && !events.some((other) => other !== event && other['at'] === event['at'])))
      found.push(`${claim} is of ${text(event['at'])}, not of ${new Date(due.at).toISOString()}`);
    if (due.ahead && recordedAt > due.deadline + 30_000) found.push(`${claim} told after the deadline`);
    if (due.at > outcome.calmFrom + restMs && recordedAt - due.at > worstMs) {
      found.push(`${claim} told ${recordedAt - due.at} ms late in fair weather`);
    }
  }
  for (const [claim, count] of counts) if (count > 1) found.push(`${claim} told ${count} times`);
  for (const one of owed) if (one.must && !counts.has(nameOf(one))) found.push(`${nameOf(one)} never told`);
  return found;
};

/** What a caller was answered has happened: the event of that version is of that instant. */
const ofAnswers = ({ answers, table }: Outcome): string[] =>
  answers.flatMap(({ id, version, updatedAt }) => {
    const event = table.get({ PK: `TKT#${id}`, SK: `EV#${String(version).padStart(8, '0')}` });
    // An answer without a change is of the version before; what was told by a clock is no update.
    const same = event?.['at'] === updatedAt || text(event?.['type']).startsWith('sla.');
    return same ? [] : [`answered ${id} version ${version} of ${updatedAt}, and it is ${text(event?.['type'])}`];
  });

const audienceOf = (event: Item, { managerId }: Outcome['plan']): readonly string[] | null => {
  const data = event['data'] as { targets?: readonly string[] };
  return data.targets?.includes('manager') === true && !data.targets.includes('topic') ? [managerId] : null;
};

/** For whom an alert is, said once more and simply. */
const expectedRoutes = (alert: Item, event: Item, plan: Outcome['plan']): readonly string[] => {
  const matching = plan.recipients.filter((one) => matches(one, alert as unknown as Alert));
  const audience = audienceOf(event, plan);
  const addressed = matching.filter((one: Recipient) => one.agentId != null && audience?.includes(one.agentId));
  return [...new Set((addressed.length === 0 ? matching : addressed).map(({ route }) => route))].sort();
};

const ofAlerts = (outcome: Outcome, told: readonly Item[]): string[] => {
  const found: string[] = [];
  const { table, publications, plan } = outcome;
  const alerts = table.all().filter(({ PK, SK }) => text(PK).startsWith('ALT#') && SK === 'A');
  const ids = new Set(told.map(({ alertId }) => text(alertId)));
  if (ids.size !== told.length) found.push(`${told.length} events told, with ${ids.size} alerts`);
  if (alerts.length !== told.length) found.push(`${told.length} events told, ${alerts.length} alerts raised`);
  const deliveries = Map.groupBy(
    table.all().filter(({ SK }) => text(SK).startsWith('DLV#')),
    ({ PK }) => text(PK).slice('ALT#'.length),
  );
  const members = new Map<string, number>();
  for (const event of told) {
    const alertId = text(event['alertId']);
    const alert = table.get({ PK: `ALT#${alertId}`, SK: 'A' });
    if (alert === undefined) {
      found.push(`no alert ${alertId}`);
      continue;
    }
    const own = deliveries.get(alertId) ?? [];
    const anyFailed = own.some(({ state }) => state === 'failed');
    if (alert['state'] !== (anyFailed ? 'failed' : 'delivered')) found.push(`alert is ${text(alert['state'])}`);
    const routes = own.map(({ route }) => text(route)).sort();
    const expected = expectedRoutes(alert, event, plan);
    if (routes.join() !== expected.join()) found.push(`alert went to ${routes.join()}, not to ${expected.join()}`);
    for (const delivery of own) {
      const fault = ofDelivery(alertId, delivery, publications);
      if (fault !== null) found.push(`${alertId} ${text(delivery['route'])}: ${fault}`);
      if (delivery['state'] === 'summarised') {
        const name = `${text(delivery['route'])} ${text(delivery['summaryId'])}`;
        members.set(name, (members.get(name) ?? 0) + 1);
      }
    }
  }
  found.push(...ofPublications(outcome, ids, members));
  return found;
};

const ofDelivery = (alertId: string, delivery: Item, publications: readonly Publication[]): string | null => {
  const ofRoute = publications.filter(({ route }) => route === delivery['route']);
  const alone = ofRoute.filter((one) => one.alertId === alertId);
  switch (delivery['state']) {
    case 'published':
      if (alone.length === 0) return 'published and never sent';
      return alone.filter(({ marked }) => marked).length > 1 ? 'marked as sent twice' : null;
    case 'summarised':
      if (!ofRoute.some(({ summaryId }) => summaryId === delivery['summaryId']))
        return 'in a summary that was never sent';
      return alone.some(({ marked }) => marked) ? 'sent alone and in a summary' : null;
    case 'failed':
      if (delivery['lastError'] === 'SmsBudgetExhausted') return delivery['channel'] === 'sms' ? null : 'no SMS';
      return Number(delivery['attempts']) >= 10 ? null : `given up after ${text(delivery['attempts'])} attempts`;
    default:
      return `still ${text(delivery['state'])}`;
  }
};

const ofPublications = (
  { publications, plan }: Outcome,
  ids: ReadonlySet<string>,
  members: ReadonlyMap<string, number>,
): string[] => {
  const found: string[] = [];
  const about = (one: Publication): string => `${one.route} ${one.summaryId ?? one.alertId}`;
  for (const one of publications) {
    if (one.alertId !== null && (!ids.has(one.alertId) || !one.known)) found.push(`sent, but not told: ${about(one)}`);
    if (one.summaryId !== null) {
      const count = members.get(about(one)) ?? 0;
      if (!one.text.startsWith(`${count} alerts`)) found.push(`a summary of ${count} says "${one.text.slice(0, 30)}"`);
    }
    // Only who was struck between publish and mark may leave something to be sent again.
    if (!one.marked && !one.invocation.struckFrom(one.call))
      found.push(`sent and not marked without a reason: ${about(one)}`);
  }
  for (const [name, same] of Map.groupBy(publications, about)) {
    if (same.filter(({ marked }) => marked).length > 1) found.push(`marked as sent twice: ${name}`);
  }
  const texts = publications.filter(
    ({ route }) => plan.recipients.find((one) => one.route === route)?.channel === 'sms',
  );
  if (texts.length > Math.round(smsPrices.budgetUsd / smsPrices.priceUsd))
    found.push(`${texts.length} texts sent, beyond the budget`);
  return found;
};

/** Every entry of a parcel is in one portion of it, and in one only. */
const ofSeals = (items: readonly Item[]): string[] => {
  const times = new Map<string, number>();
  for (const { PK, SK, alertIds } of items) {
    if (!text(PK).startsWith('PCL#') || !text(SK).startsWith('S#')) continue;
    for (const alertId of unpackIds('alt', alertIds as Uint8Array)) {
      const name = `${text(PK)} E#${alertId}`;
      times.set(name, (times.get(name) ?? 0) + 1);
    }
  }
  const entries = items.filter(({ PK, SK }) => text(PK).startsWith('PCL#') && text(SK).startsWith('E#'));
  const names = new Set(entries.map(({ PK, SK }) => `${text(PK)} ${text(SK)}`));
  return [
    ...[...names].filter((name) => !times.has(name)).map((name) => `in no portion: ${name}`),
    ...[...times].filter(([, count]) => count > 1).map(([name]) => `in two portions: ${name}`),
    ...[...times.keys()].filter((name) => !names.has(name)).map((name) => `sealed and not there: ${name}`),
  ];
};

/** Nothing is due any more that is settled, and nothing is left in a parcel. */
const ofWork = ({ table }: Outcome): string[] => {
  const found = [
    ...table.due().map(({ PK, dueAt }) => `still due: ${text(PK)} at ${text(dueAt)}`),
    ...ofSeals(table.all()),
  ];
  for (const item of table.all()) {
    const [PK, SK] = [text(item['PK']), text(item['SK'])];
    if (PK.startsWith('PCL#') && SK === 'P' && item['state'] !== 'closed')
      found.push(`parcel is ${text(item['state'])}`);
    if (item['dueAt'] === undefined && item['dueShard'] !== undefined) found.push(`${PK}: due without an instant`);
  }
  return found;
};
