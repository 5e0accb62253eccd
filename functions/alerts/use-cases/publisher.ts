import type { Delivery } from '../domain/delivery.ts';
import type { Letter } from '../domain/letter.ts';

/** To whom a letter goes. */
export type Destination = Pick<Delivery, 'route' | 'channel' | 'subscriptionIds'>;

export interface Publisher {
  /**
   * @throws DeliveryRefused when it is no use to try again; anything else when it may work later. What threw may be out all
   * the same: its answer was lost.
   */
  publish(to: Destination, letter: Letter): Promise<void>;
}

/** Somebody has understood what was sent and does not want it, or may not get it: a repetition would change nothing. */
export class DeliveryRefused extends Error {
  override readonly name = 'DeliveryRefused';
  /** What is kept with the delivery: a word of our own, like `WebhookAnswered404`. */
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** The server does not take it now: a repetition may help. */
export class ServerBusy extends Error {
  override readonly name = 'ServerBusy';
  readonly reason: string;
  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** A failure in one word, as it is kept. */
export const reasonOf = (error: unknown): string => {
  if (error instanceof DeliveryRefused || error instanceof ServerBusy) return error.reason;
  return error instanceof Error ? error.name : 'unknown';
};
