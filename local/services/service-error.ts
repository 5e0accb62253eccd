/** An answer that a service gives instead of a result, in the words and with the status of AWS. */
export class ServiceError extends Error {
  /** Error code as the SDK turns it into an exception name. */
  readonly code: string;
  readonly status: number;
  /** More fields of the answer's body (`CancellationReasons`). */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, details: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'ServiceError';
    this.code = code;
    this.status = status;
    this.details = details;
  }
}

/** The call gets no answer at all: its connection dies, as when the caller is killed under it. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}
