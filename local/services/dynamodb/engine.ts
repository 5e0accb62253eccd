import type { IncomingHttpHeaders, ServerResponse } from 'node:http';

/** A request whose caller may make it. */
export interface EngineRequest {
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** The same body, read. */
  readonly json: unknown;
}

/** An answer, whole. */
export interface EngineAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What answers requests to tables: the database engine itself, or a layer in front of it that is as hard as AWS. */
export interface Engine {
  /** A write is committed when this resolves with a good answer. @throws ServiceError */
  answer(request: EngineRequest): Promise<EngineAnswer>;
}

export const isGood = ({ status }: EngineAnswer): boolean => status < 300;

/** An answer that the desk gives itself. */
export function jsonAnswer(json: unknown, requestId: string): EngineAnswer {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': requestId },
    body: Buffer.from(JSON.stringify(json)),
  };
}

/** What belongs to the engine's connection, and the wall time that it answers at. */
const notRelayed = new Set(['connection', 'keep-alive', 'transfer-encoding', 'date']);

/** Hands the engine's answer on as it is, checksum header included; whole, so that it leaves in one write. */
export function relay({ status, headers, body }: EngineAnswer, response: ServerResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined && !notRelayed.has(name)) response.setHeader(name, value);
  }
  response.setHeader('content-length', body.length);
  response.writeHead(status);
  response.end(body);
}
