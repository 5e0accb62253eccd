import { PublishCommand, type PublishCommandInput, SNSClient } from '@aws-sdk/client-sns';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { alertDueHandler, alertProjection, parcelDueHandler } from '../../functions/alerts/index.ts';
import type { StageRecipient } from '../../functions/alerts/domain/subscription.ts';
import { plainDelivery, table, type TestClock } from './alert-world.ts';

/** At which AWS call of a worker what goes wrong. */
export interface Fault {
  readonly call: number;
  readonly when: 'before' | 'after';
  /** `crash`: the worker is dead from then on. `refuse`: only this call fails. */
  readonly kind: 'crash' | 'refuse';
}

export class InjectedFault extends Error {
  override readonly name = 'InjectedFault';
}

/** One publish that SNS took: with the route it was for, and by whom. */
export interface Publication {
  readonly route: string;
  readonly input: PublishCommandInput;
  readonly worker: Worker;
  readonly at: number;
  /** Whether the worker could write that it is out. */
  marked: boolean;
}

/** Runs a call when it is its turn, one at a time. */
export type Turn = (call: () => Promise<void>) => Promise<void>;

/** One life of a function: its own clients, and perhaps a death. */
export class Worker {
  /** Routes whose deliveries, or parcels, this worker marked as published. */
  readonly marked = new Set<string>();
  readonly project: (alertId: string) => Promise<void>;
  readonly attend: (alertId: string) => Promise<void>;
  /** By partition key. */
  readonly attendParcel: (pk: string) => Promise<void>;
  /** Calls that it made. */
  get calls(): number {
    return this.#calls;
  }
  faulted = false;
  #calls = 0;
  #dead = false;
  readonly #fault: Fault | null;
  readonly #turn: Turn;

  constructor(options: {
    client: DynamoDBDocumentClient;
    clock: TestClock;
    stage: readonly StageRecipient[];
    publications: Publication[];
    fault?: Fault | null;
    turn?: Turn;
  }) {
    this.#fault = options.fault ?? null;
    this.#turn = options.turn ?? ((call) => call());
    const sns = new SNSClient({ region: 'eu-central-1' });
    mockClient(sns)
      .on(PublishCommand)
      .callsFake((input: PublishCommandInput) =>
        this.#call(async () => {
          const route = input.MessageAttributes?.['subscriptionId']?.StringValue ?? '';
          options.publications.push({ route, input, worker: this, at: options.clock.now(), marked: false });
          return { MessageId: 'm' };
        }),
      );
    const client: DynamoDBDocumentClient = Object.create(options.client, {
      send: {
        value: (command: Parameters<DynamoDBDocumentClient['send']>[0]) =>
          this.#call(async () => {
            const answer = await options.client.send(command);
            this.#note(command, options.publications);
            return answer;
          }),
      },
    });
    const wiring = {
      ...plainDelivery,
      client,
      table,
      clock: options.clock,
      hints: { afterCommit: async () => undefined },
      metrics: { add: () => undefined },
      sns,
      topicArn: 'arn:aws:sns:eu-central-1:000000000000:alerts',
      stage: options.stage,
    };
    const project = alertProjection(wiring);
    const attend = alertDueHandler(wiring);
    this.project = (alertId) => project({ sequenceNumber: '1', newImage: { SK: 'EV#00000002', alertId } });
    this.attend = (alertId) => attend({ pk: `ALT#${alertId}`, sk: 'A', dueAt: '' });
    const attendParcel = parcelDueHandler(wiring);
    this.attendParcel = (pk) => attendParcel({ pk, sk: 'P', dueAt: '' });
  }

  #note(command: unknown, publications: Publication[]): void {
    if (!(command instanceof UpdateCommand)) return;
    const { Key, ExpressionAttributeValues: values } = command.input;
    const [, ofParcel = ''] = String(Key?.['PK']).split('#');
    const ofDelivery = String(Key?.['SK']).slice('DLV#'.length);
    const route =
      values?.[':state'] === 'sent' ? ofParcel : values?.[':published'] === 'published' ? ofDelivery : undefined;
    if (route === undefined) return;
    this.marked.add(route);
    const last = publications.findLast((one) => one.worker === this && one.route === route);
    if (last !== undefined) last.marked = true;
  }

  async #call<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    let outcome: Promise<Answer> = Promise.reject(new InjectedFault('never its turn'));
    outcome.catch(() => undefined);
    await this.#turn(async () => {
      outcome = this.#run(run);
      await outcome.catch(() => undefined);
    });
    return outcome;
  }

  async #run<Answer>(run: () => Promise<Answer>): Promise<Answer> {
    this.#calls += 1;
    const fault = this.#fault?.call === this.#calls ? this.#fault : null;
    if (fault !== null) this.faulted = true;
    if (this.#dead || fault?.when === 'before') return this.#fail(fault);
    const answer = await run();
    return fault === null ? answer : this.#fail(fault);
  }

  #fail(fault: Fault | null): never {
    this.#dead ||= fault?.kind === 'crash';
    throw new InjectedFault('injected');
  }
}
