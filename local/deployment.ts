import { AssemblyError } from './assembly/assembly-error.ts';
import { ControlError } from './control/problem.ts';
import { front } from './front.ts';
import type { Gate } from './gate.ts';
import type { GatewayAnswer, GatewayRequest } from './gateway/exchange.ts';
import { begin, comeToRest, reset } from './life-cycle.ts';
import type { CloudModel } from './model.ts';
import { type Base, type Parts, type PartsOptions, startParts, type Undo } from './parts.ts';
import { WrittenParameters } from './services/ssm/written-parameters.ts';

export interface DeploymentOptions {
  readonly base: Base;
  /** The assembly with these values written over those of its parameters. @throws AssemblyError */
  readonly read: (written: Readonly<Record<string, string>>) => CloudModel;
  readonly gate: Gate;
  readonly parts: Omit<PartsOptions, 'model' | 'base'>;
}

/**
 * What is deployed of the assembly: functions with their environment and permissions, sources, the services in front of the data.
 * A deployment ends all of it and puts it together anew from the parameters as they are then; data, clock, tokens, outbox and
 * faults stay, alarms begin as after a restart, and the services have another address.
 */
export class Deployment {
  readonly #options: DeploymentOptions;
  readonly #written: WrittenParameters;
  readonly #undo: Undo = [];
  #running: { readonly parts: Parts; readonly answer: (request: GatewayRequest) => Promise<GatewayAnswer> } | null =
    null;

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.#written = new WrittenParameters(options.base.ground.state);
  }

  /** @throws Error before the first start, and when a deployment has failed half-way. */
  get parts(): Parts {
    return this.#current().parts;
  }

  async answer(request: GatewayRequest): Promise<GatewayAnswer> {
    await this.#options.gate.pass();
    return this.#current().answer(request);
  }

  async start(): Promise<void> {
    await this.#put(this.#options.read(this.#written.all()));
  }

  /** Sets going what was started. Opens the gate. */
  begin(): Promise<void> {
    return begin(this.parts, this.#options.gate);
  }

  async stop(): Promise<void> {
    this.#running = null;
    for (let step = this.#undo.pop(); step !== undefined; step = this.#undo.pop()) await step();
  }

  /** Requests wait meanwhile. @throws ControlError 409 when the assembly cannot be read; nothing has changed then. */
  async deploy(): Promise<void> {
    const model = this.#readable();
    this.#options.gate.close();
    await comeToRest(this.parts);
    await this.stop();
    await this.#put(model);
    await this.begin();
  }

  /** As after a fresh start: what was written over parameters is forgotten too. */
  async reset(): Promise<void> {
    if (Object.keys(this.#written.all()).length > 0) {
      this.#written.clear();
      await this.deploy();
    }
    await reset(this.parts, this.#options.gate);
  }

  async #put(model: CloudModel): Promise<void> {
    const parts = await startParts({ ...this.#options.parts, base: this.#options.base, model }, this.#undo);
    const answer = front(parts, { reset: () => this.reset(), deploy: () => this.deploy() });
    this.#running = { parts, answer };
  }

  #current() {
    if (this.#running === null) throw new Error('Nothing is deployed: start the desk again.');
    return this.#running;
  }

  #readable(): CloudModel {
    try {
      return this.#options.read(this.#written.all());
    } catch (error) {
      if (error instanceof AssemblyError) throw new ControlError(409, error.message);
      throw error;
    }
  }
}
