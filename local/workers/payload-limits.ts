import { failed, type Outcome } from './outcome.ts';

/** `request` waits for the answer; `event` is queued by Lambda first, as a schedule's invocations are. */
export type InvocationType = 'request' | 'event';

// https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 6 MB synchronous, 1 MB asynchronous.
const longest = { request: 6 * 1024 * 1024, event: 1024 * 1024 };
const longestAnswer = 6 * 1024 * 1024;

/** The error of an event that Lambda would not take. The gateway answers it with 413. */
export const requestTooLarge = 'RequestTooLargeException';

/** Why Lambda refuses an event, or null. */
export const refusedEvent = (event: unknown, type: InvocationType): Outcome | null => {
  const bytes = Buffer.byteLength(JSON.stringify(event) ?? 'null');
  if (bytes <= longest[type]) return null;
  return failed(
    requestTooLarge,
    `${bytes} byte payload is too large for the ${type} invocation type (limit ${longest[type]} bytes)`,
  );
};

/** The outcome as Lambda lets it through: an answer that is too long is an error of the function. */
export const fittingOutcome = (outcome: Outcome): Outcome =>
  outcome.kind === 'answered' && Buffer.byteLength(outcome.payload) > longestAnswer
    ? failed(
        'Function.ResponseSizeTooLarge',
        `Response payload size exceeded maximum allowed payload size (${longestAnswer} bytes).`,
      )
    : outcome;
