import { currentAssembly } from './assembly/current-assembly.ts';
import { readAssembly } from './assembly/read-assembly.ts';
import { Deployment } from './deployment.ts';
import { Gate } from './gate.ts';
import { serve } from './gateway/http-server.ts';
import { people } from './identity/people.ts';
import type { CloudModel } from './model.ts';
import { openBase, type Undo } from './parts.ts';
import { quickRetries } from './sources/back-off.ts';
import type { Strict } from './strict.ts';

export interface DeskOptions {
  /** 0 = any free one. */
  readonly port: number;
  /** Null keeps everything in memory. */
  readonly dataDir: string | null;
  /** First instant of a fresh desk in ms; null = wall time. */
  readonly startAt: number | null;
  /** An assembly to run as it is; null synthesizes the app of `projectDir` for the stage `local`. */
  readonly assemblyDir: string | null;
  readonly projectDir: string;
  /** Null = as comfortable as one machine is. */
  readonly strict: Strict | null;
  /** How often a batch of a stream that failed comes again by the wall clock, before it waits in virtual time. */
  readonly quickRetries?: number;
  /** Prints what functions print. */
  readonly verbose: boolean;
  readonly onProgress?: (line: string) => void;
}

/** A running desk. */
export interface Desk {
  readonly url: string;
  readonly model: CloudModel;
  /** The people's tokens, by the names of GET /_local/tokens. */
  tokens(): Promise<Readonly<Record<string, string>>>;
  /** Stops in order: takes no more requests, finishes what is in hand, saves. */
  stop(): Promise<void>;
}

/**
 * Starts the desk on 127.0.0.1 and resolves when it serves and is seeded. What it had acknowledged before, it still has.
 * @throws AssemblyError, PortError, BackwardsError or what a service says, all with a message for people.
 */
export const startDesk = async (options: DeskOptions): Promise<Desk> => {
  const undo: Undo = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step !== undefined; step = undo.pop()) await step();
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
};

const start = async (options: DeskOptions, undo: Undo, stop: () => Promise<void>): Promise<Desk> => {
  const { port, dataDir, startAt, verbose, strict, projectDir } = options;
  const progress = options.onProgress ?? (() => {});
  if (options.assemblyDir === null) progress('reading the app (it is synthesized when it has changed)');
  const assemblyDir = options.assemblyDir ?? (await currentAssembly({ projectDir, stage: 'local' }));
  const model = readAssembly(assemblyDir);
  progress(
    `starting ${model.functions.length} functions, ${model.tables.length} tables, ${model.queues.length} queues`,
  );
  const gate = new Gate();
  gate.close();
  const deployment = new Deployment({
    base: await openBase({ dataDir, startAt }, undo),
    read: (written) => readAssembly(assemblyDir, written),
    gate,
    parts: { verbose, strict, quickRetries: options.quickRetries ?? quickRetries },
  });
  undo.push(() => deployment.stop());
  await deployment.start();
  const server = await serve(port, (request) => deployment.answer(request));
  undo.push(() => server.stop());
  await deployment.begin();
  return {
    url: `http://127.0.0.1:${server.port}`,
    get model() {
      return deployment.parts.model;
    },
    tokens: async () => {
      const { issuer } = deployment.parts;
      const named = people.map(async (person) => [person.name, await issuer.token(person, null)] as const);
      return Object.fromEntries(await Promise.all(named));
    },
    stop,
  };
};
