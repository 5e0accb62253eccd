import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Synthesis, synthesize } from './synthesize.ts';

type Assembly = Omit<Synthesis, 'outDir'>;

/** Everything that the assembly is made from: the app, the functions, the locked packages. */
const inputs = ['bin', 'lib', 'functions', 'cdk.json', 'package.json', 'package-lock.json', 'tsconfig.json'];

const fingerprintOf = ({ projectDir, stage, overrides }: Assembly): string => {
  const hash = createHash('sha256').update(stage).update(process.version);
  if (overrides !== undefined) hash.update(JSON.stringify(overrides));
  for (const input of inputs) {
    const path = join(projectDir, input);
    const state = statSync(path, { throwIfNoEntry: false });
    const files =
      state === undefined
        ? []
        : state.isFile()
          ? [path]
          : readdirSync(path, { recursive: true, encoding: 'utf8' })
              .toSorted()
              .map((file) => join(path, file));
    for (const file of files)
      if (statSync(file).isFile()) hash.update(`\0${relative(projectDir, file)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex').slice(0, 24);
};

const keptMs = 3 * 24 * 3_600_000;

/** Removes assemblies that no start has used for days. */
const prune = (cacheDir: string): void => {
  for (const name of readdirSync(cacheDir)) {
    const path = join(cacheDir, name);
    if (Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path, { recursive: true, force: true });
  }
};

/**
 * The folder of the stage's assembly, synthesized only when something that goes into it has changed since.
 * Safe when several desks start at once: an assembly is made aside and moved into place as a whole.
 * @throws AssemblyError when the app fails.
 */
export const currentAssembly = async (options: Assembly): Promise<string> => {
  const cacheDir = join(options.projectDir, 'node_modules', '.cache', 'cloud-service-desk');
  const directory = join(cacheDir, fingerprintOf(options));
  if (!existsSync(directory)) {
    const aside = `${directory}.${process.pid}-${randomUUID()}`;
    await synthesize({ ...options, outDir: aside });
    try {
      renameSync(aside, directory);
    } catch (error) {
      if (!existsSync(directory)) throw error;
      rmSync(aside, { recursive: true, force: true });
    }
  }
  utimesSync(directory, new Date(), new Date());
  prune(cacheDir);
  return directory;
};
