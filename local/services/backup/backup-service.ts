import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { FaultKind, Faults } from '../../faults/faults.ts';
import { readJson } from '../endpoint/json-answer.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import type { Need } from '../permissions/permission-check.ts';
import { ServiceError } from '../service-error.ts';
import { invalidRequest } from './backup-error.ts';
import type { BackupCalls } from './backup-calls.ts';
import { routes } from './backup-routes.ts';

export interface BackupServiceOptions {
  readonly calls: BackupCalls;
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
}

const faultDelayMs = 300;

/** AWS Backup for tables (REST-JSON): finds the call by method and path, checks permissions, lets faults strike. */
export class BackupService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 403 };
  readonly #options: BackupServiceOptions;

  constructor(options: BackupServiceOptions) {
    this.#options = options;
  }

  async handle(call: ServiceCall): Promise<void> {
    const { calls, faults, killWorker } = this.#options;
    const [path = '', query = ''] = call.target.split(/\?(.*)/s, 2);
    const route = routes.find(({ method, path: pattern }) => method === call.method && pattern.test(path));
    if (route === undefined)
      throw invalidRequest(`The local desk does not answer ${call.method} ${path} of AWS Backup`);
    const request = {
      parameters: (route.path.exec(path) ?? []).slice(1).map(decodeURIComponent),
      query: Object.fromEntries(new URLSearchParams(query)),
      body: call.body.length === 0 ? {} : readJson(call.body),
    };
    const { needs, run } = calls.prepare(route.name, request);
    requireAll(call, needs);
    const kinds: FaultKind[] = [
      'throttle',
      'delay',
      ...(route.starts ? startFaults : []),
      ...(route.changes ? changeFaults : []),
    ];
    const fault = faults.take('backup', kinds);
    if (fault === 'throttle') throw new ServiceError('ThrottlingException', 'Rate exceeded', 429, { Type: 'Client' });
    if (fault === 'conflict')
      throw new ServiceError('LimitExceededException', 'Limit of concurrent jobs exceeded', 400, { Type: 'Client' });
    if (fault === 'delay') await pause(faultDelayMs);
    if (fault === 'crash-before') killCaller(call, killWorker);
    const answer = await run(fault);
    if (fault === 'crash-after') killCaller(call, killWorker);
    send(call.response, call.requestId, answer === null ? 204 : 200, answer);
  }

  fail(
    response: ServerResponse,
    requestId: string,
    code: string,
    message: string,
    status: number,
    details: Readonly<Record<string, unknown>>,
  ): void {
    response.setHeader('x-amzn-errortype', code);
    send(response, requestId, status, { Code: code, Message: message, message, ...details });
  }
}

const startFaults: readonly FaultKind[] = ['drop', 'conflict'];
const changeFaults: readonly FaultKind[] = ['crash-before', 'crash-after'];

const requireAll = ({ caller }: ServiceCall, needs: readonly Need[]): void => {
  const refusal = caller.refusal(needs);
  if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal, 403);
};

const send = (response: ServerResponse, requestId: string, status: number, json: unknown): void => {
  const body = json === null ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json));
  response.writeHead(status, {
    ...(body.length > 0 && { 'content-type': 'application/json' }),
    'content-length': body.length,
    'x-amzn-requestid': requestId,
  });
  response.end(body);
};
