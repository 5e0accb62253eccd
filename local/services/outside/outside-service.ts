import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { Faults } from '../../faults/faults.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import type { Outbox } from '../outbox.ts';
import { outsideUrlHeader } from './outside-url.ts';

export interface OutsideServiceOptions {
  readonly outbox: Outbox;
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
}

/** What of a request is of interest to who reads the outbox: not how it came here. */
const shown = (name: string): boolean =>
  name === 'content-type' || name === 'user-agent' || (name.startsWith('x-') && name !== outsideUrlHeader);

const about = z.object({ alertId: z.string().nullable().catch(null), ticketId: z.string().nullable().catch(null) });

const namesIn = (body: string): z.infer<typeof about> => {
  try {
    return about.parse(JSON.parse(body));
  } catch {
    return { alertId: null, ticketId: null };
  }
};

/**
 * The internet of the local desk: every server of it takes what it gets, and it is written to the outbox as a webhook. Nothing
 * leaves the machine.
 */
export class OutsideService implements Service {
  readonly unknownCaller = { code: 'Forbidden', status: 403 };
  readonly #options: OutsideServiceOptions;

  constructor(options: OutsideServiceOptions) {
    this.#options = options;
  }

  /** Answers with whatever fault strikes: before it, in it, or after it and before the answer. */
  async handle(call: ServiceCall): Promise<void> {
    const { faults, killWorker } = this.#options;
    const fault = faults.take('webhook', ['throttle', 'drop', 'crash-before', 'crash-after', 'duplicate', 'delay']);
    if (fault === 'throttle') return answer(call.response, 429);
    if (fault === 'drop') return answer(call.response, 500);
    if (fault === 'crash-before') killCaller(call, killWorker);
    if (fault === 'delay') await pause(300);
    for (let copy = 0; copy < (fault === 'duplicate' ? 2 : 1); copy += 1) this.#take(call);
    if (fault === 'crash-after') killCaller(call, killWorker);
    answer(call.response, 200);
  }

  fail(response: ServerResponse, _requestId: string, _code: string, _message: string, status: number): void {
    answer(response, status);
  }

  #take({ headers, body }: ServiceCall): void {
    const text = body.toString('utf8');
    const attributes = Object.entries(headers).flatMap(([name, value]) =>
      shown(name) && typeof value === 'string' ? [[name, value] as const] : [],
    );
    this.#options.outbox.add({
      ...namesIn(text),
      kind: 'webhook',
      to: String(headers[outsideUrlHeader] ?? ''),
      subject: '',
      text,
      attributes: Object.fromEntries(attributes),
    });
  }
}

const answer = (response: ServerResponse, status: number): void => {
  response.writeHead(status, { 'content-type': 'text/plain', 'content-length': 0 }).end();
};
