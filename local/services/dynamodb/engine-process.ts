import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/**
 * Runs the engine ("$@" after the pid file and the scratch folder) and ends it when this shell's stdin closes, which the
 * system does when the desk dies in whatever way: a desk killed with -9 leaves no engine behind, and no scratch folder.
 * The pid is written before the engine begins: whoever stops one that listens finds it, and need not close stdin.
 */
const guard = `
  pidfile=$1; scratch=$2; shift 2
  exec 3<&0
  /bin/sh -c 'echo $$ > "$0"; exec "$@"' "$pidfile" "$@" 3<&- </dev/null &
  engine=$!
  (read -r line <&3; kill -9 $engine 2>/dev/null && [ -n "$scratch" ] && rm -rf "$scratch") >/dev/null 2>&1 &
  wait $engine
`;

/** Where an engine keeps its things. */
export interface EnginePaths {
  /** The SQLite file of the database. */
  readonly file: string;
  /** Names the engine's process while it runs. */
  readonly pid: string;
  /** Folder to remove if the desk is killed, or null when it is to be kept. */
  readonly scratch: string | null;
}

export interface EngineProcess {
  /** Ends the engine and waits until its files are released. */
  stop(): Promise<void>;
  /** Resolves with the reason when the engine ends by itself. */
  readonly ended: Promise<string>;
}

/**
 * Below the ports that systems give to outgoing connections and to whoever asks for any (from 32,768 on Linux, from 49,152
 * elsewhere): the engine leaves its port for a moment when it is emptied, and nobody must get it meanwhile.
 */
const ports = { least: 20_000, most: 32_767 };

/** A free loopback port. Another desk might choose it before it is used; the caller tries again then. */
export async function freePort(): Promise<number> {
  const port = randomInt(ports.least, ports.most + 1);
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
  return free ? port : freePort();
}

/** Starts the engine on a database file and waits until it listens. Throws with the engine's own words when it does not. */
export async function startEngine(binary: string, port: number, paths: EnginePaths): Promise<EngineProcess> {
  const engineCommand = [binary, 'serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', paths.file];
  const child = spawn('/bin/sh', ['-c', guard, 'desk-database', paths.pid, paths.scratch ?? '', ...engineCommand], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true, // Ctrl-C reaches the desk only, which then stops the engine after its workers.
  });
  child.stdin.on('error', () => {});
  let words = '';
  child.stderr.setEncoding('utf8');
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(`the database engine ended (${signal ?? code}): ${words.trim()}`));
  });
  await new Promise<void>((resolve, reject) => {
    child.stderr.on('data', (chunk: string) => {
      words = (words + chunk).slice(-2000);
      if (words.includes('listening on')) resolve();
    });
    ended.then((reason) => reject(new Error(reason)));
  });
  child.unref();
  return { ended, stop: () => stopEngine(child, paths.pid) };
}

async function stopEngine(child: ChildProcess, pidFile: string): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const pid = readPid(pidFile);
  if (child.exitCode === null && child.signalCode === null) {
    if (pid === null) child.stdin?.end();
    else signal(pid, 'SIGTERM');
    // Not by closing stdin: the guard would take the scratch folder for that of a killed desk, and remove it.
    const late = setTimeout(() => (pid === null ? child.stdin?.end() : signal(pid, 'SIGKILL')), 3000);
    await gone;
    clearTimeout(late);
  }
  rmSync(pidFile, { force: true });
}

/** Ends the engine that a killed desk left behind: only the process that the pid file names and that has this file open. */
export async function endOrphan(paths: EnginePaths): Promise<void> {
  const pid = readPid(paths.pid);
  if (pid !== null && isEngineOf(pid, paths.file)) {
    signal(pid, 'SIGKILL');
    for (let tries = 0; isEngineOf(pid, paths.file) && tries < 200; tries += 1) await pause(10);
  }
  rmSync(paths.pid, { force: true });
}

function readPid(pidFile: string): number | null {
  if (!existsSync(pidFile)) return null;
  const pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
}

function isEngineOf(pid: number, databaseFile: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(databaseFile);
  } catch {
    return false;
  }
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Already gone.
  }
}
