import { randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import * as z from 'zod';
import type { TopicSubscriptionModel } from '../../model.ts';
import { textOf } from '../../state/row.ts';
import { ServiceError } from '../service-error.ts';
import { type Filter, readPolicy } from './filter-policy.ts';

export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  /** As set by the API: FilterPolicy, FilterPolicyScope, RawMessageDelivery. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly filter: Filter;
}

const attributeMap = z.record(z.string(), z.string());

/**
 * Subscriptions of topics: those of the template, and those made by API calls, which last over a restart and end with a reset.
 * An e-mail subscription confirms itself: nobody could follow the link in a mail that never leaves this machine.
 */
export class Subscriptions {
  readonly #file: DatabaseSync;
  readonly #all = new Map<string, Subscription>();
  readonly #ofTemplate: readonly Subscription[];

  constructor(file: DatabaseSync, template: readonly TopicSubscriptionModel[]) {
    this.#file = file;
    this.#ofTemplate = template.map((model, index) => {
      const attributes = model.filterPolicy === null ? {} : { FilterPolicy: JSON.stringify(model.filterPolicy) };
      const { topicArn, protocol, endpoint } = model;
      return subscription({ arn: `${topicArn}:template-${index + 1}`, topicArn, protocol, endpoint, attributes });
    });
    this.reload();
  }

  /** Takes up what the desk file holds; after it was emptied, only the template's are left. */
  reload(): void {
    this.#all.clear();
    for (const one of this.#ofTemplate) this.#all.set(one.arn, one);
    for (const row of this.#file.prepare('SELECT * FROM subscriptions').all()) {
      const arn = textOf(row, 'arn');
      const attributes = attributeMap.parse(JSON.parse(textOf(row, 'attributes')));
      this.#all.set(
        arn,
        subscription({
          arn,
          topicArn: textOf(row, 'topic'),
          protocol: textOf(row, 'protocol'),
          endpoint: textOf(row, 'endpoint'),
          attributes,
        }),
      );
    }
  }

  ofTopic(topicArn: string): readonly Subscription[] {
    return [...this.#all.values()].filter((one) => one.topicArn === topicArn);
  }

  find(arn: string): Subscription | null {
    return this.#all.get(arn) ?? null;
  }

  /** The subscription of an endpoint, made when absent. Asking again is harmless; asking with other attributes is refused, as on AWS. */
  subscribe(
    topicArn: string,
    protocol: string,
    endpoint: string,
    attributes: Readonly<Record<string, string>>,
  ): Subscription {
    const existing = this.ofTopic(topicArn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
    if (existing === undefined)
      return this.#keep(subscription({ arn: `${topicArn}:${randomUUID()}`, topicArn, protocol, endpoint, attributes }));
    const differs = Object.entries(attributes).some(([name, value]) => existing.attributes[name] !== value);
    if (!differs) return existing;
    throw new ServiceError(
      'InvalidParameter',
      'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
    );
  }

  setAttribute(existing: Subscription, name: string, value: string): void {
    this.#keep(subscription({ ...existing, attributes: { ...existing.attributes, [name]: value } }));
  }

  remove(arn: string): void {
    this.#file.prepare('DELETE FROM subscriptions WHERE arn = ?').run(arn);
    this.#all.delete(arn);
  }

  #keep(one: Subscription): Subscription {
    this.#file
      .prepare(
        'INSERT OR REPLACE INTO subscriptions (arn, topic, protocol, endpoint, attributes) VALUES (?, ?, ?, ?, ?)',
      )
      .run(one.arn, one.topicArn, one.protocol, one.endpoint, JSON.stringify(one.attributes));
    this.#all.set(one.arn, one);
    return one;
  }
}

function subscription(parts: Omit<Subscription, 'filter'>): Subscription {
  const { arn, topicArn, protocol, endpoint, attributes } = parts;
  const text = attributes['FilterPolicy'];
  const policy = text === undefined || text === '' || text === '{}' ? null : readPolicy(text);
  if (typeof policy === 'string')
    throw new ServiceError('InvalidParameter', `Invalid parameter: FilterPolicy: ${policy}`);
  const scope = attributes['FilterPolicyScope'] === 'MessageBody' ? 'MessageBody' : 'MessageAttributes';
  return { arn, topicArn, protocol, endpoint, attributes, filter: { policy, scope } };
}
