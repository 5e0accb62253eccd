import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiModel } from '../model.ts';
import type { Strict } from '../strict.ts';
import type { Outcome } from '../workers/outcome.ts';
import { requestTooLarge } from '../workers/payload-limits.ts';
import type { Authorizer } from './authorizer.ts';
import { preflightAnswer, withCors } from './cors.ts';
import { type GatewayAnswer, type GatewayRequest, ownAnswer } from './exchange.ts';
import { httpAnswer } from './http-answer.ts';
import { httpEvent } from './http-event.ts';
import { type GatewayLimits, gatewayLimits, headerBytes } from './limits.ts';
import { RouteTable } from './route-table.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
export const longestBody = 10 * 1024 * 1024;

export interface GatewayOptions {
  readonly api: ApiModel;
  readonly strict: Strict | null;
  readonly authorizer: Authorizer | null;
  readonly invoke: (functionId: string, event: unknown) => Promise<Outcome>;
  readonly now: () => number;
  /** Hears of each answer. */
  readonly answered: (record: RequestRecord) => void;
  /** How long the gateway waits for a function; the quota when left out. */
  readonly integrationTimeoutMs?: number;
}

/** One line of the status page. */
export interface RequestRecord {
  readonly at: number;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly ms: number;
}

/** The HTTP API of the template: from a request to an answer. Also used without a socket, to seed the desk. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #routes: RouteTable;
  readonly #limits: GatewayLimits;
  readonly #recent: RequestRecord[] = [];
  #inFlight = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#limits = gatewayLimits(options.strict);
    this.#routes = new RouteTable(options.api.routes);
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** The last requests, newest first. */
  recent(): readonly RequestRecord[] {
    return this.#recent;
  }

  /** Whether a route of the template takes the path. */
  knows(method: string, path: string): boolean {
    return this.#routes.select(method, path) !== null;
  }

  /** Answers one request. Never rejects. */
  async answer(request: GatewayRequest): Promise<GatewayAnswer> {
    const began = performance.now();
    this.#inFlight += 1;
    try {
      const preflight = preflightAnswer(this.#options.api.cors, request);
      if (preflight !== null) return preflight;
      const answer = await this.#route(request);
      const { method, path } = request;
      const record = {
        at: this.#options.now(),
        method,
        path,
        status: answer.status,
        ms: performance.now() - began,
      };
      this.#options.answered(record);
      this.#recent.unshift(record);
      this.#recent.length = Math.min(this.#recent.length, 15);
      return withCors(this.#options.api.cors, request, answer);
    } finally {
      this.#inFlight -= 1;
    }
  }

  async #route(request: GatewayRequest): Promise<GatewayAnswer> {
    const { api, authorizer, now } = this.#options;
    if (headerBytes(request) > this.#limits.headerBytes) return ownAnswer(431, 'Request Header Fields Too Large');
    const match = this.#routes.select(request.method, request.path);
    if (match === null) return ownAnswer(404, 'Not Found');
    const identity =
      match.route.authorized && authorizer !== null
        ? await authorizer.identify(request.headers['authorization'])
        : null;
    if (match.route.authorized && identity === null)
      return ownAnswer(401, 'Unauthorized', { 'www-authenticate': 'Bearer' });
    const { scopes } = match.route;
    if (scopes.length > 0 && !scopes.some((scope) => identity?.scopes.includes(scope))) {
      return ownAnswer(403, 'Forbidden', {
        'www-authenticate': `Bearer scope="${scopes.join(' ')}" error="insufficient_scope"`,
      });
    }
    if (request.body.length > longestBody) return ownAnswer(413, 'Request Entity Too Large');
    return this.#invoke(match.route.functionId, httpEvent({ api, request, match, identity, now: now() }));
  }

  async #invoke(functionId: string, event: unknown): Promise<GatewayAnswer> {
    const ended = new AbortController();
    const late = sleep(this.#options.integrationTimeoutMs ?? this.#limits.integrationTimeoutMs, null, {
      signal: ended.signal,
    }).catch(() => null);
    const outcome = await Promise.race([this.#options.invoke(functionId, event), late]);
    ended.abort();
    if (outcome === null || outcome.kind === 'throttled') return ownAnswer(503, 'Service Unavailable');
    if (outcome.kind === 'failed' && outcome.failure.errorType === requestTooLarge)
      return ownAnswer(413, 'Request Entity Too Large');
    if (outcome.kind === 'failed') return ownAnswer(500, 'Internal Server Error');
    return httpAnswer(outcome.payload);
  }
}
