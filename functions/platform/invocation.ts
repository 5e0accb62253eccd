import type { MiddlewareObj } from '@middy/core';
import type { Context } from 'aws-lambda';
import { currentCorrelation, currentTrace, invoked, note, notes } from './correlation.ts';
import { describeError, speaks } from './log/describe-error.ts';
import type { LogFields } from './log/fields.ts';
import { logger } from './logger.ts';
import { openTrace } from './tracing.ts';

/** An invocation failed; what failed is in the log, redacted. The runtime prints what leaves a handler as it is. */
export class InvocationFailed extends Error {
  override readonly name = 'InvocationFailed';
  constructor(cause: string) {
    super(`${cause}, see the line before.`);
  }
}

const outcomeOf = ({ status, failures }: LogFields): string => {
  if ((status ?? 0) >= 500) return 'failed';
  if ((status ?? 0) >= 400) return 'refused';
  return (failures ?? 0) > 0 ? 'partial' : 'done';
};

/**
 * The first middleware of every pipeline: says at the end of an invocation, in one line, what came of it, and in its trace.
 * An error that nobody made an answer of is logged and leaves the function without what it may quote.
 */
export const recorded = (message: string): MiddlewareObj => ({
  before: ({ context }) => logger.begin(context),
  after: () => end(message, {}),
  onError: (request) => {
    if (request.response !== undefined) return end(message, {});
    logger.error('invocation failed', { error: request.error });
    if (!speaks(request.error)) request.error = new InvocationFailed(describeError(request.error).name);
    return end(message, { outcome: 'failed' });
  },
});

const end = (message: string, last: { readonly outcome?: string }): void => {
  note({ outcome: outcomeOf(notes()), ...last });
  logger.info(message, notes());
  currentTrace()?.end({ correlationId: currentCorrelation() ?? '', outcome: notes().outcome ?? '' });
};

/** Wraps a pipeline in the context that its log lines, events, hints and traces take their correlation id from. */
export const inInvocation =
  <Event, Result>(
    correlationOf: (event: Event, context: Context) => string,
    pipeline: (event: Event, context: Context) => Promise<Result>,
  ) =>
  async (event: Event, context: Context): Promise<Result> =>
    invoked(correlationOf(event, context), await openTrace(context.functionName), () => pipeline(event, context));

/** Of an invocation that no request and no other invocation has caused. */
export const ownCorrelation = (_event: unknown, context: Context): string => context.awsRequestId;
