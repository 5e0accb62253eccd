import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFields } from './log/fields.ts';
import type { Trace } from './trace.ts';

/** What belongs to the work that is going on, whoever it was handed to. */
interface Work {
  readonly correlationId: string;
  /** What the invocation has learnt about itself, for its line at the end. */
  readonly notes: Record<string, unknown>;
  readonly startedAt: number;
  /** Null in most invocations: nothing of them is traced. */
  readonly trace: Trace | null;
}

const storage = new AsyncLocalStorage<Work>();

/** Begins an invocation: everything that `work` does, awaits and logs belongs to it. */
export const invoked = <Result>(correlationId: string, trace: Trace | null, work: () => Result): Result =>
  storage.run({ correlationId, notes: {}, startedAt: performance.now(), trace }, work);

/** A part of an invocation that somebody else caused: a stream record, a queue message, an alert. Null: nobody said who. */
export const correlated = async <Result>(
  correlationId: string | null,
  work: () => Promise<Result>,
): Promise<Result> => {
  const outer = storage.getStore();
  if (correlationId === null || outer === undefined || correlationId === outer.correlationId) return work();
  const trace = outer.trace?.part() ?? null;
  try {
    return await storage.run({ ...outer, correlationId, trace }, work);
  } finally {
    trace?.end({ correlationId });
  }
};

/**
 * The id that leads from an HTTP request, or a timer's invocation, through event, stream and queue to the alert. It goes by
 * the asynchronous context, so that no use case has to hand it on. Null outside of an invocation.
 */
export const currentCorrelation = (): string | null => storage.getStore()?.correlationId ?? null;

/** Adds to the line that the invocation ends with. */
export const note = (fields: LogFields): void => void Object.assign(storage.getStore()?.notes ?? {}, fields);

export const notes = (): LogFields => {
  const work = storage.getStore();
  return work === undefined ? {} : { ...work.notes, ms: Math.round(performance.now() - work.startedAt) };
};

export const currentTrace = (): Trace | null => storage.getStore()?.trace ?? null;
