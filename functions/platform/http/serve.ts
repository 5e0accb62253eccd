import * as z from 'zod';
import { PreconditionRequired, ValidationFailed } from '../errors.ts';
import { fieldErrors } from '../field-errors.ts';
import type { RouteContract } from './contract.ts';
import type { Answer, BoundRoute, RawRequest, RouteRequest } from './request.ts';

/** Parses all three parts before it complains, so that one answer names every field that is wrong. */
const parse = <Contract extends RouteContract>(contract: Contract, raw: RawRequest) => {
  const params = contract.params.safeParse(raw.params);
  const query = contract.query.safeParse(raw.query);
  const body = contract.body.safeParse(raw.body);
  const errors = [
    ...(params.success ? [] : fieldErrors(params.error)),
    ...(query.success ? [] : fieldErrors(query.error)),
    ...(body.success ? [] : fieldErrors(body.error)),
  ];
  if (errors.length > 0) throw new ValidationFailed(errors);
};

/** Binds a contract to what answers it. The handler gets validated, typed values and the caller's principal. */
export const serve = <const Contract extends RouteContract>(
  contract: Contract,
  handler: (request: RouteRequest<Contract>) => Promise<Answer<z.input<NonNullable<Contract['success']['answer']>>>>,
): BoundRoute => ({
  contract,
  run: async (raw) => {
    parse(contract, raw);
    if (contract.ifMatch === 'required' && raw.ifMatch === null) throw new PreconditionRequired();
    return handler({
      principal: raw.principal,
      params: z.parse<Contract['params']>(contract.params, raw.params),
      query: z.parse<Contract['query']>(contract.query, raw.query),
      body: z.parse<Contract['body']>(contract.body, raw.body),
      ifMatch: raw.ifMatch,
      once: raw.once,
      requestId: raw.requestId,
    });
  },
});
