import { randomUUID } from 'node:crypto';
import { chanceOf } from '../../chance.ts';
import type { VirtualClock } from '../../clock/virtual-clock.ts';
import type { Faults } from '../../faults/faults.ts';
import type { CloudModel, EventTargetModel } from '../../model.ts';
import { matchesPattern } from '../../pattern.ts';
import type { Strict } from '../../strict.ts';
import type { Queues } from '../sqs/queues.ts';

export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventBusOptions {
  readonly model: CloudModel;
  readonly clock: VirtualClock;
  readonly queues: Queues;
  readonly faults: Faults;
  readonly strict: Strict | null;
  readonly delaySeconds: () => number;
}

/** "Best effort": strictly one in five is lost, and one in five comes twice. */
const strictShare = 0.2;

/**
 * EventBridge's default bus, as far as rules of the template bring events to queues: late, and at best once or twice
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-delivery-level.html).
 */
export class EventBus {
  readonly #options: EventBusOptions;
  #sent = 0;

  constructor(options: EventBusOptions) {
    this.#options = options;
  }

  emit({ source, detailType, resources, detail }: ServiceEvent): void {
    const { model, clock } = this.#options;
    const event = {
      version: '0',
      id: randomUUID(),
      'detail-type': detailType,
      source,
      account: model.accountId,
      time: new Date(clock.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
      region: model.region,
      resources,
      detail,
    };
    for (const { enabled, pattern, targets } of model.eventRules) {
      if (!enabled || !matchesPattern(pattern, event)) continue;
      for (const target of targets) this.#deliver(target, event);
    }
  }

  #deliver(target: EventTargetModel, event: Readonly<Record<string, unknown>>): void {
    const { queues, faults, delaySeconds } = this.#options;
    const fault = faults.take('events', ['drop', 'duplicate', 'delay']);
    const times = fault === 'drop' ? 0 : fault === 'duplicate' ? 2 : this.#strictTimes();
    const delay = delaySeconds() * (fault === 'delay' ? 10 : 1);
    for (let time = 0; time < times; time += 1) queues.send(target.queueArn, bodyOf(target, event), delay * (time + 1));
  }

  #strictTimes(): number {
    const { strict } = this.#options;
    this.#sent += 1;
    if (strict === null) return 1;
    const chance = chanceOf(strict.seed, 'event', this.#sent);
    return chance < strictShare ? 0 : chance < 2 * strictShare ? 2 : 1;
  }
}

const bodyOf = ({ input }: EventTargetModel, event: Readonly<Record<string, unknown>>): string => {
  if (input === null) return JSON.stringify(event);
  return input.kind === 'text' ? input.text : transformed(input.template, input.paths, event);
};

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html */
const transformed = (template: string, paths: Readonly<Record<string, string>>, event: unknown): string => {
  let quoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/g, (whole, name: string | undefined) => {
    if (whole === '"') quoted = !quoted;
    if (name === undefined) return whole;
    if (name === 'aws.events.event.json') return JSON.stringify(event);
    const path = paths[name];
    if (path === undefined) return whole;
    const value = valueAt(event, path);
    if (!quoted) return JSON.stringify(value ?? null);
    return typeof value === 'string' ? JSON.stringify(value).slice(1, -1) : value === undefined ? '' : String(value);
  });
};

const valueAt = (event: unknown, path: string): unknown =>
  path
    .replace(/^\$\.?/, '')
    .split('.')
    .filter((part) => part !== '')
    .reduce<unknown>(
      (value, part) =>
        typeof value === 'object' && value !== null && part in value
          ? Object.entries(value).find(([name]) => name === part)?.[1]
          : undefined,
      event,
    );
