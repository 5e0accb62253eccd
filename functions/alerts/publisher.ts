import type { Measurements } from '../platform/metrics.ts';
import type { Letter, TicketLink } from './domain/letter.ts';
import { messageFor } from './domain/message.ts';
import { shareUsed, type SmsPrices } from './domain/sms-spend.ts';
import type { OutsideSender } from './outside/sender.ts';
import type { SmsSpendStore } from './sms-spend-store.ts';
import type { AlertTopic } from './topic.ts';
import { DeliveryRefused, type Destination, type Publisher } from './use-cases/publisher.ts';

/** Hands each letter to whoever takes it where it goes: SNS, or our own sender. */
export class LetterPublisher implements Publisher {
  readonly #topic: Pick<AlertTopic, 'publish'>;
  readonly #outside: Pick<OutsideSender, 'send'>;
  readonly #spend: Pick<SmsSpendStore, 'take'>;
  readonly #prices: SmsPrices;
  readonly #metrics: Measurements;
  readonly #linkOf: TicketLink;

  constructor(options: {
    topic: Pick<AlertTopic, 'publish'>;
    outside: Pick<OutsideSender, 'send'>;
    spend: Pick<SmsSpendStore, 'take'>;
    sms: SmsPrices;
    metrics: Measurements;
    linkOf: TicketLink;
  }) {
    this.#topic = options.topic;
    this.#outside = options.outside;
    this.#spend = options.spend;
    this.#prices = options.sms;
    this.#metrics = options.metrics;
    this.#linkOf = options.linkOf;
  }

  async publish(to: Destination, letter: Letter): Promise<void> {
    const { channel, route, subscriptionIds } = to;
    switch (channel) {
      case 'sms':
        await this.#payForText();
        return this.#topic.publish({ route, channel }, letter, messageFor(channel, letter, this.#linkOf));
      case 'email':
        return this.#topic.publish({ route, channel }, letter, messageFor(channel, letter, this.#linkOf));
      default:
        return this.#outside.send({ channel, subscriptionIds }, letter);
    }
  }

  /** @throws DeliveryRefused once the month's budget is used up: SNS would drop the text and say nothing. */
  async #payForText(): Promise<void> {
    const texts = await this.#spend.take();
    this.#metrics.add('SmsBudgetUsed', texts === null ? 100 : shareUsed(texts, this.#prices));
    if (texts === null) throw new DeliveryRefused('SmsBudgetExhausted');
  }
}
