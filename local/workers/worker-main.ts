/** The Lambda runtime of one worker thread: loads one bundle, then runs one invocation at a time. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Handler, loadHandler } from './load-handler.ts';
import type { FunctionFailure, InvocationMessage, WorkerMessage, WorkerStart } from './protocol.ts';
import { installVirtualDate } from './virtual-date.ts';

const start: WorkerStart = workerData;
installVirtualDate(start.clock);

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

const run = async (handler: Handler, invocation: InvocationMessage): Promise<void> => {
  const { requestId } = invocation;
  process.env['_X_AMZN_TRACE_ID'] = invocation.traceId;
  try {
    const answer: unknown = await handler(JSON.parse(invocation.event), contextOf(invocation));
    post({ kind: 'answer', requestId, payload: JSON.stringify(answer) ?? 'null' });
  } catch (error) {
    const failure = failureOf(error);
    console.error(`${requestId} ${failure.trace.join('\n') || failure.errorMessage}`);
    post({ kind: 'failure', requestId, failure });
  }
};

try {
  const handler = await loadHandler(start.codeDir, start.handler);
  parentPort?.on('message', (invocation: InvocationMessage) => void run(handler, invocation));
  post({ kind: 'ready' });
} catch (error) {
  post({ kind: 'failed-start', failure: failureOf(error) });
}
