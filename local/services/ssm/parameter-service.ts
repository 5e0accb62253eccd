import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import type { ParameterModel } from '../../model.ts';
import { parseRequest, readJson, sendJson } from '../endpoint/json-answer.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';
import type { WrittenParameters } from './written-parameters.ts';

const getParameter = z.object({ Name: z.string() });
const putParameter = z.strictObject({
  Name: z.string(),
  Value: z.string().min(1).max(4096),
  Type: z.literal('String').optional(),
  Overwrite: z.boolean().default(false),
});

/**
 * SSM for the two calls that operators' commands make, on the template's parameters. What is put is read back at once, and reaches
 * functions and permissions with the next deployment.
 */
export class ParameterService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 400 };
  readonly #parameters: ReadonlyMap<string, ParameterModel>;
  readonly #written: WrittenParameters;

  constructor(parameters: readonly ParameterModel[], written: WrittenParameters) {
    this.#parameters = new Map(parameters.map((parameter) => [parameter.name, parameter]));
    this.#written = written;
  }

  async handle(call: ServiceCall): Promise<void> {
    switch (call.operation) {
      case 'GetParameter':
        return this.#get(call);
      case 'PutParameter':
        return this.#put(call);
      default:
        throw new ServiceError('UnsupportedOperation', `The local desk does not answer ssm:${call.operation}`);
    }
  }

  #get(call: ServiceCall): void {
    const { Name } = parseRequest(getParameter, readJson(call.body), 'ValidationException');
    const found = this.#permitted(call, Name);
    const Value = this.#written.all()[Name] ?? found.value;
    const Parameter = { Name, Type: 'String', Value, ARN: found.arn, Version: 1, DataType: 'text' };
    sendJson(call.response, call.requestId, 200, { Parameter });
  }

  #put(call: ServiceCall): void {
    const { Name, Value, Overwrite } = parseRequest(putParameter, readJson(call.body), 'ValidationException');
    this.#permitted(call, Name);
    if (!Overwrite)
      throw new ServiceError(
        'ParameterAlreadyExists',
        'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
      );
    this.#written.write(Name, Value);
    sendJson(call.response, call.requestId, 200, { Version: 2, Tier: 'Standard' });
  }

  /** @throws ServiceError when the caller may not, or when there is no such parameter. */
  #permitted({ caller, operation }: ServiceCall, name: string): ParameterModel {
    const found = this.#parameters.get(name);
    const resource = found?.arn ?? `arn:aws:ssm:::parameter/${name.replace(/^\//, '')}`;
    const refusal = caller.refusal([{ action: `ssm:${operation}`, resource }]);
    if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal);
    if (found === undefined) throw new ServiceError('ParameterNotFound', `Parameter ${name} not found.`);
    return found;
  }

  fail(response: ServerResponse, requestId: string, code: string, message: string, status: number): void {
    sendJson(response, requestId, status, { __type: code, message });
  }
}
