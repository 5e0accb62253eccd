import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { RecordedAnswer } from '../store/once.ts';
import type { Answer } from './request.ts';

/** The headers that an answer's version and location become. */
export const answerHeaders = (answer: Pick<Answer, 'version' | 'location'>): Record<string, string> => ({
  ...(answer.version === undefined ? {} : { etag: `"${answer.version}"` }),
  ...(answer.location === undefined ? {} : { location: answer.location }),
});

/** An answer in the form in which an Idempotency-Key keeps it. */
export const recordedAnswer = (answer: Answer): RecordedAnswer => ({
  status: answer.status,
  headers: answerHeaders(answer),
  body: answer.body ?? null,
});

/** The answer of a Lambda in payload format 2.0. */
export const jsonResult = (
  statusCode: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...headers,
  },
  ...(statusCode === 204 ? {} : { body: JSON.stringify(body) }),
});

/** The result of an answer: JSON, or a text that says itself what it is. */
export const resultOf = (answer: Answer): APIGatewayProxyStructuredResultV2 => {
  const { status, body, media } = answer;
  const json = jsonResult(status, { ...answerHeaders(answer), ...media?.headers }, body);
  return media === undefined ? json : { ...json, body: String(body) };
};
