import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Caller } from '../permissions/callers.ts';

/** One call, with its body read and its caller known. */
export interface ServiceCall {
  /** Name of the call, or its method and path where the protocol has no names (REST). */
  readonly operation: string;
  readonly method: string;
  /** Path and query as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: Caller;
  readonly requestId: string;
  readonly response: ServerResponse;
}

/** A service behind the endpoint. Throws ServiceError for an answer that is an error, ConnectionLost for none. */
export interface Service {
  /** Error code for an access key that nobody holds. */
  readonly unknownCaller: { readonly code: string; readonly status: number };
  handle(call: ServiceCall): Promise<void>;
  /** Writes an error in the protocol of the service. */
  fail(
    response: ServerResponse,
    requestId: string,
    code: string,
    message: string,
    status: number,
    details: Readonly<Record<string, unknown>>,
  ): void;
}
