/** A received SQS message, shaped for a Lambda SQS event record. */
export interface ReceivedMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly messageAttributes: Readonly<Record<string, unknown>>;
}

/** The queues of the local desk, as the event sources see them (functions reach them over the endpoint). */
export interface Queues {
  /** Takes up to `max` visible messages and hides them for the queue's visibility timeout. Moves over-received ones to the dead-letter queue. */
  receive(queueArn: string, max: number): readonly ReceivedMessage[];
  delete(queueArn: string, receiptHandle: string): void;
  /** 0 makes a message visible again at once. */
  changeVisibility(queueArn: string, receiptHandle: string, seconds: number): void;
  send(queueArn: string, body: string, delaySeconds: number): void;
  /** Called whenever a message of the queue may have become visible. */
  onVisible(queueArn: string, listener: () => void): () => void;
  /** Messages visible now, hidden by a receipt, and still delayed. */
  depth(queueArn: string): { readonly visible: number; readonly inFlight: number; readonly delayed: number };
}
