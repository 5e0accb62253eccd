import * as z from 'zod';
import { type GatewayAnswer, ownAnswer } from './exchange.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const responseSchema = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), scalar).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.string().nullish(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Lambda's synchronous payload limit: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const longestPayload = 6 * 1024 * 1024;

/**
 * What a function's answer becomes over HTTP: its statusCode, headers, cookies and body; or, when it has no statusCode,
 * 200 with the answer as JSON. An answer of the wrong shape is 500, as at API Gateway.
 */
export const httpAnswer = (payload: string): GatewayAnswer => {
  const broken = ownAnswer(500, 'Internal Server Error');
  if (payload.length > longestPayload) return broken;
  const value: unknown = JSON.parse(payload);
  if (typeof value !== 'object' || value === null || !('statusCode' in value)) {
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) };
  }
  const result = responseSchema.safeParse(value);
  if (!result.success) return broken;
  const { statusCode, headers, cookies, body, isBase64Encoded } = result.data;
  const lowered = Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name.toLowerCase(), text]));
  const content = Buffer.from(body ?? '', isBase64Encoded === true ? 'base64' : 'utf8');
  const type =
    content.length > 0 && lowered['content-type'] === undefined ? { 'content-type': 'text/plain; charset=utf-8' } : {};
  return { status: statusCode, headers: { ...type, ...lowered }, cookies: cookies ?? [], body: content };
};
