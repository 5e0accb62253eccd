import { join } from 'node:path';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { CdkCli } from './cdk.ts';
import { emulatedAssembly } from './emulated-assembly.ts';
import { type Emulator, RehearsalError } from './emulator.ts';
import type { Steps } from './steps.ts';

export interface DeploymentOptions {
  readonly stage: string;
  /** Where assemblies lie. */
  readonly folder: string;
  readonly client: { readonly endpoint: string; readonly region: string };
  readonly emulator: Emulator;
  readonly steps: Steps;
}

/** One stage on the emulator, made and removed by the real CDK CLI. */
export class Deployment {
  readonly #options: DeploymentOptions;
  readonly #cdk: CdkCli;

  constructor(options: DeploymentOptions) {
    this.#options = options;
    this.#cdk = new CdkCli(options.folder, process.env);
  }

  /** Synthesizes the app of a folder, and answers with the copy that the emulator can take. What it cannot is said. */
  async assemble(name: string, sourceDir: string, overrides: object): Promise<string> {
    const { stage, folder, emulator, steps } = this.#options;
    const assembly = join(folder, `${name}-synthesized`);
    const context = ['-c', `stage=${stage}`, '-c', `overrides=${JSON.stringify(overrides)}`];
    await new CdkCli(sourceDir, process.env).run('synth', '--quiet', '--output', assembly, ...context);
    const copy = join(folder, name);
    const { takenOut, resources } = await emulatedAssembly({ assembly, copy, emulator });
    steps.note(`${resources} resource types; taken out, since the emulator does not know them: ${takenOut.length}`);
    for (const { id, type, because } of takenOut)
      steps.note(`  ${type} ${id}${because === null ? '' : ` (needs ${because})`}`);
    return copy;
  }

  bootstrap(assembly: string): Promise<string> {
    return this.#cdk.run('bootstrap', '--app', assembly);
  }

  deploy(assembly: string): Promise<string> {
    const quietly = ['--require-approval', 'never', '--progress', 'events'];
    return this.#cdk.run('deploy', '--all', ...quietly, '--app', assembly);
  }

  /** Emulators keep half of a first deployment that they rolled back: then everything is emptied and tried once more. */
  async deployFirst(assembly: string): Promise<void> {
    const { emulator, steps } = this.#options;
    try {
      await this.deploy(assembly);
    } catch (error) {
      if (!(error instanceof Error && /ROLLBACK/.test(error.message) && (await emulator.reset()))) throw error;
      steps.note(`rolled back, so the emulator was reset and it is tried once more:\n${error.message}`);
      await this.bootstrap(assembly);
      await this.deploy(assembly);
    }
  }

  destroy(assembly: string): Promise<string> {
    return this.#cdk.run('destroy', '--all', '--force', '--app', assembly);
  }

  /** What the deployment says of itself. @throws RehearsalError when it does not. */
  async parameter(name: string): Promise<string> {
    const { stage, client } = this.#options;
    const Name = `/cloud-service-desk/${stage}/${name}`;
    const value = (await new SSMClient(client).send(new GetParameterCommand({ Name }))).Parameter?.Value;
    if (value === undefined) throw new RehearsalError(`the deployment has no parameter ${Name}`);
    return value;
  }
}
