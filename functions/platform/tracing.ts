import { isRequestXRaySampled } from '@aws-lambda-powertools/commons/utils/env';
import type { Pluggable } from '@smithy/types';
import { currentTrace } from './correlation.ts';
import type { Trace } from './trace.ts';

/**
 * The trace of an invocation, or null when X-Ray has not sampled it, as most. The tracer is larger than a quarter of
 * the function: it lies in a file of its own beside it (lib/constructs/bundles.ts) and is loaded by the first sampled invocation.
 * A tracer that cannot be loaded costs the trace and not the invocation.
 */
export const openTrace = async (functionName: string): Promise<Trace | null> => {
  if (!isRequestXRaySampled()) return null;
  try {
    const { open } = await import('#tracer');
    return open(functionName);
  } catch {
    return null;
  }
};

/** Shows the calls of an AWS client in the trace of the invocation that makes them, without what is sent and answered. */
export const tracedCalls = <Input extends object, Output extends object>(): Pluggable<Input, Output> => ({
  applyToStack: (stack) =>
    stack.add(
      (next, { clientName = '', commandName = '' }) =>
        async (input) => {
          const trace = currentTrace();
          if (trace === null) return next(input);
          const about = { service: clientName.replace(/Client$/, ''), operation: commandName.replace(/Command$/, '') };
          return trace.call(about, async () => next(input));
        },
      { step: 'build', name: 'tracedCalls' },
    ),
});
