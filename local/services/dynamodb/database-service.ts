import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ZodError } from 'zod';
import type { FaultKind, Faults } from '../../faults/faults.ts';
import type { CloudModel, TableModel } from '../../model.ts';
import { readJson, sendJson } from '../endpoint/json-answer.ts';
import { killCaller } from '../endpoint/kill-caller.ts';
import type { Service, ServiceCall } from '../endpoint/service-call.ts';
import { ServiceError } from '../service-error.ts';
import { faultsOf, metAnother, throttled } from './database-faults.ts';
import { type Engine, type EngineAnswer, isGood, jsonAnswer, relay } from './engine.ts';
import type { Need } from '../permissions/permission-check.ts';
import { nameOf } from './control/control-requests.ts';
import { databaseNeeds } from './needs.ts';
import type { TableControl } from './control/table-control.ts';

export interface DatabaseServiceOptions {
  readonly model: CloudModel;
  readonly engine: Engine;
  readonly control: TableControl;
  /** Called before each write goes to the engine. */
  readonly beforeWrite: () => void;
  readonly faults: Faults;
  readonly killWorker: (accessKeyId: string) => void;
  /** Called after each committed write, once per table written. */
  readonly written: (tableName: string, body: unknown) => void;
}

/** DynamoDB: checks the caller's permission, lets faults strike, and hands the request to the engine as it came. */
export class DatabaseService implements Service {
  readonly unknownCaller = { code: 'UnrecognizedClientException', status: 400 };
  readonly #options: DatabaseServiceOptions;
  readonly #tables: ReadonlyMap<string, TableModel>;
  #gate: Promise<void> = Promise.resolve();
  readonly #inHand = new Set<Promise<unknown>>();

  constructor(options: DatabaseServiceOptions) {
    this.#options = options;
    this.#tables = new Map(options.model.tables.map((table) => [table.name, table]));
  }

  /** Keeps calls waiting while `work` runs (a reset, a copy by hand), once those in hand are answered. */
  async hold<T>(work: () => Promise<T>): Promise<T> {
    const running = this.#drained().then(work);
    this.#gate = running.then(
      () => {},
      () => {},
    );
    return running;
  }

  async handle(call: ServiceCall): Promise<void> {
    const { operation, caller } = call;
    const body = readJson(call.body);
    const { needs, writes } = this.#needsOf(operation, body);
    const refusal = caller.refusal(needs);
    if (refusal !== null) throw new ServiceError('AccessDeniedException', refusal);

    const fault = this.#options.faults.take('dynamodb', faultsOf(operation, writes.length > 0));
    await this.#before(fault, call, body);
    await this.#gate;
    const answer = await this.#inHandWhile(this.#answer(call, body, needs, writes.length > 0));
    if (isGood(answer)) {
      for (const table of new Set(writes)) this.#options.written(table, body);
    }
    if (fault === 'crash-after') killCaller(call, this.#options.killWorker);
    relay(answer, call.response);
  }

  fail(
    response: ServerResponse,
    requestId: string,
    code: string,
    message: string,
    status: number,
    details: Readonly<Record<string, unknown>>,
  ): void {
    const namespace = /^(AccessDenied|UnrecognizedClient|Serialization|Throttling)/.test(code)
      ? 'com.amazon.coral.service'
      : 'com.amazonaws.dynamodb.v20120810';
    sendJson(response, requestId, status, { __type: `${namespace}#${code}`, message, ...details });
  }

  async #answer(call: ServiceCall, json: unknown, needs: readonly Need[], isWrite: boolean): Promise<EngineAnswer> {
    const { engine, control, beforeWrite } = this.#options;
    const { operation, headers, body } = call;
    const controlled = await control.answer(operation, json);
    if (controlled !== null) return jsonAnswer(controlled, call.requestId);
    for (const { resource } of needs) control.requireUsable(nameOf(resource));
    if (isWrite) beforeWrite();
    return engine.answer({ operation, headers, body, json });
  }

  async #inHandWhile<T>(work: Promise<T>): Promise<T> {
    this.#inHand.add(work);
    try {
      return await work;
    } finally {
      this.#inHand.delete(work);
    }
  }

  /** A call that has just passed the gate is in hand a moment later. */
  async #drained(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.allSettled(this.#inHand);
  }

  #needsOf(operation: string, body: unknown) {
    try {
      return databaseNeeds(operation, body, {
        arnOf: (name) => this.#arnOf(name),
        partitionKeyOf: (name, index) => this.#partitionKeyOf(name, index),
      });
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      throw new ServiceError(
        'ValidationException',
        `${operation}: ${error.issues.map((one) => `${one.path.join('.')} ${one.message}`).join('; ')}`,
      );
    }
  }

  async #before(fault: FaultKind | null, call: ServiceCall, body: unknown): Promise<void> {
    switch (fault) {
      case 'throttle':
        throw throttled(call.operation);
      case 'conflict':
        throw metAnother(call.operation, body);
      case 'crash-before':
        return killCaller(call, this.#options.killWorker);
      case 'delay':
        await pause(300);
        return;
      default:
    }
  }

  #arnOf(name: string): string {
    if (name.startsWith('arn:')) return name;
    const { region, accountId } = this.#options.model;
    return this.#tables.get(name)?.arn ?? `arn:aws:dynamodb:${region}:${accountId}:table/${name}`;
  }

  #partitionKeyOf(name: string, indexName: string | undefined): string | null {
    const table = this.#tables.get(name);
    if (indexName === undefined) return table?.partitionKey ?? null;
    return table?.indexes.find((index) => index.name === indexName)?.partitionKey ?? null;
  }
}
