import type { FunctionFailure } from './protocol.ts';

/** How an invocation ended. `throttled` never reached a worker. */
export type Outcome =
  | { readonly kind: 'answered'; readonly payload: string }
  | { readonly kind: 'failed'; readonly failure: FunctionFailure }
  | { readonly kind: 'throttled' };

export const failed = (errorType: string, errorMessage: string): Outcome => ({
  kind: 'failed',
  failure: { errorType, errorMessage, trace: [] },
});

/** Lambda's words when the sandbox dies under an invocation. */
export const exited = (requestId: string, reason: string): Outcome =>
  failed('Runtime.ExitError', `RequestId: ${requestId} Error: Runtime exited ${reason}`);
