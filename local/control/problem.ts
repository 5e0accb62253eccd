import { STATUS_CODES } from 'node:http';
import * as z from 'zod';
import type { GatewayAnswer } from '../gateway/exchange.ts';

/** A control request that cannot be done; becomes a problem document. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly status: number;

  constructor(status: 400 | 403 | 404 | 405 | 409, detail: string) {
    super(detail);
    this.status = status;
  }
}

export const json = (status: number, value: unknown): GatewayAnswer => ({
  status,
  headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  cookies: [],
  body: Buffer.from(JSON.stringify(value)),
});

export const nothing: GatewayAnswer = { status: 204, headers: {}, cookies: [], body: Buffer.alloc(0) };

/** RFC 9457. */
export const problem = (error: ControlError): GatewayAnswer => ({
  ...json(error.status, {
    type: 'about:blank',
    title: STATUS_CODES[error.status],
    status: error.status,
    detail: error.message,
  }),
  headers: { 'content-type': 'application/problem+json' },
});

/** Parses a JSON body. @throws ControlError 400 that says what is wrong where. */
export const parseBody = <Schema extends z.ZodType>(body: Buffer, schema: Schema): z.output<Schema> => {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlError(400, 'The body is no JSON.');
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ControlError(400, z.prettifyError(result.error));
};

/** Parses the query. @throws ControlError 400. */
export const parseQuery = <Schema extends z.ZodType>(query: string, schema: Schema): z.output<Schema> => {
  const result = schema.safeParse(Object.fromEntries(new URLSearchParams(query)));
  if (result.success) return result.data;
  throw new ControlError(400, z.prettifyError(result.error));
};
