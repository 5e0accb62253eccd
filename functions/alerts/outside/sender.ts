import type { Clock } from '../../platform/clock.ts';
import { slackBody, teamsBody } from '../domain/chat-messages.ts';
import { type Letter, letterId, type TicketLink } from '../domain/letter.ts';
import type { Channel, TopicChannel } from '../domain/subscription.ts';
import { webhookBody } from '../domain/webhook-body.ts';
import { DeliveryRefused, ServerBusy } from '../use-cases/publisher.ts';
import type { Post } from './post.ts';
import { signatureOf } from './signature.ts';

export type OutsideChannel = Exclude<Channel, TopicChannel>;

/** Where letters of a subscription go; the secret is a webhook's. */
export interface OutsideAddress {
  readonly target: string;
  readonly secret: string | null;
}

const bodyOf = (channel: OutsideChannel, letter: Letter, linkOf: TicketLink): unknown => {
  switch (channel) {
    case 'webhook':
      return webhookBody(letter, linkOf);
    case 'slack':
      return slackBody(letter, linkOf);
    case 'teams':
      return teamsBody(letter, linkOf);
  }
};

/** Worth another try, as far as an answer can say. */
const passing = (status: number): boolean => status === 429 || status === 408 || status >= 500;

/**
 * Sends letters to webhooks, Slack and Teams. The body is the same at every attempt, its id too; timestamp and signature are
 * of the attempt, so that a receiver can refuse old ones.
 */
export class OutsideSender {
  readonly #addressOf: (subscriptionIds: readonly string[]) => Promise<OutsideAddress | null>;
  readonly #post: Post;
  readonly #clock: Clock;
  readonly #linkOf: TicketLink;

  constructor(options: {
    addressOf: (subscriptionIds: readonly string[]) => Promise<OutsideAddress | null>;
    post: Post;
    clock: Clock;
    linkOf: TicketLink;
  }) {
    this.#addressOf = options.addressOf;
    this.#post = options.post;
    this.#clock = options.clock;
    this.#linkOf = options.linkOf;
  }

  /** @throws DeliveryRefused when a repetition would not help, else what may pass. */
  async send(
    to: { readonly channel: OutsideChannel; readonly subscriptionIds: readonly string[] },
    letter: Letter,
  ): Promise<void> {
    const address = await this.#addressOf(to.subscriptionIds);
    if (address === null) throw new DeliveryRefused('SubscriptionEnded');
    const body = JSON.stringify(bodyOf(to.channel, letter, this.#linkOf));
    const status = await this.#post(address.target, { headers: this.#headers(address.secret, letter, body), body });
    if (status >= 200 && status < 300) return;
    if (passing(status)) throw new ServerBusy(`WebhookAnswered${status}`);
    throw new DeliveryRefused(`WebhookAnswered${status}`);
  }

  #headers(secret: string | null, letter: Letter, body: string): Record<string, string> {
    const headers = { 'content-type': 'application/json', 'user-agent': 'cloud-service-desk' };
    if (secret === null) return headers;
    const timestamp = String(Math.floor(this.#clock.now() / 1000));
    return {
      ...headers,
      'x-desk-id': letterId(letter),
      'x-desk-timestamp': timestamp,
      'x-desk-signature': signatureOf(secret, timestamp, body),
    };
  }
}
