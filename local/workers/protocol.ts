/** What a worker is started with. */
export interface WorkerStart {
  readonly codeDir: string;
  readonly handler: string;
  readonly clock: SharedArrayBuffer;
  /** Freezes the worker between invocations and makes work left behind an error; null lets it run on. */
  readonly freezer: SharedArrayBuffer | null;
}

/** Host to worker: one invocation. The event crosses as JSON, as it does in Lambda. */
export interface InvocationMessage {
  readonly requestId: string;
  readonly event: string;
  readonly traceId: string;
  readonly timeoutMs: number;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
}

export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: readonly string[];
}

/** Worker to host. */
export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed-start'; readonly failure: FunctionFailure }
  | { readonly kind: 'answer'; readonly requestId: string; readonly payload: string }
  | { readonly kind: 'failure'; readonly requestId: string; readonly failure: FunctionFailure };
