/** The Lambda runtime of one worker thread: loads one bundle, then runs one invocation at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { freezeAfter } from './freezer.ts';
import { type Handler, loadHandler } from './load-handler.ts';
import { flushed } from './output.ts';
import { PendingWork } from './pending-work.ts';
import type { FunctionFailure, InvocationMessage, WorkerMessage, WorkerStart } from './protocol.ts';
import { installVirtualDate } from './virtual-date.ts';
import { installWorkerNetwork } from './worker-network.ts';

const start: WorkerStart = workerData;
installVirtualDate(start.clock);
installWorkerNetwork(process.env['AWS_ENDPOINT_URL'] ?? '', process.env['AWS_ACCESS_KEY_ID'] ?? '');

// A thread, no window: there is no origin.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
const post = (message: WorkerMessage): void => parentPort?.postMessage(message);

const failureOf = (error: unknown): FunctionFailure =>
  error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
const contextOf = (invocation: InvocationMessage): object => {
  const deadline = performance.now() + invocation.timeoutMs;
  return {
    functionName: invocation.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: invocation.functionArn,
    memoryLimitInMB: String(invocation.memoryMb),
    awsRequestId: invocation.requestId,
    logGroupName: `/aws/lambda/${invocation.functionName}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
};

const outcomeOf = async (handler: Handler, invocation: InvocationMessage): Promise<WorkerMessage> => {
  const { requestId } = invocation;
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId;
  try {
    const answer: unknown = await handler(JSON.parse(invocation.event), contextOf(invocation));
    return { kind: 'answer', requestId, payload: JSON.stringify(answer) ?? 'null' };
  } catch (error) {
    const failure = failureOf(error);
    console.error(`${requestId} ${failure.trace.join('\n') || failure.errorMessage}`);
    return { kind: 'failure', requestId, failure };
  }
};

const run = async (handler: Handler, invocation: InvocationMessage): Promise<void> =>
  post(await outcomeOf(handler, invocation));

/** As Lambda does it: the worker stands still once it has answered. What it leaves undone would be frozen or lost. */
const runAndFreeze = async (
  handler: Handler,
  invocation: InvocationMessage,
  { freezer, pending }: { freezer: SharedArrayBuffer; pending: PendingWork },
): Promise<void> => {
  pending.begin();
  const outcome = await outcomeOf(handler, invocation);
  const left = await pending.left();
  const { requestId } = invocation;
  const failure = { errorType: 'Strict.PendingWork', errorMessage: pendingMessage(left), trace: [] };
  if (left.length > 0) console.error(`${requestId} ${failure.errorMessage}`);
  await flushed();
  freezeAfter(freezer, () =>
    post(left.length > 0 && outcome.kind === 'answer' ? { kind: 'failure', requestId, failure } : outcome),
  );
};

const pendingMessage = (left: readonly string[]): string =>
  `the handler answered while this was still at work, which Lambda freezes: ${left.join(', ')}`;

try {
  const handler = await loadHandler(start.codeDir, start.handler);
  const { freezer } = start;
  const pending = freezer === null ? null : new PendingWork();
  parentPort?.on('message', (invocation: InvocationMessage) => {
    if (freezer === null || pending === null) void run(handler, invocation);
    else void runAndFreeze(handler, invocation, { freezer, pending });
  });
  post({ kind: 'ready' });
} catch (error) {
  post({ kind: 'failed-start', failure: failureOf(error) });
}
