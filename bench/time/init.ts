import { buildSync } from 'esbuild';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { bundleOptions } from '../../lib/constructs/bundles.ts';
import { environmentOf } from '../../local/workers/worker-environment.ts';
import type { FunctionModel } from '../../local/model.ts';
import { type Measurement, rounded } from '../row.ts';
import { median } from '../statistics.ts';

const limit = 1.3;
const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench', sessionToken: 'bench' };

interface Start {
  readonly wallMs: number;
  readonly cpuMs: number;
}

const run = promisify(execFile);

/** What a sandbox does before its first call: Node starts and loads the bundle. It says what processor time that took. */
const load = `
  require(process.argv[1]);
  const { user, system } = process.cpuUsage();
  console.log((user + system) / 1000);
`;

/** From the start of a sandbox, which is a process, to a handler that could be called; and the process's end, which is the same for all. */
const start = async (model: FunctionModel, region: string): Promise<Start> => {
  const began = performance.now();
  const { stdout } = await run(process.execPath, ['-e', load, join(model.codeDir, 'index.js')], {
    env: environmentOf(model, credentials, { endpoint: 'http://127.0.0.1:1', region }),
  });
  return { wallMs: performance.now() - began, cpuMs: Number(stdout) };
};

/** What a function's start costs above the least possible: a ratio, since milliseconds belong to the machine. */
export const initTime: Measurement = async ({ model, projectDir, quick, progress }) => {
  progress('init of each bundle against a floor');
  const [sample] = model.functions;
  if (sample === undefined) return [];
  const folder = mkdtempSync(join(tmpdir(), 'bench-floor-'));
  try {
    const outfile = join(folder, 'index.js');
    buildSync({ ...bundleOptions, absWorkingDir: projectDir, entryPoints: ['bench/time/floor/index.ts'], outfile });
    const floor: FunctionModel = { ...sample, name: 'floor', codeDir: folder };
    const all = [floor, ...model.functions];
    const times = new Map(all.map(({ name }) => [name, Array.of<Start>()]));
    // In turns, so that a busy moment of the machine hits all alike; the first round warms the file cache.
    for (let round = 0; round <= (quick ? 5 : 15); round += 1) {
      for (const one of all) {
        const took = await start(one, model.region);
        if (round > 0) times.get(one.name)?.push(took);
      }
    }
    const medianOf = (name: string, part: keyof Start): number =>
      median((times.get(name) ?? []).map((took) => took[part]));
    return model.functions.map(({ name }) => {
      const [wall, least] = [medianOf(name, 'wallMs'), medianOf('floor', 'wallMs')];
      const cpu = medianOf(name, 'cpuMs') / medianOf('floor', 'cpuMs');
      return {
        what: `init ${name}`,
        measured: `${rounded(wall / least, 2)} x (${rounded(wall)} ms, floor ${rounded(least)} ms; CPU time ${rounded(cpu, 2)} x)`,
        target: `<= ${limit} x`,
        // On a loaded machine all wait for the processor alike, which flatters the wall's ratio: both must hold.
        ok: Math.max(wall / least, cpu) <= limit,
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
