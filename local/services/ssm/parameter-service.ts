import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { ParameterModel } from '../../model.ts';
import { parseRequest, readJson, sendJson } from '../endpoint/json-answer.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';

const getParameter = z.object({ Name: z.string() });

/** SSM for the one call that an operator's command makes: GetParameter, of the template's parameters. */
export class ParameterService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 400 };
  readonly #parameters: ReadonlyMap<string, ParameterModel>;

  constructor(parameters: readonly ParameterModel[]) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  }

  async handle(call: ServiceCall): Promise<void> {
    if (call.operation !== 'GetParameter')
      throw new ServiceError('UnsupportedOperation', `The local desk does not answer ssm:${call.operation}`);
    const { Name } = parseRequest(getParameter, readJson(call.body), 'ValidationException');
    const found = this.#parameters.get(Name);
    const resource = found?.arn ?? `arn:aws:ssm:::parameter/${Name.replace(/^\//, '')}`;
    const refusal = call.caller.refusal([{ action: 'ssm:GetParameter', resource }]);
    if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal);
    if (found === undefined) throw new ServiceError('ParameterNotFound', `Parameter ${Name} not found.`);
    const Parameter = { Name, Type: 'String', Value: found.value, ARN: found.arn, Version: 1, DataType: 'text' };
    sendJson(call.response, call.requestId, 200, { Parameter });
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    sendJson(response, requestId, status, { __type: code, message });
  }
}
