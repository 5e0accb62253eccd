import { setTimeout as pause } from 'node:timers/promises';
import { CommandFailure, messageOf } from '../command/failure.ts';

export interface DeskRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
  readonly idempotencyKey?: string;
}

export interface DeskAnswer {
  readonly status: number;
  readonly body: unknown;
}

export interface DeskClientOptions {
  readonly url: string;
  /** Asked for each request; `renew` after a 401, null when there is no other token to have. */
  readonly token: { readonly current: () => string; readonly renew: () => Promise<boolean> };
  readonly sleep?: (milliseconds: number) => Promise<unknown>;
  readonly onRetry?: (why: string, milliseconds: number) => void;
}

export type DeskClient = (request: DeskRequest) => Promise<DeskAnswer>;

const ATTEMPTS = 9;
const FIRST_DELAY = 500;
const LONGEST_DELAY = 20_000;
const LONGEST_RETRY_AFTER = 300_000;
const REQUEST_TIMEOUT = 60_000;

/** Retry-After in milliseconds, from seconds or an HTTP date (RFC 9110, 10.2.3); null when absent or unreadable. */
export const readRetryAfter = (value: string | null, now: number): number | null => {
  if (value === null || value.trim() === '') return null;
  const wanted = /^\d+$/.test(value.trim()) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(wanted) ? null : Math.min(Math.max(wanted, 0), LONGEST_RETRY_AFTER);
};

/** Doubling delay with half of it random, so that several importers do not come back together. */
const backoff = (attempt: number): number =>
  Math.min(FIRST_DELAY * 2 ** attempt, LONGEST_DELAY) * (0.5 + Math.random() / 2);

/** 409 is retried only when the answer asks for it: the first try of the same key is still under way. */
const isPassing = (response: Response): boolean =>
  response.status === 429 || response.status >= 500 || (response.status === 409 && response.headers.has('retry-after'));

const readBody = async (response: Response): Promise<unknown> => {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

/**
 * A client that gives each request up to nine tries over about a minute: connection errors, timeouts, 429 and 5xx pass by themselves.
 * The idempotency key is the same on every try, so a try whose answer was lost is not done twice.
 * @throws CommandFailure when the desk stays away
 */
export const deskClient = ({ url, token, sleep = pause, onRetry }: DeskClientOptions): DeskClient => {
  const attemptOnce = (request: DeskRequest): Promise<Response> =>
    fetch(`${url}${request.path}`, {
      method: request.method,
      redirect: 'error',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT),
      headers: {
        authorization: `Bearer ${token.current()}`,
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
      },
      ...(request.body === undefined ? {} : { body: request.body }),
    });

  return async (request) => {
    let why = '';
    let renewed = false;
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      let wait = backoff(attempt);
      try {
        const response = await attemptOnce(request);
        const body = await readBody(response);
        if (response.status === 401 && !renewed) {
          renewed = true;
          if (await token.renew()) continue;
        }
        if (!isPassing(response)) return { status: response.status, body };
        why = `HTTP ${response.status}`;
        wait = readRetryAfter(response.headers.get('retry-after'), Date.now()) ?? wait;
      } catch (error) {
        why = messageOf(error);
      }
      if (attempt + 1 === ATTEMPTS) break;
      onRetry?.(why, wait);
      await sleep(wait);
    }
    throw new CommandFailure(`${request.method} ${url}${request.path} failed ${ATTEMPTS} times, last with ${why}`);
  };
};
