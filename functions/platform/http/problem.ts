import {
  AlreadyExists,
  Busy,
  type FieldError,
  Forbidden,
  IdempotencyMismatch,
  IllegalTransition,
  MethodNotAllowed,
  NotFound,
  PayloadTooLarge,
  PreconditionRequired,
  StaleVersion,
  UnsupportedMediaType,
  ValidationFailed,
} from '../errors.ts';
import { LostRace } from '../store/commit.ts';

export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;
}

const problem = (
  status: number,
  title: string,
  detail: string,
  more: { readonly errors?: readonly FieldError[]; readonly headers?: Readonly<Record<string, string>> } = {},
): Problem => ({ status, title, detail, errors: more.errors ?? [], headers: more.headers ?? {} });

/** Fields named in the detail, and errors listed: a body of nothing but wrong fields must not come back ten times as large. */
const spelledOut = 10;
const errorsAtMost = 100;

/**
 * What is left after the SDK's own repetitions of a call that DynamoDB throttles, or that meets a transaction. By name, so
 * that a function without a table does not bring its client along
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html).
 */
const throttles = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
]);

/** The one table from error class to answer. What is not in it is our fault: 500 without details. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof ValidationFailed) {
    const named = error.errors
      .slice(0, spelledOut)
      .map((field) => `${field.path === '' ? 'the body' : field.path} ${field.message}`);
    const more = error.errors.length - named.length;
    const detail = `${named.join('; ')}${more > 0 ? `; and ${more} more` : ''}.`;
    return problem(400, 'Bad request', named.length > 0 ? detail : error.message, {
      errors: error.errors.slice(0, errorsAtMost),
    });
  }
  if (error instanceof Forbidden) return problem(403, 'Forbidden', error.message);
  if (error instanceof NotFound) return problem(404, 'Not found', error.message);
  if (error instanceof MethodNotAllowed) {
    return problem(405, 'Method not allowed', error.message, { headers: { allow: error.allowed.join(', ') } });
  }
  if (error instanceof IllegalTransition) return problem(409, 'Not possible in this state', error.message);
  if (error instanceof AlreadyExists) return problem(409, 'Exists already', error.message);
  if (error instanceof StaleVersion) {
    return problem(412, 'Stale version', error.message, { headers: { etag: `"${error.currentVersion}"` } });
  }
  if (error instanceof PayloadTooLarge) return problem(413, 'Body too large', error.message);
  if (error instanceof UnsupportedMediaType) return problem(415, 'Unsupported media type', error.message);
  if (error instanceof IdempotencyMismatch) return problem(422, 'Idempotency key reused', error.message);
  if (error instanceof PreconditionRequired) return problem(428, 'Precondition required', error.message);
  if (error instanceof Busy || error instanceof LostRace) {
    const retryAfter = error instanceof Busy ? error.retryAfterSeconds : 1;
    return problem(429, 'Busy', 'Too much is changing at once here. Nothing was written; repeat the request.', {
      headers: { 'retry-after': String(retryAfter) },
    });
  }
  if (error instanceof Error && throttles.has(error.name)) {
    return problem(
      429,
      'Busy',
      'The database asks for less at once. Repeat the request with the same Idempotency-Key.',
      {
        headers: { 'retry-after': '1' },
      },
    );
  }
  return problem(
    500,
    'Internal error',
    'Something failed on our side. Repeat the request with the same Idempotency-Key.',
  );
};
