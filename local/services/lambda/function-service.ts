import type { ServerResponse } from 'node:http';
import type { FunctionModel } from '../../model.ts';
import type { Outcome } from '../../workers/outcome.ts';
import { readJson, sendJson } from '../endpoint/json-answer.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';

export interface FunctionServiceOptions {
  readonly functions: readonly FunctionModel[];
  readonly invoke: (functionId: string, event: unknown) => Promise<Outcome>;
}

const invocations = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?(.*))?$/;

/**
 * Lambda for the one call that an operator's command makes: Invoke, waiting for the answer
 * (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
 */
export class FunctionService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 403 };
  readonly #options: FunctionServiceOptions;

  constructor(options: FunctionServiceOptions) {
    this.#options = options;
  }

  async handle(call: ServiceCall): Promise<void> {
    const [, reference, query = ''] = invocations.exec(call.target) ?? [];
    const type = call.headers['x-amz-invocation-type'] ?? 'RequestResponse';
    if (call.method !== 'POST' || reference === undefined || type !== 'RequestResponse')
      throw new ServiceError('UnsupportedOperation', 'The local desk answers lambda:Invoke of RequestResponse only');
    const target = this.#target(call, decodeURIComponent(reference), new URLSearchParams(query).get('Qualifier'));
    const outcome = await this.#options.invoke(target.id, call.body.length === 0 ? {} : readJson(call.body));
    switch (outcome.kind) {
      case 'answered':
        return answer(call, Buffer.from(outcome.payload), {});
      case 'failed':
        return answer(call, Buffer.from(JSON.stringify(outcome.failure)), { 'x-amz-function-error': 'Unhandled' });
      case 'throttled':
        throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    }
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    response.setHeader('x-amzn-errortype', code);
    sendJson(response, requestId, status, { Type: 'User', message });
  }

  /** A function by its name or ARN, with the alias or version behind it or beside. All aliases are one function here. */
  #target(call: ServiceCall, reference: string, beside: string | null): FunctionModel {
    const [, name = '', behind] =
      /^(?:arn:aws:lambda:[^:]*:[^:]*:function:)?([^:]+)(?::([^:]+))?$/.exec(reference) ?? [];
    const found = this.#options.functions.find(({ arn }) => arn.split(':').at(-1) === name);
    const qualifier = behind ?? beside;
    const resource = `${found?.arn ?? `arn:aws:lambda:::function:${name}`}${qualifier === null ? '' : `:${qualifier}`}`;
    const refusal = call.caller.refusal([{ action: 'lambda:InvokeFunction', resource }]);
    if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal, 403);
    if (found === undefined)
      throw new ServiceError('ResourceNotFoundException', `Function not found: ${resource}`, 404);
    return found;
  }
}

function answer(call: ServiceCall, body: Buffer, headers: Readonly<Record<string, string>>): void {
  call.response.writeHead(200, {
    ...headers,
    'content-type': 'application/json',
    'content-length': body.length,
    'x-amz-executed-version': '$LATEST',
    'x-amzn-requestid': call.requestId,
  });
  call.response.end(body);
}
