import { subscribe } from 'node:diagnostics_channel';
import { setImmediate as nextTurn } from 'node:timers/promises';
import * as z from 'zod';

/** Ports of the host and our own waiting are no work of the function. */
const ours = new Set(['MessagePort', 'Immediate']);
/** A call that is over lets its socket go within so many turns of the event loop. */
const turns = 3;

const requestSchema = z.object({ request: z.looseObject({ method: z.string(), path: z.string() }) });

/** What keeps the event loop of this thread alive, by kind. Idle kept-alive sockets and timers let loose by `unref` do not. */
const activeKinds = (): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!ours.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
};

/** Tells what an invocation leaves behind: whatever is active after its answer and was not before it. */
export class PendingWork {
  readonly #requests = new Map<object, string>();
  #before: ReadonlyMap<string, number> = new Map();

  constructor() {
    this.#follow('http.client.request.created', (request, name) => {
      this.#requests.set(request, name);
      if ('once' in request && typeof request.once === 'function')
        request.once('close', () => this.#requests.delete(request));
    });
    this.#follow('undici:request:create', (request, name) => this.#requests.set(request, name));
    for (const end of ['undici:request:trailers', 'undici:request:error'])
      this.#follow(end, (request) => this.#requests.delete(request));
  }

  /** An invocation begins: what is active now is not its own. */
  begin(): void {
    this.#before = activeKinds();
    this.#requests.clear();
  }

  /** In words what is still at work; empty when nothing is. */
  async left(): Promise<readonly string[]> {
    for (let turn = 0; turn < turns; turn += 1) await nextTurn();
    const kinds = [...activeKinds()].filter(([kind, count]) => count > (this.#before.get(kind) ?? 0));
    return [
      ...this.#requests.values(),
      ...kinds.map(([kind, count]) => `${count - (this.#before.get(kind) ?? 0)} ${kind}`),
    ];
  }

  #follow(channel: string, seen: (request: object, name: string) => void): void {
    subscribe(channel, (message) => {
      if (typeof message !== 'object' || message === null || !('request' in message)) return;
      const { request } = message;
      const parsed = requestSchema.safeParse({ request });
      if (typeof request === 'object' && request !== null)
        seen(
          request,
          parsed.success ? `request ${parsed.data.request.method} ${parsed.data.request.path}` : 'a request',
        );
    });
  }
}
