/** Something that feeds functions: a stream, a queue, a schedule. */
export interface Source {
  readonly name: string;
  start(): void;
  /** Takes nothing new and waits for what it has in hand. */
  stop(): Promise<void>;
  /** After a stop by hand: what goes on in the cloud although nothing is fed. */
  standBy?(): void;
  /** Whether it has something to do at this instant. Waiting for a later virtual instant is not busy. */
  busy(): boolean;
  /** For the status page. */
  describe(): string;
}
