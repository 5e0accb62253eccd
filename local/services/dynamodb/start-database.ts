import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { engineAdvice, findEngineBinary } from './engine-binary.ts';
import { indexStreamLog, removeDatabase } from './engine-file.ts';
import { type EnginePaths, type EngineProcess, endOrphan, freePort, startEngine } from './engine-process.ts';

export interface Database {
  readonly endpoint: string;
  /** The SQLite file of the database, for readers; null for an engine that is not ours. */
  readonly file: string | null;
  /** Empties the engine on the same port: no table, no stream record. False when it cannot (an engine that is not ours). */
  erase(): Promise<boolean>;
  stop(): Promise<void>;
}

export interface DatabaseOptions {
  /**
   * Folder of `dynamodb.sqlite`, kept; null for a database that is gone after `stop`. That one is a file too (in `/dev/shm`,
   * which is memory, where there is one), since only a file can carry the index that keeps writes flat.
   */
  readonly dataDir: string | null;
  /** Gets a line when the engine ends by itself; nobody is told when left out. */
  readonly log?: (message: string) => void;
}

/**
 * Starts the DynamoDB engine on a free loopback port; `DYNAMODB_ENDPOINT` names another one where ours does not run.
 *
 * @throws with advice when there is neither engine nor endpoint.
 */
export async function startDatabase(options: DatabaseOptions): Promise<Database> {
  const binary = findEngineBinary();
  if (binary === null) return externalDatabase();
  const scratch = options.dataDir === null ? mkdtempSync(join(memoryFolder(), 'desk-')) : null;
  const folder = scratch ?? resolve(options.dataDir ?? '.');
  mkdirSync(folder, { recursive: true });
  const paths = { file: join(folder, 'dynamodb.sqlite'), pid: join(folder, 'dynamodb.pid'), scratch };
  await endOrphan(paths);

  const { port, engine } = await startOnFreePort(binary, paths);
  let running = engine;
  const watch = (watched: EngineProcess) =>
    void watched.ended.then((reason) => {
      if (watched === running) options.log?.(reason);
    });
  watch(running);
  const stop = async () => {
    const stopping = running;
    running = { ended: Promise.resolve(''), stop: async () => {} };
    await stopping.stop();
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    file: paths.file,
    async erase() {
      await stop();
      removeDatabase(paths.file);
      running = await startPrepared(binary, port, paths);
      watch(running);
      return true;
    },
    async stop() {
      await stop();
      if (scratch !== null) rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** The engine makes its schema at its first start; the index is added after it. */
async function startPrepared(binary: string, port: number, paths: EnginePaths): Promise<EngineProcess> {
  if (!existsSync(paths.file) || !indexStreamLog(paths.file)) {
    const first = await startEngine(binary, port, paths);
    await first.stop();
    indexStreamLog(paths.file);
  }
  return startEngine(binary, port, paths);
}

/** Another process may take a free port before the engine does; then another one is tried. */
async function startOnFreePort(binary: string, paths: EnginePaths): Promise<{ port: number; engine: EngineProcess }> {
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    try {
      return { port, engine: await startPrepared(binary, port, paths) };
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}

function externalDatabase(): Database {
  const endpoint = process.env['DYNAMODB_ENDPOINT'];
  if (endpoint === undefined || endpoint === '') throw new Error(engineAdvice);
  return { endpoint, file: null, erase: async () => false, stop: async () => {} };
}

function memoryFolder(): string {
  try {
    accessSync('/dev/shm', constants.W_OK);
    return '/dev/shm';
  } catch {
    return tmpdir();
  }
}
