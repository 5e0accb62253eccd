/** What can go wrong for a caller. One class per reason; `http/problem.ts` turns each into its answer, by `instanceof`. */

export interface FieldError {
  /** JSON path of the field: `requester.email`, `` for the whole body. */
  readonly path: string;
  readonly message: string;
}

export class ValidationFailed extends Error {
  override readonly name = 'ValidationFailed';
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[], message = 'The request is not valid.') {
    super(message);
    this.errors = errors;
  }
}

export class NotFound extends Error {
  override readonly name = 'NotFound';
  constructor(kind: string, id: string) {
    super(`There is no ${kind} ${id}.`);
  }
}

export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

/** The thing is in a state that does not allow this. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
}

/** Something with the same identity exists already. */
export class AlreadyExists extends Error {
  override readonly name = 'AlreadyExists';
}

/** The caller's If-Match names a version that is no longer the current one. */
export class StaleVersion extends Error {
  override readonly name = 'StaleVersion';
  readonly currentVersion: number;
  constructor(currentVersion: number) {
    super(
      `The version you read is out of date: the current one is ${currentVersion}. Read it again and repeat the change.`,
    );
    this.currentVersion = currentVersion;
  }
}

export class PreconditionRequired extends Error {
  override readonly name = 'PreconditionRequired';
  constructor() {
    super('This change needs an If-Match header with the ETag of the version you read.');
  }
}

export class IdempotencyMismatch extends Error {
  override readonly name = 'IdempotencyMismatch';
  constructor(key: string) {
    super(`The Idempotency-Key "${key}" was used before with another payload. Use a new key for a new request.`);
  }
}

export class PayloadTooLarge extends Error {
  override readonly name = 'PayloadTooLarge';
  constructor(limitBytes: number) {
    super(`The body is larger than ${limitBytes} bytes.`);
  }
}

export class UnsupportedMediaType extends Error {
  override readonly name = 'UnsupportedMediaType';
  constructor(got: string) {
    super(`The body must be application/json, not ${got === '' ? 'untyped' : got}.`);
  }
}

export class MethodNotAllowed extends Error {
  override readonly name = 'MethodNotAllowed';
  readonly allowed: readonly string[];
  constructor(method: string, allowed: readonly string[]) {
    super(`${method} is not possible here; possible: ${allowed.join(', ')}.`);
    this.allowed = allowed;
  }
}

/** The service cannot take it right now: repeated conflicts or throttling. Safe to repeat. */
export class Busy extends Error {
  override readonly name = 'Busy';
  readonly retryAfterSeconds: number;
  constructor(retryAfterSeconds = 1) {
    super('Too much is changing at once here. Nothing was written; repeat the request.');
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
