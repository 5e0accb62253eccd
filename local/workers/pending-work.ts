import { subscribe } from 'node:diagnostics_channel';
import { ClientRequest, IncomingMessage } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Ports of the host, our own waiting, and the closing of files that were read are no work of the function. */
const harmless = new Set(['MessagePort', 'Immediate', 'CloseReq']);
/** A call that is over lets its socket go, and one that nobody awaits begins, within so many turns of the event loop. */
const turns = 3;

/** What keeps the event loop of this thread alive, by kind. Idle kept-alive sockets and timers let loose by `unref` do not. */
const activeKinds = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!harmless.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const nameOf = (request: object): string => {
  const said = ['method', 'path'].map((name): unknown => Reflect.get(request, name));
  return said.every((word) => typeof word === 'string') ? `request ${said.join(' ')}` : 'a request';
};

/** Whether a request has all of its answer, or was given up by the handler itself; it closes a moment later. */
const isOver = (request: object): boolean => {
  if (!(request instanceof ClientRequest)) return false;
  const answer: unknown = Reflect.get(request, 'res');
  return request.destroyed || (answer instanceof IncomingMessage && answer.complete);
};

/**
 * Tells what an invocation leaves behind: requests without an answer, requests that begin after the handler has answered,
 * and whatever else is active then and was not before the invocation.
 */
export class PendingWork {
  readonly #requests = new Set<object>();
  #before: ReadonlyMap<string, number> = new Map();

  constructor() {
    this.#follow('http.client.request.created', (request) => {
      this.#requests.add(request);
      if (!(request instanceof ClientRequest)) return;
      const over = (): void => void this.#requests.delete(request);
      request.once('close', over);
    });
    this.#follow('undici:request:create', (request) => this.#requests.add(request));
    for (const end of ['undici:request:trailers', 'undici:request:error'])
      this.#follow(end, (request) => this.#requests.delete(request));
  }

  /** An invocation begins: what is active now is not its own. */
  begin(): void {
    this.#before = activeKinds();
    this.#requests.clear();
  }

  /** In words what is at work after the answer; empty when nothing is. */
  async left(): Promise<readonly string[]> {
    const unanswered = new Set<object>();
    for (let turn = 0; turn <= turns; turn += 1) {
      for (const request of this.#requests) if (!isOver(request)) unanswered.add(request);
      await nextTurn();
    }
    const more = [...activeKinds()].map(([kind, count]) => ({ kind, count: count - (this.#before.get(kind) ?? 0) }));
    return [
      ...[...unanswered].map(nameOf),
      ...more.filter(({ count }) => count > 0).map(({ kind, count }) => `${count} ${kind}`),
    ];
  }

  #follow(channel: string, seen: (request: object) => void): void {
    subscribe(channel, (message) => {
      const request: unknown = isObject(message) ? Reflect.get(message, 'request') : null;
      if (isObject(request)) seen(request);
    });
  }
}
