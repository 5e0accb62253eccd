/**
 * Holds a worker still between two invocations, as Lambda freezes an environment once the handler has answered: no timer
 * fires, no socket is read until the next invocation. https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
const frozen = 0;
const awake = 1;

export const freezerCell = (): SharedArrayBuffer => new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);

/** By the host, once the next invocation is posted. */
export const thaw = (cell: SharedArrayBuffer): void => {
  const state = new Int32Array(cell);
  Atomics.store(state, 0, awake);
  Atomics.notify(state, 0);
};

/** By the worker: `answer` posts the outcome, and the thread stands still after it. */
export const freezeAfter = (cell: SharedArrayBuffer, answer: () => void): void => {
  const state = new Int32Array(cell);
  Atomics.store(state, 0, frozen);
  answer();
  Atomics.wait(state, 0, frozen);
};
