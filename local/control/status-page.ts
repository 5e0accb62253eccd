import type { GatewayAnswer } from '../gateway/exchange.ts';
import type { RequestRecord } from '../gateway/gateway.ts';
import type { WatchedAlarm } from '../metrics/alarm-state.ts';
import type { OutboxItem } from '../services/outbox.ts';
import type { FunctionStatistics } from '../workers/function-pool.ts';
import { statusStyle } from './status-style.ts';

export interface DeskStatus {
  readonly now: number;
  readonly alarms: readonly WatchedAlarm[];
  readonly functions: readonly (FunctionStatistics & { readonly name: string })[];
  readonly sources: readonly { readonly name: string; readonly state: string }[];
  readonly queues: readonly {
    readonly name: string;
    readonly visible: number;
    readonly inFlight: number;
    readonly delayed: number;
  }[];
  readonly requests: readonly RequestRecord[];
  readonly outbox: readonly OutboxItem[];
  readonly links: readonly string[];
}

const escape = (value: string | number): string =>
  String(value).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const table = (heads: readonly string[], rows: readonly (readonly (string | number)[])[], empty: string): string => {
  if (rows.length === 0) return `<p class="empty">${escape(empty)}</p>`;
  const head = heads.map((text) => `<th>${escape(text)}</th>`).join('');
  const body = rows.map((row) => `<tr>${row.map((cell) => `<td>${escape(cell)}</td>`).join('')}</tr>`).join('');
  return `<div class="scroll"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
};

const section = (title: string, content: string): string => `<section><h2>${escape(title)}</h2>${content}</section>`;
const time = (at: number | string): string => new Date(at).toISOString().slice(11, 23);

/** Those that ring in full; of the others how many there are. */
const alarmsOf = (all: readonly WatchedAlarm[]): string => {
  const ringing = all.filter(({ state }) => state === 'ALARM');
  const quiet = all.filter(({ state }) => state === 'OK').length;
  const unknown = all.length - quiet - ringing.length;
  const counts = `<p class="empty">${quiet} of ${all.length} alarms are OK${unknown === 0 ? '' : `, ${unknown} know nothing yet`}</p>`;
  const cards = ringing.map(
    ({ model, since, reason }) =>
      `<article class="ringing"><h3>${escape(model.name)} <time>since ${time(since)}</time></h3><p>${escape(model.description)}</p><p class="empty">${escape(reason)}</p></article>`,
  );
  return `${cards.join('')}${counts}`;
};

/** What the desk is doing, on one page that renews itself. */
export const statusPage = (status: DeskStatus): GatewayAnswer => {
  const functions = status.functions.map((of) => [
    of.name,
    of.invocations,
    of.failures,
    of.running,
    of.waiting,
    of.workers,
    of.meanMs.toFixed(1),
  ]);
  const queues = status.queues.map((of) => [of.name, of.visible, of.inFlight, of.delayed]);
  const requests = status.requests.map((of) => [time(of.at), of.method, of.path, of.status, of.ms.toFixed(0)]);
  const outbox = status.outbox.map((of) => [
    of.seq,
    time(of.deliveredAt),
    of.kind,
    of.to,
    of.subject || of.text.slice(0, 80),
  ]);
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta http-equiv="refresh" content="5"><title>cloud-service-desk</title><style>${statusStyle}</style></head><body>
<header><h1>cloud-service-desk</h1><p>Virtual time <time>${escape(new Date(status.now).toISOString())}</time></p>
<nav>${status.links.map((path) => `<a href="${escape(path)}">${escape(path)}</a>`).join('')}</nav></header><main>
${section('Alarms', alarmsOf(status.alarms))}
${section('Functions', table(['name', 'invocations', 'failures', 'running', 'waiting', 'workers', 'mean ms'], functions, 'none'))}
${section(
  'Sources',
  table(
    ['source', 'state'],
    status.sources.map((of) => [of.name, of.state]),
    'none',
  ),
)}
${section('Queues', table(['queue', 'ready', 'in hand', 'delayed'], queues, 'none'))}
${section('Last requests', table(['at', 'method', 'path', 'status', 'ms'], requests, 'none yet'))}
${section('Outbox', table(['#', 'delivered', 'kind', 'to', 'what'], outbox, 'nothing has left the desk yet'))}
</main></body></html>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    cookies: [],
    body: Buffer.from(html),
  };
};
