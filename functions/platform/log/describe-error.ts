import * as z from 'zod';
import { mask } from './mask.ts';

/**
 * Errors whose messages are made of our own words, ids and counts, or of ARNs. Every other message may quote what a caller
 * sent (JSON.parse does), or an item (DynamoDB does), and is withheld: class and place are enough to find the fault.
 */
const speaking = new Set([
  'AlreadyRecorded',
  'AlsoRefused',
  'AnswerIncomplete',
  'AttemptsUsedUp',
  'Busy',
  'DeliveryRefused',
  'EnvironmentError',
  'HintsRefused',
  'InvocationFailed',
  'LeaseLost',
  'LostRace',
  'NewerThanThisCode',
  'NotASchemaVersion',
  'NotMyAction',
  'PreconditionRequired',
  'RollupIncomplete',
  'ScratchPrefixUnsafe',
  'ServerBusy',
  'StaleVersion',
  'WebhookTimeout',
  // What AWS says about the function and not about an item.
  'AccessDeniedException',
  'AuthorizationErrorException',
  'ProvisionedThroughputExceededException',
  'ResourceNotFoundException',
  'ThrottlingException',
  'TimeoutError',
]);

/** Whether the error's own message may be read by everybody who reads logs. */
export const speaks = (error: unknown): boolean => error instanceof Error && speaking.has(error.name);

export interface ErrorDescription {
  readonly name: string;
  readonly message: string;
  /** `index.js:12:345`, the innermost first. */
  readonly at: readonly string[];
  readonly awsRequestId?: string | undefined;
  readonly awsStatus?: number | undefined;
  /** Codes of a cancelled transaction, item by item. */
  readonly reasons?: readonly string[] | undefined;
  readonly cause?: ErrorDescription | undefined;
}

const code = z.string().regex(/^\w{1,60}$/);

/** What AWS errors carry besides. The items in their reasons are left where they are. Built when something failed, not at start. */
const awsFields = (failure: Error) =>
  z
    .object({
      $metadata: z
        .object({
          requestId: z
            .string()
            .regex(/^[\w-]{1,80}$/)
            .optional()
            .catch(undefined),
          httpStatusCode: z.number().optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
      CancellationReasons: z
        .array(z.object({ Code: code.catch('unknown') }))
        .optional()
        .catch(undefined),
    })
    .safeParse(failure).data;

const framesAtMost = 8;
const causesAtMost = 3;

/**
 * Where it was thrown, files and positions only. A stack begins with class and message, and a message may itself look like
 * a stack: it is cut off, and a stack that does not begin with the message as it is now says nothing.
 */
const framesOf = ({ message, stack = '' }: Error): readonly string[] => {
  const header = /^\w+(?: \[\w+\])?(?:: )?/.exec(stack)?.[0] ?? '';
  const rest = stack.slice(header.length);
  if (!rest.startsWith(`${message}\n`)) return [];
  return rest
    .slice(message.length)
    .split('\n')
    .flatMap(
      (line) => /^\s+at .*?([\w.-]+\.[cm]?[jt]s|node:[\w/]+):(\d+):(\d+)\)?$/.exec(line)?.slice(1).join(':') ?? [],
    )
    .slice(0, framesAtMost);
};

/** An error as a log line may show it, its causes included. */
export const describeError = (error: unknown, depth = 1): ErrorDescription => {
  if (!(error instanceof Error)) return { name: typeof error, message: 'withheld', at: [] };
  const aws = awsFields(error);
  return {
    name: code.safeParse(error.name).data ?? 'Error',
    message: speaks(error) ? mask(error.message) : 'withheld',
    at: framesOf(error),
    awsRequestId: aws?.$metadata?.requestId,
    awsStatus: aws?.$metadata?.httpStatusCode,
    reasons: aws?.CancellationReasons?.map(({ Code }) => Code),
    cause: error.cause === undefined || depth >= causesAtMost ? undefined : describeError(error.cause, depth + 1),
  };
};
