import type { ServerResponse } from 'node:http';
import * as z from 'zod';
import { ServiceError } from '../service-error.ts';

/** Sends a body in the AWS JSON 1.0 protocol. */
export function sendJson(response: ServerResponse, requestId: string, status: number, body: unknown): void {
  const text = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': text.length,
    'x-amzn-requestid': requestId,
  });
  response.end(text);
}

/** Reads a JSON body; what it holds is for the caller to parse. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ServiceError('SerializationException', 'The request body is not JSON');
  }
}

/** Parses a request, or refuses it in the words of the service. */
export function parseRequest<T>(schema: z.ZodType<T>, value: unknown, code: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new ServiceError(code, z.prettifyError(result.error));
}
